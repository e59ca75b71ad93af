"""The language of a text, as far as its script and its function words tell."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from functools import lru_cache

from transforms.reading.function_words import LANGUAGES_OF
from transforms.scripts import SCRIPTS

_SAMPLE = 2000
_SHARE = 0.1  # of the letters; a foreign name or two does not change a text's language
_LEAST = 2.0  # so many function words that no other language has, or as much by shares of a word
_AHEAD = 1.2  # and so many times what the next language has
_BEYOND_ASCII = re.compile(r"[^\0-\x7f]")
_NO_LETTERS = bytes(code for code in range(128) if not chr(code).isalpha())
_BY_NAME = {script.name: script for script in SCRIPTS}
_KANA, _HANGUL, _HAN = ("Hiragana", "Katakana"), "Hangul", "Han"
TOLD = frozenset(
    (*(language for of in LANGUAGES_OF.values() for language in of), *filter(None, (of.language for of in SCRIPTS)))
)
"""The languages that a text may be told to be in."""


def detect_language(text: str) -> str | None:
    """Tell the language of a text by its start; None where nothing tells it for sure.

    Kana stand for ja, hangul for ko, and han without either for zh, where they are more than a few words among others.
    The script that most letters are of tells many other languages, and its function words those that share it.
    """
    text = text[:_SAMPLE]
    if text.isascii():
        return _by_words(text, "Latin")
    letters = Counter({"Latin": len(text.encode("ascii", "ignore").translate(None, _NO_LETTERS))})
    for char, times in Counter(_BEYOND_ASCII.findall(text)).items():
        if char.isalpha():
            letters[_script_of(char)] += times
    if not letters.total():
        return None
    kana, hangul, han = sum(letters[name] for name in _KANA), letters[_HANGUL], letters[_HAN]
    if kana + hangul + han > _SHARE * letters.total():
        if max(kana, hangul) <= _SHARE * han:
            return "zh"
        return "ja" if kana >= hangul else "ko"
    main = max(letters, key=lambda name: (letters[name], name))
    return _BY_NAME[main].language or _by_words(text, main) if main else None


@lru_cache(maxsize=1 << 16)
def _script_of(char: str) -> str:
    """The name of a letter's script, "" for those that are not listed."""
    return next((script.name for script in SCRIPTS if script.pattern.match(char)), "")


def _by_words(text: str, script: str) -> str | None:
    """The language most of whose function words stand in a text, among the words of one script."""
    scores: dict[str, float] = defaultdict(float)
    for word, times in Counter(_BY_NAME[script].pattern.findall(text.casefold())).items():
        languages = LANGUAGES_OF.get(word, ())
        for language in languages:
            scores[language] += times / len(languages)
    if not scores:
        return None
    (language, best), *others = sorted(scores.items(), key=lambda item: (-item[1], item[0]))
    return language if best >= max(_LEAST, _AHEAD * max((score for _, score in others), default=0.0)) else None
