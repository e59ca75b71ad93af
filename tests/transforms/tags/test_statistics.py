from itertools import product

import numpy as np
import pytest

from tests.transforms.records_by_hand import articles, corpus_of, random_unit, table_of, unit
from transforms.tags.statistics import PENALTIES, tag_statistics


def tagged_posts(seed, count=30):
    rng = np.random.default_rng(seed)
    posts = articles(*[[tag for tag in "abcd" if rng.random() < 0.3] for _ in range(count - 1)], ["solo"])
    vectors = random_unit(count, 6, seed)
    return corpus_of(posts, vectors), tag_statistics(table_of(posts, vectors))


@pytest.mark.parametrize("seed", range(3))
def test_cosines_to_the_means_of_the_others(seed):
    corpus, statistics = tagged_posts(seed)
    vectors, carried = corpus.vectors.astype(np.float64), corpus.carriers.toarray()
    cosines = statistics.mean_cosines(corpus.vectors, carried)
    for row, column in np.ndindex(carried.shape):
        others = [other for other in np.flatnonzero(carried[:, column]) if other != row]
        total = vectors[others].sum(axis=0)
        expected = vectors[row] @ total / np.linalg.norm(total) if others else 0
        assert cosines[row, column] == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize("seed", range(3))
def test_ridge_scores_of_posts_that_took_part_leave_these_out(seed):
    corpus, statistics = tagged_posts(seed)
    vectors, carried = corpus.vectors.astype(np.float64), corpus.carriers.toarray()
    took_part = carried.any(axis=1)
    base = carried.sum(axis=0) / took_part.sum()
    scores = statistics.ridge_scores(corpus.vectors, carried)
    for row, (place, penalty) in product(range(len(corpus)), enumerate(PENALTIES)):
        rows = took_part & (np.arange(len(corpus)) != row)
        gram = vectors[rows].T @ vectors[rows] + penalty * np.eye(6)
        weights = np.linalg.solve(gram, vectors[rows].T @ (carried[rows] - base))
        np.testing.assert_allclose(scores[place][row], vectors[row] @ weights + base, atol=1e-6)
    assert not took_part.all()


def test_an_unknown_post_is_compared_with_all():
    _, statistics = tagged_posts(0)
    (stranger,) = random_unit(1, 6, 9).astype(np.float64)
    none = np.zeros((1, 5))
    expected = statistics.sums @ stranger / np.linalg.norm(statistics.sums, axis=1)
    np.testing.assert_allclose(statistics.mean_cosines(stranger[None], none)[0], expected, atol=1e-12)
    for ridge, scores in zip(statistics.ridges, statistics.ridge_scores(stranger[None], none), strict=True):
        np.testing.assert_array_equal(scores, ridge.predict(stranger[None]))


def test_a_tag_of_one_post_or_of_posts_that_cancel_out_says_nothing():
    posts = articles(["solo", "both"], ["both"], ["opposed"], ["opposed"], [])
    vectors = unit([[1, 0], [1, 0], [0, 1], [0, -1], [0, 0]])
    statistics = tag_statistics(table_of(posts, vectors))
    carried = corpus_of(posts, vectors).carriers.toarray()
    cosines = statistics.mean_cosines(vectors, carried)
    assert cosines[0].tolist() == [1, 0, 0]  # both, opposed, solo
    assert cosines[1].tolist() == pytest.approx([1, 0, 1])
    assert cosines[2].tolist() == pytest.approx([0, -1, 0])
    assert cosines[4].tolist() == [0, 0, 0]


def test_no_tags_at_all():
    statistics = tag_statistics(table_of(articles([], []), random_unit(2, 3)))
    assert statistics.mean_cosines(random_unit(2, 3), np.zeros((2, 0))).shape == (2, 0)
    assert [scores.shape for scores in statistics.ridge_scores(random_unit(2, 3), np.zeros((2, 0)))] == [(2, 0)] * 2
    assert statistics.name_cosines(random_unit(2, 3)).shape == (2, 0)
