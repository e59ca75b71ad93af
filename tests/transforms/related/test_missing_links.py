"""Which links are missing, and which are set together."""

import random

import pytest

from transforms.related.missing_links import MissingLink, best_links, choose_links, missing_links, spread_links
from transforms.results import Links, LinkToSet, Related, RelatedArticle, Why


def related(id_, *others, confidence=0.9, kind="similar"):
    near = (
        RelatedArticle(other, 1 - place / 10, confidence, Why(None), kind, "link") for place, other in enumerate(others)
    )
    return Related(id_, tuple(near))


def missing(rows, links, copies=frozenset()):
    return {(link.source, link.target, link.first) for link in choose_links(missing_links(rows, links), copies)}


def test_an_article_that_nothing_links_to_lacks_links_from_its_first_two():
    links = [Links("a", ("x",), 0), Links("b", (), 3)]
    assert missing([related("a", "b", "c", "d")], links) == {("b", "a", True), ("c", "a", True)}
    assert missing([related("b", "c", "d")], links) == set()


def test_a_close_pair_lacks_links_both_ways_unless_there_is_one():
    rows = [related("a", "b"), related("b", "x", "a")]
    apart = [Links("a", (), 1), Links("b", (), 1)]
    assert missing(rows, apart) == {("a", "b", False), ("b", "a", False)}
    assert missing(rows, [Links("a", ("b",), 1), Links("b", (), 1)]) == set()
    assert missing(rows, [Links("a", (), 1), Links("b", ("a",), 1)]) == set()
    assert missing([related("a", "b"), related("b", "x", "y", "a")], apart) == set()


def test_copies_and_unsure_ones_need_no_link():
    links = [Links("a", (), 0), Links("b", (), 1)]
    assert missing([related("b"), related("a", "b")], links, {("a", "b")}) == set()
    assert missing([related("a", "b", confidence=0.1)], links) == set()
    assert missing([related("a", "b", kind="newest_in_cluster")], links) == set()
    assert missing([related("a", "b", confidence=None)], links) == {("b", "a", True)}


def test_a_first_link_says_so_in_a_close_pair_too():
    rows = [related("a", "b"), related("b", "a")]
    assert missing(rows, [Links("a", (), 0), Links("b", (), 1)]) == {("b", "a", True), ("a", "b", False)}


def test_an_article_without_links_has_none():
    assert missing([related("a", "b")], []) == {("b", "a", True)}


def test_the_choice_does_not_depend_on_the_order_or_on_the_parts():
    found = [MissingLink(place % 3 / 3, f"s{place}", f"t{place % 7}", first=True) for place in range(40)]
    chosen = choose_links(found, limit=10)
    assert [link.score for link in chosen] == sorted((link.score for link in chosen), reverse=True)
    mixed = random.Random(4).sample(found, len(found))
    assert choose_links(mixed, limit=10) == chosen
    assert best_links(choose_links(mixed[:20], limit=10) + choose_links(mixed[20:], limit=10), 10) == chosen


@pytest.mark.parametrize(
    ("links", "kept"),
    [
        ([("a", "b", 0.5), ("b", "a", 0.6)], [("b", "a")]),
        ([("a", "b", 0.5), ("a", "c", 0.6)], [("a", "c")]),
        ([("a", "d", 0.5), ("b", "d", 0.6), ("c", "d", 0.7)], [("c", "d"), ("b", "d")]),
    ],
    ids=["one of a pair", "one of a sentence", "two to one"],
)
def test_links_are_spread(links, kept):
    rows = [LinkToSet(id_, target, "Same.", "Same", score, first=True) for id_, target, score in links]
    assert [(link.id, link.target) for link in spread_links(rows)] == kept


def test_a_first_link_comes_before_others():
    second = LinkToSet("a", "b", "Same.", "Same", 0.9, first=False)
    first = LinkToSet("b", "a", "Same.", "Same", 0.5, first=True)
    assert spread_links([second, first]) == [first]
