import re
import unicodedata
from itertools import combinations

import pytest

from transforms.scripts import MARKS, SCRIPTS, as_ranges, blocks_read_as, count_letters


@pytest.mark.parametrize(
    ("name", "text", "letters"),
    [
        ("Latin", "Żółw, 3 ñ", 5),
        ("Greek", "Καλημέρα", 8),
        ("Cyrillic", "Ёлка і ґанок", 10),
        ("Armenian", "Բարեւ", 5),
        ("Hebrew", "שָׁלוֹם", 4),
        ("Arabic", "مَرْحَبًا", 5),
        ("Devanagari", "हिन्दी", 3),
        ("Bengali", "বাংলা", 2),
        ("Tamil", "தமிழ்", 3),
        ("Malayalam", "മലയാളം", 4),
        ("Sinhala", "සිංහල", 3),
        ("Thai", "น้ำ", 2),
        ("Lao", "ລາວ", 3),
        ("Tibetan", "བོད་", 2),
        ("Myanmar", "မြန်မာ", 3),
        ("Georgian", "ქართული", 7),
        ("Hangul", "한국어", 3),
        ("Ethiopic", "አማርኛ", 4),
        ("Khmer", "ខ្មែរ", 3),
        ("Hiragana", "ひらがな", 4),
        ("Katakana", "カタカナ", 4),
        ("Han", "漢字々𠀀", 4),
    ],
)
def test_letters_are_counted_by_script(name, text, letters):
    assert count_letters(text) == {name: letters}


def test_scripts_stand_beside_each_other():
    assert count_letters("Python 3 の入門, ok!") == {"Latin": 8, "Hiragana": 1, "Han": 2}
    assert count_letters("12 + 3 🚀") == {}


def test_no_character_is_of_two_scripts():
    characters = "".join(map(chr, [*range(0xD800), *range(0xE000, 0x32400)]))
    of_each = {script.name: set("".join(script.pattern.findall(characters))) for script in SCRIPTS}
    assert [pair for pair in combinations(of_each, 2) if of_each[pair[0]] & of_each[pair[1]]] == []
    assert len(of_each) == len(SCRIPTS)


def test_marks_are_unicodes():
    assert set("\u0301\u093f\u0e49\u05b0\u064e\U00011134") <= set(MARKS)
    assert all(unicodedata.category(mark).startswith("M") for mark in MARKS)
    assert not any(map(str.isalnum, MARKS))
    assert not [
        char for char in map(chr, range(0x20000)) if unicodedata.category(char) in ("Mn", "Mc") and char not in MARKS
    ]


def test_a_character_class_of_ranges_matches_the_same():
    assert as_ranges("abcxz") == "a-cx-xz-z"
    assert as_ranges("") == ""
    everything = "".join(map(chr, range(0xD800)))
    assert re.findall(f"[{as_ranges(MARKS)}]", everything) == re.findall(f"[{MARKS}]", everything)


def test_blocks_by_reading():
    assert blocks_read_as("nothing") == "\u3040-\u309f"
    assert blocks_read_as("nothing", "runs") == "\u3040-\u309f\u30a0-\u30ff\u31f0-\u31ff"
