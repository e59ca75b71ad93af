"""Function words: the short words of a language that stand in every text of it, whatever it is about.

They tell languages apart that share a script. A language that is not here is told by its script, or not at all.
"""

from __future__ import annotations

from collections.abc import Mapping

_WORDS: Mapping[str, str] = {
    "ar": """
        في من على أن إلى هذا التي عن مع ما لا هذه كان ذلك أو الذي هو كما لم بين قد هي كل بعد عند
    """,
    "be": """
        і ў на што не з да як гэта за ад для але або ёсць які якая якія таксама пра так калі можа было мы яго пры вы
        каб
    """,
    "bg": """
        и на за да се от не са като това по че или който която които но при може както ако има беше този тази ще си
        до без след само
    """,
    "ca": """
        el la els les de del i que amb per un una en és són aquest aquesta com més però també no hi ha al pel si
        seva molt sense quan
    """,
    "cs": """
        a je se na že v z do to který která které jsou jako pro ale nebo podle při také být může pokud když jen aby
        není bylo tak i
    """,
    "da": """
        og er at det en den til af på for med ikke som der de et har kan vi du jeg også fra hvis når være blev skal
        mange bliver kun bruge nogle selv uden efter mere siger
    """,
    "de": """
        der die das und ist nicht ein eine mit zu den von für auf im dem sich auch wird werden als sind es wenn oder
        aber kann nur wir bei nach aus einer
    """,
    "en": """
        the of and to in is that it for with as you are this be on not have was or can from by we an if will but
        they which at has
    """,
    "es": """
        el la los las de del que y en un una es por con para se no su como más pero este esta al lo son también ya
        si cuando muy sin puede
    """,
    "et": """
        ja on ei et see kui ka oma mis ta või aga ning nagu seda olid oli selle siis veel kes meie saab mida ainult
        need pärast
    """,
    "fa": """
        و در به از که این را با است برای آن یک می تا بر خود هم ها شود شده کرد باید یا ما اگر نیز
    """,
    "fi": """
        ja on ei se että oli mutta kun myös tämä joka ovat niin jos voi kuin tai ole hän sen nyt vain sitten mitä
        tämän jotka sekä
    """,
    "fr": """
        le la les des du de et un une est que qui dans pour pas sur avec par plus ce cette au nous vous il sont mais
        ou être aux ont si
    """,
    "hi": """
        के का की में है और से को यह कि पर एक हैं भी नहीं ने तो इस कर लिए जो हो था या
    """,
    "hr": """
        je i u na se da su za od koji koja koje kao ali ili što nije ako samo može biti bi te iz po ova ovaj prije
        svoje kako nakon
    """,
    "hu": """
        a az és hogy nem egy is van ez meg de csak volt vagy mint ha már lehet azt ezt amely mert még után minden ki
        kell itt lesz
    """,
    "id": """
        yang dan di ini dengan untuk dari tidak dalam adalah pada akan itu ke juga atau bisa saya kita ada sudah
        telah karena oleh sebagai lebih seperti dapat
    """,
    "it": """
        il la le gli di del della e che è un una per non con sono in si come più ma anche questo questa nel alla se
        ha dei da i dal o delle
    """,
    "lt": """
        ir yra kad su tai kaip iš bet ar buvo jis į už tik o po ne dar nuo apie gali jei bus taip arba kuris kurie
        mes šis labai
    """,
    "lv": """
        un ir ka ar no par uz kas bet vai to tas lai kā arī nav šis bija pie pēc ja tikai jau tiek var es tā
    """,
    "mk": """
        и на во да се од не за со тоа што ќе или како е сум сме овој оваа кои која но ако може по беше има сите само
    """,
    "mr": """
        आणि आहे या ते हा ही आहेत की व मध्ये नाही तर हे एक केले साठी पण काही होते
    """,
    "nb": """
        og er at det en den til av på for med ikke som der de et har kan vi du jeg også fra hvis når være ble skal
        mange blir kun bruke noen selv uten etter mer sier hvordan mye
    """,
    "ne": """
        छ र को मा ले हो गर्न यो पनि छन् भने गरेको लागि एक थियो तर वा त्यो
    """,
    "nl": """
        de het een en van is dat die in te niet op zijn voor met er aan ook als maar om bij wordt naar dan kan uit
        deze je nog of wij
    """,
    "pl": """
        i w na z się nie do jest że to jak od o po co są dla ale tak za przez czy jego tylko być które który jako
        oraz może jeśli
    """,
    "pt": """
        o os as de do da dos das e que um uma em é não com para por no na se mais como mas ao foi são ou seu sua
        também este quando muito pelo
    """,
    "ro": """
        și şi de la în nu că o un cu pe este din sau care mai pentru sunt ca dar fi al au acest această prin ale
        fost după dacă când cum
    """,
    "ru": """
        и в не на что с как это по для к из но или от за а все так его я мы он если также был у о вы может есть
        только чтобы при
    """,
    "sk": """
        a je sa na že v z do to ktorý ktorá ktoré sú ako pre ale alebo podľa pri aj byť môže ak keď len aby nie bolo
        tak si som
    """,
    "sl": """
        je in na za se da so v z ki ne po tudi pa kot ali bi od le če to smo lahko kako ni bil zelo njegov kar sem
        bo
    """,
    "sr": """
        је и у на се да су за од који која које као али или што није ако само може бити би те из по овај пре како
        ова
    """,
    "sv": """
        och är att det en som på av för med den inte till de ett har om kan vi jag du men från så när eller var
        också ska blev alla bara
    """,
    "tr": """
        ve bir bu için ile da de olarak daha çok ne gibi olan var ama kadar sonra en ya değil her şu olduğu veya ise
        mi ben biz nasıl tüm
    """,
    "uk": """
        і в на що не з до та у як це за від для але або є який яка які також про так якщо може було ми можна його
        при ви щоб
    """,
    "ur": """
        کے کی میں ہے اور سے کا کو اس کہ نے پر ہیں ایک یہ بھی نہیں کر لئے تو وہ تھا
    """,
    "vi": """
        và của là có các cho không được một trong những với này người khi để đã từ như cũng về thì nhưng bạn hoặc
        tôi sẽ
    """,
}


def _languages_of() -> dict[str, tuple[str, ...]]:
    languages: dict[str, list[str]] = {}
    for language, words in _WORDS.items():
        for word in dict.fromkeys(words.split()):
            languages.setdefault(word, []).append(language)
    return {word: tuple(languages[word]) for word in sorted(languages)}


LANGUAGES_OF: Mapping[str, tuple[str, ...]] = _languages_of()
"""The languages that each of the words is of."""
