"""The language of a text, as far as its script tells."""

from __future__ import annotations

import re

_KANA = re.compile(r"[ぁ-ゖァ-ヺ]")
_HANGUL = re.compile(r"[가-힣]")
_HAN = re.compile(r"[一-鿿]")
_LATIN = re.compile(r"[A-Za-z]+")
_SAMPLE = 2000
_SHARE = 0.1  # of the letters; a foreign name or two does not change a text's language


def detect_language(text: str) -> str | None:
    """Tell ja (kana), ko (hangul) and zh (han without either) by the script of its start; None for all others."""
    text = text[:_SAMPLE]
    if text.isascii():
        return None
    kana, hangul, han = (len(script.findall(text)) for script in (_KANA, _HANGUL, _HAN))
    latin = sum(map(len, _LATIN.findall(text)))
    if kana + hangul + han <= _SHARE * (kana + hangul + han + latin):
        return None
    if max(kana, hangul) <= _SHARE * han:
        return "zh"
    return "ja" if kana >= hangul else "ko"
