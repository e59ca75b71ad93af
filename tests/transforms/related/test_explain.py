import numpy as np
import pytest
from scipy import sparse

from transforms.numerics.arrays import NOBODY
from transforms.related.explain import SHOWN, explain, shared_words
from transforms.related.ranker import Profiles, Ranker, Ranking
from transforms.results import RECENT, Related, RelatedArticle, Why

NAMES = ("Common", "Rare", "Twin A", "Twin B", "Other")
WEIGHTS = np.array([0.5, 3.0, 2.0, 2.0, 9.0])
CARRIERS = np.array([[1, 1, 1, 1, 0], [1, 1, 1, 1, 1], [0, 0, 0, 0, 1]], float)
WORDS = [("html", "lamp", "学習"), ("lamp", "学習", "html"), ()]
RANKING = Ranking(
    np.array([[1, 2], [0, NOBODY]]), *(np.array([[first, 0.2], [0.7, 0.0]]) for first in (0.9, 0.8, 0.6, 0.5))
)


def explained(parts=frozenset({"text", "tags"})):
    carriers = sparse.csr_matrix(CARRIERS)
    profiles = Profiles(["x", "y", "z"], WORDS, carriers, carriers * 0, np.zeros(3))
    return explain(Ranker(profiles, WEIGHTS, frozenset(parts)), NAMES, profiles.part(np.array([0, 1])), RANKING)


def test_related_articles_with_what_they_share():
    tags, words = ("Rare", "Twin A", "Twin B", "Common"), ("html", "lamp", "学習")
    assert explained() == [
        Related(
            "x",
            (
                RelatedArticle("y", 0.9, None, Why(0.8, 0.6, None, tags, words)),
                RelatedArticle("z", 0.2, None, Why(0.2, 0.2, None, (), ())),
            ),
        ),
        Related("y", (RelatedArticle("x", 0.7, None, Why(0.7, 0.7, None, tags, ("lamp", "学習", "html"))),)),
    ]


@pytest.mark.parametrize(
    ("parts", "given"),
    [
        ({"text"}, (0.8, None, None)),
        ({"learned"}, (None, 0.6, None)),
        ({"tags", RECENT}, (None, 0.6, 0.5)),
    ],
)
def test_parts_that_are_switched_off_are_not_told(parts, given):
    first = explained(parts)[0].related[0]
    assert (first.why.text, first.why.tags, first.why.recent) == given
    assert first.confidence is None


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
    carriers = sparse.csr_matrix(CARRIERS[[2, 0]])
    ranker = Ranker(
        Profiles(["z", "x"], [WORDS[2], WORDS[0]], carriers, carriers * 0, np.zeros(2)), WEIGHTS, frozenset()
    )
    mine = sparse.csr_matrix(CARRIERS[[1]])
    query = Profiles(["y"], [WORDS[1]], mine, mine * 0, np.zeros(1))
    ranking = Ranking(np.array([[1, 0]]), *(np.array([[0.7, 0.2]]) for _ in range(4)))
    (related,) = explain(ranker, NAMES, query, ranking)
    assert [(other.id, other.why.shared_tags, other.why.shared_words) for other in related.related] == [
        ("x", ("Rare", "Twin A", "Twin B", "Common"), ("lamp", "学習", "html")),
        ("z", ("Other",), ()),
    ]
