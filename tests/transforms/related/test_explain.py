import numpy as np
import pytest
from scipy import sparse

from transforms.numerics.arrays import NOBODY
from transforms.related.explain import SHOWN, counted, explain, shared_words
from transforms.related.ranker import Profiles, Ranker, Ranking
from transforms.related.weights import FEATURES, FOLDS, USUAL, RankWeights
from transforms.results import PARTS, RECENT, RelatedArticle, Why
from transforms.site.link_keys import LinkKeys

NAMES = ("Common", "Rare", "Twin A", "Twin B", "Other")
RARITY = np.array([0.5, 3.0, 2.0, 2.0, 9.0])
CARRIERS = np.array([[1, 1, 1, 1, 0], [1, 1, 1, 1, 1], [0, 0, 0, 0, 1]], float)
WORDS = [("html", "lamp", "学習"), ("lamp", "学習", "html"), ()]
EVEN = RankWeights(np.ones((FOLDS, len(FEATURES))))
PARTS_OF_SCORES = np.array(
    [[[0.8, 0.7, 0.6, 0.5, 0.9, 0.1], [0.2, 0.1, 0.2, 0, 0.8, 0]], [[0.7, 0.6, 0.7, 0.4, 0.9, 0], [0] * 6]]
)
RANKING = Ranking(
    np.array([[1, 2], [0, NOBODY]]),
    np.array([[0.9, 0.2], [0.7, 0.0]]),
    PARTS_OF_SCORES,
    np.array([[0.5, 0.2], [0.7, 0.0]]),
)


def profiles(rows=(0, 1, 2), linked_by=(4, 2, 0)):
    carriers = sparse.csr_matrix(CARRIERS[list(rows)])
    nothing = sparse.csr_matrix((len(rows), 0))
    targets = tuple(((8,), (), ())[row] for row in rows)
    return Profiles(
        ids=["xyz"[row] for row in rows],
        words=[WORDS[row] for row in rows],
        keys=np.array([7, 8, 9])[list(rows)],
        vectors=np.zeros((len(rows), 2), np.float32),
        carriers=carriers,
        expected=carriers * 0,
        title=nothing,
        named=nothing,
        age=np.array([0.5, 2.0, np.nan])[list(rows)],
        links=LinkKeys(targets, np.array(linked_by)[list(rows)]),
    )


def explained(parts=frozenset(PARTS)):
    ranker = Ranker(profiles(), RARITY, frozenset(parts))
    return explain(ranker, NAMES, profiles().part(np.array([0, 1])), RANKING, EVEN)


def test_related_articles_with_what_they_share():
    tags, words = ("Rare", "Twin A", "Twin B", "Common"), ("html", "lamp", "学習")
    y, z = explained()[0].related
    assert y == RelatedArticle(
        "y",
        0.9,
        None,
        Why(0.8, 0.6, 0.5, 1.5, 1, None, ("text", "tags", "titles", "dates"), tags, words),
    )
    assert z == RelatedArticle("z", 0.2, None, Why(0.2, 0.2, 0.0, None, 0, None, ("dates", "tags"), (), ()))
    (x,) = explained()[1].related
    assert (x.id, x.why.years, x.why.links, x.why.shared_words) == ("x", 1.5, 4, ("lamp", "学習", "html"))


@pytest.mark.parametrize(
    ("parts", "given"),
    [
        ({"text"}, {"text": 0.8}),
        ({"learned"}, {"tags": 0.6}),
        ({"tags", RECENT}, {"tags": 0.6, "recent": 0.5}),
        ({"dates"}, {"years": 1.5}),
        ({"titles", "links"}, {"titles": 0.5, "links": 1}),
    ],
)
def test_parts_that_are_switched_off_are_not_told(parts, given):
    first = explained(parts)[0].related[0]
    told = {name: getattr(first.why, name) for name in ("text", "tags", "titles", "years", "links", "recent")}
    assert {name: value for name, value in told.items() if value is not None} == given
    assert first.confidence is None


def test_what_counted_is_above_what_is_usual():
    even, text_alone = np.full(6, 1 / 6), np.array([1.0, 0, 0, 0, 0, 0])
    assert counted(USUAL, even) == ()
    assert counted(USUAL + np.array([0.1, 0.1, 0.15, 0, -0.5, 0.3]), even) == ("links", "text", "tags")
    assert counted(USUAL + np.array([0.1, -0.1, 0.15, 0, 0, 0.01]), even) == ("tags",)
    assert counted(USUAL + 0.3, text_alone) == ("text",)


@pytest.mark.parametrize(
    ("mine", "theirs", "shared"),
    [
        (["機械学習", "学習"], {"学習", "機械学習"}, ("機械学習", "学習")),
        (["機械学習", "学習"], {"学習"}, ("学習",)),
        (["html", "lamp", "pool"], {"lamp", "html", "pool"}, ("html", "lamp", "pool")),
        ([], {"x"}, ()),
    ],
)
def test_shared_words(mine, theirs, shared):
    assert shared_words(mine, theirs) == shared


def test_few_words_and_tags_are_named():
    words = [f"w{number}" for number in range(9)]
    assert shared_words(words, words[::-1]) == tuple(words[:SHOWN])


def test_queries_need_not_be_among_those_that_are_offered():
    offered = Ranker(profiles([2, 0]), RARITY, frozenset({"links"}))
    ranking = Ranking(np.array([[1, 0]]), np.array([[0.7, 0.2]]), np.zeros((1, 2, 6)), np.zeros((1, 2)))
    (related,) = explain(offered, NAMES, profiles([1]), ranking, EVEN)
    assert [(other.id, other.why.shared_tags, other.why.shared_words) for other in related.related] == [
        ("x", ("Rare", "Twin A", "Twin B", "Common"), ("lamp", "学習", "html")),
        ("z", ("Other",), ()),
    ]
