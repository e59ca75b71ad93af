import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.reading.fields import clean_language
from transforms.reading.function_words import LANGUAGES_OF
from transforms.reading.language import detect_language

TEXTS = {
    "en": "We walked down to the river in the morning, and the boats that were there had all been painted by hand.",
    "de": "Wir gingen am Morgen zum Fluss hinunter, und die Boote, die dort lagen, waren alle von Hand bemalt.",
    "fr": "Nous sommes descendus à la rivière le matin, et les bateaux qui étaient là avaient été peints à la main.",
    "es": "Bajamos al río por la mañana, y las barcas que estaban allí las habían pintado todas a mano para la fiesta.",
    "pt": "De manhã descemos até o rio, e os barcos que lá estavam não foram pintados com pressa, mas à mão, um a um.",
    "it": "La mattina siamo scesi al fiume, e le barche che erano lì sono state dipinte a mano, una per una, con cura.",
    "nl": "In de ochtend liepen we naar de rivier, en de boten die daar lagen waren allemaal met de hand geverfd.",
    "sv": "På morgonen gick vi ner till floden, och båtarna som låg där hade inte målats av en maskin utan för hand.",
    "pl": "Rano poszliśmy nad rzekę, a łodzie, które tam były, nie zostały pomalowane przez maszynę, tylko ręcznie.",
    "tr": "Sabah nehre indik ve orada olan tekneler bir makine ile değil, elle boyanmıştı; bu çok güzel bir gündü.",
    "ru": "Утром мы спустились к реке, и все лодки, которые там были, раскрасили вручную, а не на фабрике.",
    "uk": "Вранці ми спустилися до річки, і всі човни, які там були, розфарбували вручну, а не на фабриці.",
    "ar": "نزلنا إلى النهر في الصباح، وكانت القوارب التي هناك مطلية باليد، ولم يكن ذلك من عمل الآلة.",
    "hi": "सुबह हम नदी पर गए और वहाँ की नावें हाथ से रंगी हुई थीं, यह मशीन का काम नहीं है।",
    "el": "Το πρωί κατεβήκαμε στο ποτάμι.",
    "he": "בבוקר ירדנו אל הנהר והסירות היו צבועות ביד.",
    "th": "ตอนเช้าเราเดินลงไปที่แม่น้ำ",
    "ta": "காலையில் நாங்கள் ஆற்றுக்குச் சென்றோம்.",
    "ja": "朝、川まで歩いて行った。",
    "ko": "아침에 강으로 내려갔다.",
    "zh": "早上我们走到河边。",
}


@pytest.mark.parametrize("language", TEXTS)
def test_the_language_of_a_paragraph(language):
    assert detect_language(TEXTS[language]) == language
    assert detect_language(f"{TEXTS[language]} `git rebase --onto main`") == language


@pytest.mark.parametrize("text", ["", "Release 2.0", "1234", "🙂🙂", "𐌀𐌁𐌂", "kubectl apply -f pod.yaml", "de la"])
def test_too_little_tells_nothing(text):
    assert detect_language(text) is None


@given(st.text(max_size=300))
@settings(max_examples=200, deadline=None)
def test_any_text_has_one_language_or_none_at_all(text):
    found = detect_language(text)
    assert found is None or (found.isalpha() and len(found) == 2)
    assert detect_language(text) == found


def test_a_long_text_is_told_by_its_start():
    start = time.process_time()
    assert detect_language(TEXTS["de"] * 20 + "x " * 1_000_000) == "de"
    assert time.process_time() - start < 0.1


def test_function_words_are_written_as_texts_are_compared():
    assert all(word == word.casefold() and word.strip() for word in LANGUAGES_OF)
    assert all(len(languages) == len(set(languages)) for languages in LANGUAGES_OF.values())


@pytest.mark.parametrize(
    ("value", "language"),
    [
        ("en", "en"),
        (" pt-BR ", "pt-BR"),
        ("zh_Hant_TW", "zh_Hant_TW"),
        ("cn", "zh-CN"),
        ("English", ""),
        ("en, ja", ""),
        (False, ""),
        (["en"], ""),
        (None, ""),
    ],
)
def test_what_front_matter_states_as_language(value, language):
    assert clean_language(value) == language
