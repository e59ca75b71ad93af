"""Words that say nothing of a text: every text of their language has some."""

from __future__ import annotations

import functools
from collections.abc import Iterable

from stopwordsiso import has_lang, stopwords

from transforms.corpus.tokens import normalize, token_of

_ENGLISH = """
a able about above across actual actually after again against ago ahead all almost alone along
already also although always am among an and another any anybody anyhow anymore anyone anything
anyway anywhere apart are around as aside at away back be became because become becomes becoming
been before behind being below beside besides best better between beyond both but by came can cannot
certain certainly come comes coming could did different do does doing done down during each either
else elsewhere enough especially etc even ever every everybody everyone everything everywhere exactly
far few first for former forth from further furthermore gave get gets getting give given gives giving
go goes going gone good got great had has have having he hello hence her here hers herself hi high
him himself his how however i if in indeed instead into is it its itself just keep keeps kept kind
knew know known knows last later least less let lets like likely little long look looking looks lot
lots made mainly make makes making many may maybe me mean means meanwhile might mine more moreover
most mostly much must my myself namely near nearly need needed needs neither never nevertheless new
next no nobody none nor not nothing now nowhere of off often oh ok okay old on once one ones only
onto or other others otherwise ought our ours ourselves out over overall own particular particularly
perhaps please plus possible possibly put quite rather real really same saw say saying says second
see seeing seem seemed seems seen several shall she should since so some somebody somehow someone
something sometimes somewhat somewhere soon still such sure take taken takes taking tell than thank
thanks that the their theirs them themselves then there therefore these they thing things think third
this those though through throughout thus till to today together too took toward towards tried try
trying under unless until up upon us use used useful uses using usual usually various very via want
wanted wants was way ways we well went were what whatever when whenever where whereas wherever
whether which whichever while who whoever whole whom whose why will with within without would yes yet
you your yours yourself yourselves http https www com org
"""
"""The package's own list of English has many that are subjects too: fire, system, research."""


_JAPANESE = "事時物者所内中上下前後間方点際為様等日月年分気何他今回件個"
"""Kanji that stand alone in texts of every subject, beside the package's list of Japanese."""
_THAI = ("ครับ", "คับ", "ค่ะ", "คะ", "นะ", "ผม", "ฉัน", "คุณ")
_OWN = {"en": _ENGLISH.split(), "ja": [*_JAPANESE], "th": _THAI}
_OF_OTHER_SCRIPTS = ("ar", "bg", "bn", "el", "fa", "gu", "he", "hi", "hy", "ja", "ko", "mr", "ru", "th", "uk", "ur")
"""Languages whose words are no words of those in Latin letters; many of Chinese are some in Japanese."""


def stop_words(languages: Iterable[str]) -> frozenset[str]:
    """The tokens that say nothing in some languages, given by their codes, in English, and in those of other scripts.

    Words in English letters stand in texts of every language. A language whose stop words are not known has none.
    """
    codes = {language.casefold().replace("_", "-").partition("-")[0] for language in languages}
    return frozenset().union(*map(_tokens, {"en", *_OF_OTHER_SCRIPTS, *codes}))


@functools.cache
def _tokens(code: str) -> frozenset[str]:
    of_package = stopwords(code) if has_lang(code) and code != "en" else ()
    return frozenset(token_of(normalize(word)) for word in (*of_package, *_OWN.get(code, ())))
