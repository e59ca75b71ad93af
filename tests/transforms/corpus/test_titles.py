import math
from collections import Counter

import pytest

from transforms.corpus import titles as of_titles
from transforms.corpus.notes import count_words
from transforms.corpus.titles import NO_TITLES, SHORT, TitleFinder, count_titles, title_terms
from transforms.corpus.tokens import tokenize

TITLES = ["Painting a lamp", "A lamp of glass", "Wheels", "学習と機械"]
TEXTS = ["Painting a lamp\nred", "A lamp of glass\nglass", "Wheels\nred lamp of glass", "学習と機械\nwheel"]


def weight(texts_with, texts=4):
    return (math.log((1 + texts) / (1 + texts_with)) + 1) ** 2


@pytest.fixture
def finder():
    return TitleFinder(title_terms(count_titles(TITLES), count_words(TEXTS, [None] * 4).total, 4))


def test_terms_are_words_and_pairs_that_follow_each_other():
    assert count_titles(["Red lamps", "red lamp"]) == {"red": 2, "lamp": 2, ("red", "lamp"): 2}
    assert count_titles(["red\nlamp"]) == {"red": 1, "lamp": 1}
    assert count_titles(["学習"]) == {"学習": 1}
    assert count_titles([""]) == {}


def test_terms_that_can_stand_in_several_texts_are_kept(finder):
    terms = title_terms(count_titles(TITLES), count_words(TEXTS, [None] * 4).total, 4)
    assert terms.words == {
        word: weight(count) for word, count in {"a": 2, "glass": 2, "lamp": 3, "of": 2, "wheel": 2}.items()
    }
    assert terms.pairs == {("a", "lamp"), ("lamp", "of"), ("of", "glass")}
    assert terms.rarest == weight(1)
    assert len(finder) == 8


def test_a_title_is_shared_out_by_weight(finder):
    shares = finder.shares(tokenize("A lamp of glass"))
    assert len(shares) == 7
    total = 6 * weight(2) + weight(3) + SHORT
    assert math.fsum(shares.values()) == pytest.approx(1 - SHORT / total)
    # "painting" stands nowhere else, and nor does its pair: they have a share of the title, which nobody can name
    of_rare = finder.shares(tokenize("Painting a lamp"))
    assert len(of_rare) == 3
    assert math.fsum(of_rare.values()) == pytest.approx(
        (2 * weight(2) + weight(3)) / (2 * weight(2) + weight(3) + 2 * weight(1) + SHORT)
    )
    assert finder.shares(tokenize("")) == {}


def test_what_a_text_names(finder):
    tokens = tokenize(TEXTS[2])
    named = finder.named(tokens)
    assert named == sorted(named)
    names = {"glass", "lamp", "of", "wheel", ("lamp", "of"), ("of", "glass")}
    assert {finder._number[name] for name in names} == set(named)


def test_the_most_telling_are_noted(finder, monkeypatch):
    monkeypatch.setattr(of_titles, "NAMED", 2)
    tokens = tokenize("a lamp of glass")
    assert len(finder.named(tokens)) == 2
    assert finder._number["lamp"] not in finder.named(tokens)


def test_of_many_terms_those_of_the_most_titles_are_kept(monkeypatch):
    monkeypatch.setattr(of_titles, "MAX_TITLE_TERMS", 2)
    terms = title_terms(Counter({"b": 2, "a": 1, "c": 3, ("a", "b"): 1}), Counter("aabbcc"), 6)
    assert (list(terms.words), terms.pairs) == (["b", "c"], frozenset())


def test_without_titles_nothing_is_named():
    assert TitleFinder(NO_TITLES).named(("lamp",)) == []
    assert TitleFinder(NO_TITLES).shares(("lamp",)) == {}
