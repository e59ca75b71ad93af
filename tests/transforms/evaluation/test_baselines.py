import math
from collections import Counter
from itertools import pairwise

import numpy as np
import pytest

from tests.transforms.records_by_hand import articles, corpus_of, made_up_blog, random_unit
from transforms.evaluation import baselines
from transforms.evaluation.baselines import RECENCY, overlap_related, random_related, tfidf_related
from transforms.numerics.arrays import NOBODY
from transforms.related.ranker import RECENT_YEARS


@pytest.fixture(params=[7, 256], autouse=True)
def at_once(request, monkeypatch):
    monkeypatch.setattr(baselines, "AT_ONCE", request.param)


@pytest.mark.parametrize(("posts", "others"), [(0, 0), (1, 0), (3, 2), (5, 4), (9, 4)])
def test_random_related_are_different_other_articles(posts, others):
    drawn = random_related(posts)
    assert drawn.shape == (posts, 4)
    for row, of_row in enumerate(drawn.tolist()):
        real = [other for other in of_row if other != NOBODY]
        assert row not in real
        assert len(set(real)) == len(real) == others
        assert all(0 <= other < posts for other in real)
    np.testing.assert_array_equal(drawn, random_related(posts))


def test_every_other_article_is_drawn_as_often():
    drawn = random_related(3000, 2)
    counts = np.bincount(drawn.ravel(), minlength=3000)
    assert counts.mean() == 2
    assert counts.var() == pytest.approx(2, rel=0.1)  # Poisson


def highest(scores, k=4):
    """The other rows of the highest positive scores, rounded, ties by row."""
    found = []
    for row, of_row in enumerate(np.round(scores, 4)):
        others = [other for other in range(len(scores)) if other != row and of_row[other] > 0]
        best = sorted(others, key=lambda other: (-of_row[other], other))[:k]
        found.append(best + [NOBODY] * (min(k, len(scores)) - len(best)))
    return found


def cosines_by_hand(texts):
    """TF-IDF of words and pairs of words that stand in two texts at least."""
    counts = [Counter([*text.split(), *map(" ".join, pairwise(text.split()))]) for text in texts]
    frequency = Counter(term for of_text in counts for term in of_text)
    vectors = [
        {
            term: (1 + math.log(count)) * (math.log((1 + len(texts)) / (1 + frequency[term])) + 1)
            for term, count in of_text.items()
            if frequency[term] > 1
        }
        for of_text in counts
    ]
    norms = [math.sqrt(sum(weight**2 for weight in vector.values())) or 1 for vector in vectors]
    return np.array(
        [
            [
                sum(weight * other.get(term, 0) for term, weight in one.items()) / (norms[i] * norms[j])
                for j, other in enumerate(vectors)
            ]
            for i, one in enumerate(vectors)
        ]
    )


def test_tfidf_by_hand():
    rng = np.random.default_rng(0)
    texts = [" ".join(rng.choice(["red", "lamp", "go", "pod", "road", "tea"], rng.integers(0, 7))) for _ in range(40)]
    assert "" in texts
    assert tfidf_related(texts).tolist() == highest(cosines_by_hand(texts))


@pytest.mark.parametrize("texts", [[""], ["a lone text"], ["", ""], ["same words", "same words", "other"]])
def test_tfidf_of_few_texts(texts):
    assert tfidf_related(texts).tolist() == highest(cosines_by_hand(texts))


@pytest.mark.parametrize("dated", [True, False])
def test_overlap_by_hand(dated):
    posts, vectors = made_up_blog(60, seed=3)
    dates = [f"{2024 - row % 9}-05-06" if dated and row % 5 else None for row in range(60)]
    posts = articles(*[post.tags for post in posts], dates=dates)
    corpus = corpus_of(posts, vectors)
    counts = Counter(tag for post in posts for tag in post.tags)
    scores = np.zeros((60, 60))
    for row, other in np.ndindex(60, 60):
        shared = sum(math.log(60 / counts[tag]) for tag in {*posts[row].tags} & {*posts[other].tags})
        age = corpus.age[other]
        scores[row, other] = shared + RECENCY * (0 if math.isnan(age) else 0.5 ** (age / RECENT_YEARS)) * (shared > 0)
    assert overlap_related(corpus).tolist() == highest(scores)
    untagged = ~corpus.tagged
    assert (overlap_related(corpus)[untagged] == NOBODY).all()


def test_overlap_prefers_the_newer_of_equals():
    posts = articles(["t"], ["t"], ["t"], [], dates=["2020-01-01", "2021-01-01", "2022-01-01", "2023-01-01"])
    assert overlap_related(corpus_of(posts, random_unit(4, 3)), 3).tolist() == [
        [2, 1, NOBODY], [2, 0, NOBODY], [1, 0, NOBODY], [NOBODY] * 3,
    ]  # fmt: skip
