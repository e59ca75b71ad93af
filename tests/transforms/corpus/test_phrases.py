import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.corpus.phrases import LONGEST, Phrase, absorbed, choose_names, phrases_in, phrases_of
from transforms.corpus.stop_words import stop_words

EMPTY = stop_words(["en", "ja"])


def spelled(line):
    return [phrase.spelling for phrase in phrases_in(line, EMPTY)]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("The state of machine-learning", ["state", "machine", "machine-learning", "learning"]),
        ("Node.js 18, C++ and AI", ["Node.js", "Node.js 18", "C++", "AI"]),
        ("2018 Rust 2018", ["Rust", "Rust 2018"]),
        ("salt; glaze", ["salt", "glaze"]),
        ("the potter's wheel", ["potter", "wheel"]),
        ("one salt glaze kiln", ["salt", "salt glaze", "salt glaze kiln", "glaze", "glaze kiln", "kiln"]),
        ("データ分析のための機械学習", ["データ", "データ分析", "分析", "機械学習"]),
        ("Docker環境を使う", ["Docker", "Docker環境", "環境"]),
        ("東京へ行った", ["東京"]),
        ("", []),
    ],
)  # fmt: skip
def test_phrases_of_a_line(line, expected):
    assert spelled(line) == expected


def test_the_same_phrase_has_one_key():
    keys = {phrase.key for line in ("web sites", "web-site", "Website") for phrase in phrases_in(line, ())}
    assert "website" in keys
    assert phrases_of(["Web sites", "the web-site"], EMPTY)["website"].spelling == "Web sites"


def test_names_are_what_most_posts_write():
    posts = [[Phrase(("salt", "glaze"), spelling)] for spelling in ("salt glaze", "Salt glaze", "salt glaze")]
    assert choose_names(posts) == {"saltglaze": "salt glaze"}


def test_a_part_that_mostly_stands_in_a_longer_phrase_goes():
    phrases = [Phrase(tuple(words.split()), words) for words in ("salt glaze kiln", "salt glaze", "salt", "kiln")]
    counts = {"saltglazekiln": 6, "saltglaze": 8, "salt": 20, "kiln": 9}
    assert absorbed(phrases, counts) == {"saltglaze"}


@given(st.text(max_size=60))
def test_phrases_stand_in_their_line(line):
    for phrase in phrases_in(line, EMPTY):
        assert 1 <= len(phrase.tokens) <= LONGEST
        assert phrase.key
        assert phrase.spelling.strip() == phrase.spelling != ""
