"""Script-aware tokens: words where a script sets spaces, character pairs where it does not."""

from __future__ import annotations

import functools
import re
import unicodedata
from itertools import pairwise

NO_PLURALS = frozenset({"https", "iaas", "news", "paas", "rails", "saas", "windows"})
"""Words that end in s without being the plural of the word that is left."""
BREAK = ""
"""Stands between tokens that do not follow each other in the text."""

_HAN = "㐀-䶿一-鿿豈-﫿々"
_KANA = "぀-ヿ"
_LETTER = rf"[^\W_{_HAN}{_KANA}]"
_WORD = re.compile(rf"{_LETTER}+(?:[.'’]{_LETTER}+)*[+#]*")
_UNSPACED = re.compile(rf"[゠-ヿ]{{2,}}|[{_HAN}]+")


@functools.lru_cache(maxsize=1 << 17)
def stem(word: str) -> str:
    """Fold a plural into its singular, as Harman's s-stemmer does (JASIS 42, 1991); short words stay."""
    if not word.endswith("s") or len(word) < 4 or word.endswith(("ss", "us", "is")) or not word.isalpha():
        return word
    if word in NO_PLURALS:
        return word
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    return word[:-1]


@functools.lru_cache(maxsize=1024)  # fitting and encoding read the same texts: once, for a blog of ordinary size
def tokenize(text: str) -> tuple[str, ...]:
    """Cut a text into tokens, with BREAK between lines and around tokens of unspaced scripts.

    A run of katakana is one token, one of kanji or hanzi the pairs of its characters (a lone one by itself), hiragana
    none. Width, case and plural are folded.
    """
    tokens: list[str] = []
    for line in unicodedata.normalize("NFKC", text).casefold().split("\n"):
        tokens += map(stem, _WORD.findall(line))
        tokens.append(BREAK)
        if not line.isascii():
            for run in _UNSPACED.findall(line):
                pairs = map("".join, pairwise(run)) if run[0] >= "㐀" and len(run) > 1 else (run,)
                for token in pairs:
                    tokens += (token, BREAK)
    return tuple(tokens)
