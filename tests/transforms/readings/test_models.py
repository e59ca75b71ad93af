import itertools
import math

import numpy as np
import pytest
from scipy import sparse

from transforms.readings import models
from transforms.readings.models import (
    als,
    als_step,
    count_pairs,
    ease,
    ease_with_vectors,
    item_knn,
    mean_of_read,
    ppmi_vectors,
    sharp_sum,
)

RNG = np.random.default_rng(7)
READS = (RNG.random((60, 14)) < 0.25).astype(float)
READS[:20, :4] = 1
MATRIX = sparse.csr_matrix(READS)
PAIRS = count_pairs(MATRIX)
VECTORS = RNG.normal(size=(14, 5))
UNIT = VECTORS / np.linalg.norm(VECTORS, axis=1, keepdims=True)


def test_pairs_are_counted():
    sets = [set(np.flatnonzero(READS[:, post])) for post in range(14)]
    for left, right in itertools.product(range(14), repeat=2):
        assert PAIRS[left, right] == len(sets[left] & sets[right])


def test_neighbours_are_those_of_the_same_readers(monkeypatch):
    monkeypatch.setattr(models, "NEIGHBORS", 5)
    found = item_knn(PAIRS)

    for post in range(14):
        scores = {
            other: PAIRS[post, other] / (math.sqrt(PAIRS[post, post] * PAIRS[other, other]) + 10)
            for other in range(14)
            if other != post
        }
        best = sorted(scores.values(), reverse=True)[4]
        assert found[post, post] == 0
        for other, score in scores.items():
            assert found[post, other] == pytest.approx(score if score >= best else 0)


@pytest.mark.parametrize("penalty", [3.0, 100.0])
def test_ease_is_a_ridge_regression_of_each_post_on_the_others(penalty):
    found = ease(PAIRS, penalty)

    for post in range(14):
        others = [other for other in range(14) if other != post]
        left = READS[:, others].T @ READS[:, others] + penalty * np.eye(13)
        expected = np.linalg.solve(left, READS[:, others].T @ READS[:, post])
        np.testing.assert_allclose(found[others, post], expected, atol=1e-10)
        assert found[post, post] == 0


def test_vectors_are_rows_of_reads():
    rows = np.vstack([READS, math.sqrt(models.VECTOR_SHARE) * UNIT.T])

    np.testing.assert_allclose(ease_with_vectors(PAIRS, UNIT, 10), ease(rows.T @ rows, 10), atol=1e-10)


def test_vectors_of_counts_give_back_the_mutual_information():
    counts = PAIRS - np.diag(np.diag(PAIRS))
    total, context = counts.sum(axis=1), counts.sum(axis=1) ** 0.75
    information = np.zeros((14, 14))
    for left, right in itertools.product(range(14), repeat=2):
        if counts[left, right]:
            information[left, right] = max(
                0, math.log((counts[left, right] / total[left]) / (context[right] / context.sum()))
            )
    symmetric = (information + information.T) / 2
    values = np.linalg.eigvalsh(symmetric)

    found = ppmi_vectors(PAIRS)

    residual = np.linalg.norm(symmetric - found @ found.T)
    assert residual == pytest.approx(math.sqrt((values[values < 0] ** 2).sum()))
    largest = np.abs(found).argmax(axis=0)
    kept = np.abs(found).max(axis=0) > 0
    assert np.all(found[largest, np.arange(14)][kept] > 0)
    assert ppmi_vectors(PAIRS, 3).shape == (14, 3)


def test_posts_that_nobody_read_together_have_no_vector():
    np.testing.assert_array_equal(ppmi_vectors(np.diag([3.0, 4.0, 5.0])), np.zeros((3, 3)))


def loss(readers, posts, penalty, alpha):
    confidence = 1 + alpha * READS
    fit = (confidence * (READS - readers @ posts.T) ** 2).sum()
    by_reader, by_post = READS.sum(axis=1), READS.sum(axis=0)
    return fit + penalty * (by_reader @ (readers**2).sum(axis=1) + by_post @ (posts**2).sum(axis=1))


def test_a_step_of_als_is_the_least_loss():
    posts = RNG.normal(size=(14, 3))
    readers = als_step(MATRIX, posts, 0.3, 10.0)

    least = loss(readers, posts, 0.3, 10.0)
    for _ in range(20):
        other = readers + RNG.normal(scale=1e-3, size=readers.shape) * (READS.sum(axis=1) > 0)[:, None]
        assert loss(other, posts, 0.3, 10.0) > least


def test_als_without_a_penalty_fits_what_it_has_seen_better():
    def error(penalty):
        posts = als(MATRIX, 6, penalty)
        return ((READS - als_step(MATRIX, posts, penalty, 10.0) @ posts.T) ** 2)[READS > 0].mean()

    assert error(0) < error(1) < error(10)


def test_als_without_a_penalty_can_do_with_fewer_readers_than_dimensions():
    posts = als(MATRIX[:3], 32, 0)

    fit = als_step(MATRIX[:3], posts, 0, 10.0) @ posts.T
    np.testing.assert_allclose(fit, READS[:3], atol=1e-4)  # three readers are of rank three


def test_als_finds_who_reads_the_same():
    groups = np.kron(np.eye(3), np.ones((12, 5)))
    chance = np.random.default_rng(1)
    reads = sparse.csr_matrix(groups * (chance.random(groups.shape) < 0.7))

    posts = als(reads, 3)

    unit = posts / np.linalg.norm(posts, axis=1, keepdims=True)
    cosines = unit @ unit.T
    same = np.kron(np.eye(3), np.ones((5, 5))).astype(bool)
    assert cosines[same].min() > 0.5 > cosines[~same].max()
    np.testing.assert_array_equal(posts, als(reads, 3))


def test_a_reader_is_the_mean_of_what_was_read():
    weights = sparse.csr_matrix(([1.0, 0.5, 1.0], ([0, 0, 1], [2, 5, 7])), shape=(3, 14))

    found = mean_of_read(weights, UNIT)

    mean = UNIT[2] + 0.5 * UNIT[5]
    np.testing.assert_allclose(found[0], UNIT @ mean / np.linalg.norm(mean))
    np.testing.assert_allclose(found[1], UNIT @ UNIT[7])
    np.testing.assert_array_equal(found[2], 0)
    sharp = [sum(w * max(0, UNIT[post] @ UNIT[read]) ** 3 for read, w in ((2, 1), (5, 0.5))) for post in range(14)]
    np.testing.assert_allclose(sharp_sum(weights, UNIT)[0], sharp)
