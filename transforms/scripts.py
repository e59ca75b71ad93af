"""Which writing systems there are, how words are found in each, and which language a system stands for.

The ranges are those of Unicode's blocks (Blocks.txt), which never change. A script that is not listed sets spaces
between words.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, compress, starmap
from typing import Literal

Reading = Literal["words", "pairs", "runs", "nothing"]
"""How the words of a script are found.

`words`: spaces set them apart; `pairs`: nothing does, so that two characters that follow each other are read as one;
`runs`: what stands between other scripts is a word; `nothing`: it writes little but endings and particles.
"""


@dataclass(frozen=True)
class Script:
    """A script: its `blocks`, as in a character class, how it is read, and its `language` if it has but one."""

    name: str
    blocks: str
    reading: Reading = "words"
    language: str | None = None

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """Matches one or more characters of its blocks."""
        return re.compile(f"[{self.blocks}]+")


SCRIPTS = (
    Script("Latin", "A-Za-z\u00c0-\u02af\u1e00-\u1eff\u2c60-\u2c7f\ua720-\ua7ff\uab30-\uab6f"),
    Script("Greek", "\u0370-\u03ff\u1f00-\u1fff", language="el"),
    Script("Cyrillic", "\u0400-\u052f\u1c80-\u1c8f\u2de0-\u2dff\ua640-\ua69f"),
    Script("Armenian", "\u0530-\u058f", language="hy"),
    Script("Hebrew", "\u0590-\u05ff", language="he"),
    Script("Arabic", "\u0600-\u06ff\u0750-\u077f\u0870-\u08ff"),
    Script("Thaana", "\u0780-\u07bf", language="dv"),
    Script("Devanagari", "\u0900-\u097f\ua8e0-\ua8ff"),
    Script("Bengali", "\u0980-\u09ff"),
    Script("Gurmukhi", "\u0a00-\u0a7f", language="pa"),
    Script("Gujarati", "\u0a80-\u0aff", language="gu"),
    Script("Oriya", "\u0b00-\u0b7f", language="or"),
    Script("Tamil", "\u0b80-\u0bff", language="ta"),
    Script("Telugu", "\u0c00-\u0c7f", language="te"),
    Script("Kannada", "\u0c80-\u0cff", language="kn"),
    Script("Malayalam", "\u0d00-\u0d7f", language="ml"),
    Script("Sinhala", "\u0d80-\u0dff", language="si"),
    Script("Thai", "\u0e00-\u0e7f", "pairs", "th"),
    Script("Lao", "\u0e80-\u0eff", "pairs", "lo"),
    Script("Tibetan", "\u0f00-\u0fff"),
    Script("Myanmar", "\u1000-\u109f\ua9e0-\ua9ff\uaa60-\uaa7f", "pairs", "my"),
    Script("Georgian", "\u10a0-\u10ff\u1c90-\u1cbf\u2d00-\u2d2f", language="ka"),
    Script("Hangul", "\u1100-\u11ff\u3130-\u318f\ua960-\ua97f\uac00-\ud7ff", language="ko"),
    Script("Ethiopic", "\u1200-\u139f\u2d80-\u2ddf\uab00-\uab2f"),
    Script("Khmer", "\u1780-\u17ff", "pairs", "km"),
    Script("Tai", "\u1950-\u19df\u1a20-\u1aaf\uaa80-\uaadf", "pairs"),
    Script("Hiragana", "\u3040-\u309f", "nothing", "ja"),
    Script("Katakana", "\u30a0-\u30ff\u31f0-\u31ff", "runs", "ja"),
    Script("Han", "\u3005\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af", "pairs", "zh"),
)

_WITH_MARKS = (
    (0x300, 0x3400),
    (0xA000, 0xAC00),
    (0xFB00, 0x12000),
    (0x13400, 0x13500),
    (0x16000, 0x17000),
    (0x1B000, 0x1F000),
)
"""No ideographs, syllables and hieroglyphs, which are many."""
_CHARACTERS = "".join(map(chr, chain(*starmap(range, _WITH_MARKS))))
MARKS = "".join(compress(_CHARACTERS, map({"Mn", "Mc"}.__contains__, map(unicodedata.category, _CHARACTERS))))
"""Combining marks: vowel signs, accents, points. Each belongs to the letter before it."""


def blocks_read_as(*readings: Reading) -> str:
    """Join the blocks of the scripts that are read in one of these ways, as in a character class."""
    return "".join(script.blocks for script in SCRIPTS if script.reading in readings)


def as_ranges(characters: Iterable[str]) -> str:
    """Write characters, in rising order, as ranges for a character class, which is compiled sooner than one of each."""
    ranges: list[list[int]] = []
    for code in map(ord, characters):
        if ranges and code == ranges[-1][1] + 1:
            ranges[-1][1] = code
        else:
            ranges.append([code, code])
    return "".join(f"{chr(first)}-{chr(last)}" for first, last in ranges)


def count_letters(text: str) -> Counter[str]:
    """Count the letters of a text by the names of their scripts; those of scripts that are not listed are left out."""
    found = Counter({script.name: _letters(script.pattern.findall(text)) for script in SCRIPTS})
    return +found


def _letters(runs: list[str]) -> int:
    return sum(map(str.isalpha, "".join(runs)))
