"""Script-aware terms: words and word pairs where a script sets spaces, character pairs where it does not."""

from __future__ import annotations

import functools
import re
import unicodedata
from collections import Counter
from itertools import chain, pairwise

_HAN = "㐀-䶿一-鿿豈-﫿々"
_KANA = "぀-ヿ"
_LETTER = rf"[^\W_{_HAN}{_KANA}]"
_WORD = re.compile(rf"{_LETTER}+(?:[.'’]{_LETTER}+)*[+#]*")
_UNSPACED = re.compile(rf"[゠-ヿ]{{2,}}|[{_HAN}]+")


@functools.lru_cache(maxsize=1 << 17)
def _stem(word: str) -> str:
    """Fold a plural into its singular, as Harman's s-stemmer does (JASIS 42, 1991); short words stay."""
    if not word.endswith("s") or len(word) < 4 or word.endswith(("ss", "us", "is")):
        return word
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    return word[:-1]


def _line_terms(line: str) -> list[str]:
    words = list(map(_stem, _WORD.findall(line)))
    terms = [*words, *map(" ".join, pairwise(words))]
    if not line.isascii():
        for run in _UNSPACED.findall(line):
            if run[0] >= "㐀" and len(run) > 1:
                terms += map("".join, pairwise(run))
            else:
                terms.append(run)
    return terms


@functools.lru_cache(maxsize=1024)  # fitting and encoding count the same texts: once, for a blog of ordinary size
def count_terms(text: str) -> Counter[str]:
    """Count the terms of a text; the result is shared, so leave it as it is.

    Words of spaced scripts count alone and in adjacent pairs, within a line; runs of katakana count whole, kanji and
    hanzi as character pairs (a lone one by itself), hiragana not at all. Width, case and plural are folded.
    """
    lines = unicodedata.normalize("NFKC", text).lower().split("\n")
    return Counter(chain.from_iterable(map(_line_terms, filter(None, lines))))
