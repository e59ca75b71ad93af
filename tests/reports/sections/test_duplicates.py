import itertools

import pytest

from reports.sections.duplicates import connected, duplicate_groups, first_articles
from reports.views import ArticleLink
from transforms.results import Duplicate

LINKS = {id_: ArticleLink(id_.upper(), place, True) for place, id_ in enumerate("abcdefg", start=1)}
PAIRS = [
    Duplicate("a", "b", 0.99, True),
    Duplicate("c", "d", 1.0, True),
    Duplicate("b", "e", 0.95, False),
    Duplicate("f", "g", 0.97, False),
]


@pytest.mark.parametrize("pairs", list(itertools.permutations(PAIRS)))
def test_groups_are_the_connected_components(pairs):
    groups = duplicate_groups(pairs, LINKS)
    assert groups.total == 3
    assert [(group.kind, group.score, [link.title for link in group.articles.shown]) for group in groups.shown] == [
        ("exact", "100%", ["C", "D"]),
        ("near", "97%", ["F", "G"]),
        ("near", "95%", ["A", "B", "E"]),
    ]


def test_no_pairs_no_groups():
    assert duplicate_groups([], LINKS).total == 0


def test_a_long_chain_is_one_group():
    chain = [Duplicate(f"{place:05}", f"{place + 1:05}", 0.9, False) for place in range(20_000)]
    assert [len(group) for group in connected(reversed(chain))] == [20_000]


def test_a_large_group_says_how_many_it_leaves_out():
    chain = [Duplicate(f"{place:05}", f"{place + 1:05}", 0.9, False) for place in range(99)]
    links = {f"{place:05}": ArticleLink("x", place, False) for place in range(100)}
    groups = duplicate_groups(chain, links)
    (whole,), (group,) = groups.shown, first_articles(groups).shown
    assert len(whole.articles.shown) == 100
    assert (group.articles.count, group.articles.more) == ("100", "50")
