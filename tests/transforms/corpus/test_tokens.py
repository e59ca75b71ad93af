import re
import sys
import unicodedata
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.corpus.tokens import (
    _WORD,
    BREAK,
    normalize,
    pieces,
    spaced_matches,
    spaced_words,
    tokenize,
)


def words(text):
    return [token for token in tokenize(text) if token != BREAK]


def test_lines_are_set_apart():
    assert tokenize("Fast test\nhelp") == ("fast", "test", BREAK, "help", BREAK)


def test_plurals_width_and_case_are_folded():
    assert words("Queries") == words("ｑｕｅｒｙ") == ["query"]
    assert words("class bus analysis gas node.js") == ["class", "bus", "analysis", "gas", "node.js"]


def test_names_of_the_trade_stay_whole():
    assert words("C++ and C# and node.js don't") == ["c++", "and", "c#", "and", "node.js", "don't"]


def test_kanji_are_cut_in_pairs_katakana_stays_whole_and_hiragana_goes():
    assert words("機械学習のモデルを") == ["機械", "械学", "学習", "モデル"]
    assert words("本") == ["本"]
    assert words("ひらがな") == []


def test_tokens_of_unspaced_scripts_follow_nothing():
    assert tokenize("Python入門") == ("python", BREAK, "入門", BREAK)
    assert tokenize("Goไทย") == ("go", BREAK, "ไทย", BREAK)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("हिन्दी में किताबें पढ़ो।", ["हिन्दी", "में", "किताबें", "पढ\u093cो"]),
        ("বাংলা বই, নতুন", ["বাংলা", "বই", "নতুন"]),
        ("தமிழ் மொழி", ["தமிழ்", "மொழி"]),
        ("മലയാളം ഭാഷ", ["മലയാളം", "ഭാഷ"]),
        ("ශ්\u200dරී ලංකාව", ["ශ්රී", "ලංකාව"]),
        ("كِتَابٌ جديد، ٢٠٢٤", ["كتاب", "جديد", "2024"]),
        ("می\u200cخوانم", ["میخوانم"]),
        ('שָׁלוֹם, צה"ל־אחד', ["שלום", 'צה"ל', "אחד"]),
        ("Ёлки и й", ["ёлки", "и", "й"]),
        ("Καλὴ ἡμέρα, ΚΌΣΜΟΣ", ["καλὴ", "ἡμέρα", "κόσμοσ"]),
        ("한국어로 씁니다", ["한국어로", "씁니다"]),
        ("Ruby의 2.7로", ["ruby", "의", "2.7", "로"]),
        ("Tie\u0302\u0301ng Vie\u0323\u0302t", ["tiếng", "việt"]),
        ("İzmir IŞIK", ["izmir", "işik"]),
        ("Straße l’été col·lecció", ["strasse", "l’été", "col·lecció"]),
        ("བོད་སྐད", ["བོད", "སྐད"]),
        ("አማርኛ፡ቋንቋ", ["አማርኛ", "ቋንቋ"]),
        ("ქართული ენა", ["ქართული", "ენა"]),
        ("𞤀𞤣𞤤𞤢𞤥𞥄", ["𞤢𞤣𞤤𞤢𞤥𞥄"]),
    ],
)
def test_scripts_that_set_spaces_give_words(text, expected):
    assert words(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("กินน้ำแข็ง", ["กิ", "น", "น้ำ", "แข็", "ง"]),
        ("เด็กๆเกาะ", ["เด็", "ก", None, "เกาะ"]),
        ("ພາສາລາວ", ["ພາ", "ສາ", "ລາ", "ວ"]),
        ("ខ្មែរ\u200bភាសា", ["ខ្មែ", "រ", None, "ភា", "សា"]),
        ("မြန်မာစာ", ["မြန်", "မာ", "စာ"]),
        ("二〇二四年の東京", ["二", None, "二", "四", "年", None, "東", "京"]),
    ],
)
def test_scripts_without_spaces_give_pairs_of_whole_characters(text, expected):
    characters = [char and normalize(char) for char in expected]
    pairs = [left + right for left, right in pairwise(characters) if left and right]
    assert [token for token in words(text) if token in pairs] == pairs
    assert not set(words(text)) & {"ๆ", "น้"}


def test_a_lone_character_is_a_token():
    assert words("ที่") == ["ที่"]
    assert words("တ") == ["တ"]


SCRIPTS = "abÉß' กเาะำ้ๆ हि्दीक़ ကျွန်ုပ် កិ្ខ أَبـ שׁ\" 漢字々かがカ゛゙ー・ ㄱ각 ι̇İ ​‍ \n3٣.+"


@given(st.one_of(st.text(), st.text(alphabet=SCRIPTS)))
def test_any_text_has_tokens_without_white_space(text):
    assert all(token == "".join(token.split()) for token in tokenize(text))


@given(st.one_of(st.text(), st.text(alphabet=SCRIPTS)))
def test_no_token_begins_with_a_mark(text):
    assert [token for token in words(text) if unicodedata.category(token[0]).startswith("M")] == []


@given(st.one_of(st.text(), st.text(alphabet=SCRIPTS)))
def test_what_tokens_are_made_of_stands_in_the_normal_text(text):
    normal = normalize(text)
    assert all(piece in normal for piece in pieces(normal))
    assert len(pieces(normal)) == len(tokenize(text))


@given(st.one_of(st.text(), st.text(alphabet=SCRIPTS)))
def test_a_text_has_the_same_tokens_in_every_normal_form(text):
    forms = {tokenize(unicodedata.normalize(form, text)) for form in ("NFC", "NFD", "NFKC", "NFKD")}
    assert forms == {tokenize(text)}


@given(st.lists(st.text(alphabet="abc de機械カタไทย", max_size=30), min_size=1, max_size=4))
def test_lines_are_cut_independently(lines):
    apart = tuple(token for line in lines for token in tokenize(line))
    assert tokenize("\n".join(lines)) == apart


@given(st.text(st.sampled_from("aZ09_+#.'\"- \t\x1c!"), max_size=30))
def test_words_of_ascii_are_those_that_any_line_has(line):
    assert spaced_words(line) == re.findall(_WORD, line)


@given(st.text(st.characters(max_codepoint=0x2060) | st.sampled_from("éß’·“”…†+#._ a1"), max_size=30))
def test_a_line_of_latin_letters_has_the_words_that_it_has_by_the_rule_for_all(line):
    assert spaced_words(line) == [match[0] for match in spaced_matches(line)] == re.findall(_WORD, line)


def test_each_latin_letter_is_a_word_by_the_rule_for_all():
    for char in map(chr, [*range(0x300), *range(0x2010, 0x205F)]):
        assert spaced_words(f"a{char}b {char}") == re.findall(_WORD, f"a{char}b {char}")


def test_tokens_that_another_process_cut_are_taken_as_they_are():
    tokenize.keep(("told",), "kept as it is")
    assert tokenize("kept as it is") == ("told",)
    tokenize.keep(("told", "again"), "kept as it is")  # what is known stays
    assert tokenize("kept as it is") == ("told",)
    tokenize.clear()
    assert tokenize("kept as it is") == ("kept", "as", "it", "is", BREAK)


def test_tokens_of_long_texts_are_not_all_kept(monkeypatch):
    monkeypatch.setattr(tokenize, "limit", 1 << 24)
    tokenize.clear()
    text = "word " * 200_000
    for number in range(10):
        tokenize(f"{text}{number}")
        assert tokenize.held <= tokenize.limit
    assert tokenize(f"{text}9") is tokenize(f"{text}9")
    tokenize.clear()


@pytest.mark.parametrize(
    "text", ["".join(map(chr, range(0x4E00, 0x9F00))), " ".join(f"{number:08x}" for number in range(20_000))]
)
def test_tokens_that_no_other_text_has_are_counted_with_their_bytes(text):
    tokenize.clear()
    tokens = tokenize(text)
    held = sys.getsizeof(text) + sys.getsizeof(tokens) + sum(sys.getsizeof(token) for token in set(tokens))
    assert tokenize.held == pytest.approx(held, rel=0.2)
    tokenize.clear()
