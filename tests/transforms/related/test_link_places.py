"""Where a link fits."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.corpus.titles import TitleTerms, count_titles, title_terms
from transforms.corpus.tokens import tokenize
from transforms.related.link_places import find_place, link_source, title_tokens

SILENT = frozenset({"the", "a", "of", "for", "to", "how", "in", "is", "and", "we"})
TITLES = [
    "Repairing the sluice gates of Bath",
    "Kayak lessons",
    "Tuning Postgres",
    "水門の修理手順",
    "Dockerで水門を監視",
]


def terms_of(titles, texts=100):
    words = {token: 3 for title in titles for token in tokenize(title) if token}
    return title_terms(count_titles(titles), words, texts)


TERMS = terms_of(TITLES)


def place(sentences, title, own="Other", lede="", terms=TERMS):
    source = link_source(["Nothing is said here at all.", *sentences], lede, title_tokens(own, SILENT))
    return find_place(source, title_tokens(title, SILENT), terms)


def test_a_link_goes_to_the_words_that_say_the_title():
    found = place(
        [
            "A gate was closed in the morning by hand.",
            "In May they repaired the sluice gates of Bath, and all was dry.",
        ],
        TITLES[0],
    )
    assert found.sentence == "In May they repaired the sluice gates of Bath, and all was dry."
    assert found.anchor == "sluice gates of Bath"
    assert 0.4 <= found.score < 1


def test_languages_without_spaces_have_places_too():
    found = place(["先月は水門の修理手順をまとめて公開しました。"], TITLES[3])
    assert found.anchor == "水門の修理手順"
    assert found.score == 1


@pytest.mark.parametrize(
    "sentence",
    [
        "In May they repaired something else at the canal.",
        "Sluice, gates, and Bath: three words, said apart.",
        "Sluice gates of Bath",
        "Sluice gates of Bath: This is what they are called.",
        "Bath is a city that many people like to visit.",
        "The sluice gates of Bath are old, " + "and old, " * 50 + "indeed.",
    ],
)
def test_no_link_is_better_than_a_bad_one(sentence):
    assert place([sentence], TITLES[0]) is None


def test_one_word_alone_has_to_be_a_name_that_is_not_the_subject_anyway():
    sentence = "For this the team took Postgres, which was there already."
    assert place([sentence], TITLES[2]).anchor == "Postgres"
    assert place([sentence.lower()], TITLES[2]) is None
    assert place([sentence], TITLES[2], own="Postgres at home") is None


def test_in_the_opening_the_post_speaks_of_itself():
    sentence = "How to repair the sluice gates of Bath in winter, in ten steps."
    own = "Sluice gates of Bath in winter"
    assert place([sentence], TITLES[0], own=own) is not None
    assert place([sentence], TITLES[0], own=own, lede=sentence) is None


def test_the_first_of_equal_places_is_taken():
    first, second = "We saw the sluice gates of Bath in May.", "We saw the sluice gates of Bath in June."
    assert place([first, second], TITLES[0]).sentence == first


def test_a_title_that_says_nothing_has_no_place():
    assert place(["How to: the how and the why of it."], "How to", terms=TitleTerms()) is None


WORDS = ["They", "saw", "sluice", "gate", "gates", "Bath", "Kayak", ",", ".", "!", "水門", "の", "修理手順", "。"]


@given(st.lists(st.sampled_from(WORDS), max_size=30), st.sampled_from(TITLES))
def test_an_anchor_stands_in_its_sentence_and_says_enough(words, title):
    sentence = " ".join(words) + "."
    found = place([sentence], title)
    if found:
        assert found.sentence == sentence
        assert found.anchor in sentence
        assert 0.4 <= found.score <= 1
        assert set(tokenize(found.anchor)) & set(title_tokens(title, SILENT))
