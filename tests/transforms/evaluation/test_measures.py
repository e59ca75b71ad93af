import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from transforms.evaluation.measures import (
    average_precision,
    calibration_error,
    dice_at_k,
    f1_at_k,
    interval,
    mean_metric,
    ndcg_at_k,
)
from transforms.numerics.arrays import NOBODY
from transforms.results import Metric

A, AB = frozenset("a"), frozenset("ab")
MANY = frozenset("abcdefghijkl")
RANKS = [1, 1 / math.log2(3), 1 / 2, 1 / math.log2(5)]


def dice(left, right):
    return 2 * len(left & right) / (len(left) + len(right)) if left or right else 0


def test_dice_at_4_by_hand():
    carriers = sparse.csr_matrix(np.array([[1, 0], [1, 1], [0, 1], [0, 0]], float))
    related = np.array([[1, 2, 0, NOBODY], [0, 0, 0, 0], [NOBODY] * 4, [3, 3, 3, 3]])
    scores = dice_at_k(carriers, np.array([0, 0, 1, 3]), related)
    expected = [(RANKS[0] * 2 / 3 + RANKS[2]) / sum(RANKS), 1, 0, 0]
    assert scores.tolist() == pytest.approx(expected)


@given(st.integers(0, 2**32 - 1), st.integers(0, 7), st.integers(1, 6))
@settings(max_examples=40, deadline=None)
def test_dice_at_k_by_sets(seed, columns, k):
    rng = np.random.default_rng(seed)
    carried = rng.random((9, 4)) < 0.5
    sets = [frozenset(np.flatnonzero(row)) for row in carried]
    rows, related = rng.permutation(9)[:5], rng.integers(NOBODY, 9, (5, columns))
    scores = dice_at_k(sparse.csr_matrix(carried.astype(float)), rows, related, k)
    for row, others, score in zip(rows, related, scores, strict=True):
        weights = [1 / math.log2(rank + 2) for rank in range(k)]
        overlaps = [dice(sets[row], sets[other]) if other != NOBODY else 0 for other in others]
        by_hand = sum(weight * overlap for weight, overlap in zip(weights, overlaps, strict=False))
        assert score == pytest.approx(by_hand / sum(weights))


@pytest.mark.parametrize(
    ("tags", "recommended", "expected"),
    [
        (AB, "xayb", (1 / 2 + 2 / 4) / 2),
        (AB, "a", 1 / 2),
        (AB, "ba", 1),
        (A, "xyz", 0),
        (A, "", 0),
        (A, "0123456789a", 0),
        (A, "012345678a", 1 / 10),
        (MANY, "abcdefghijkl", 1),
        (MANY, "abcde", 5 / 10),
    ],
)
def test_average_precision_by_hand(tags, recommended, expected):
    assert average_precision(tags, list(recommended)) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("tags", "recommended", "expected"),
    [
        (AB, "xaybz", 2 * (2 / 5) * 1 / (2 / 5 + 1)),
        (AB, "a", 2 * 1 * (1 / 2) / (1 + 1 / 2)),
        (AB, "ab", 1),
        (A, "xyzuva", 0),
        (A, "", 0),
        (frozenset(), "", 0),
        (MANY, "abcdefghij", 2 * 1 * (5 / 12) / (1 + 5 / 12)),
    ],
)
def test_f1_by_hand(tags, recommended, expected):
    assert f1_at_k(tags, list(recommended)) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("tags", "recommended", "expected"),
    [
        (AB, "xayb", (RANKS[1] + RANKS[3]) / (RANKS[0] + RANKS[1])),
        (AB, "ba", 1),
        (A, "xa", RANKS[1]),
        (A, "0123456789a", 0),
        (A, "", 0),
        (frozenset(), "a", 0),
        (MANY, "abcdefghijkl", 1),
    ],
)
def test_ndcg_by_hand(tags, recommended, expected):
    assert ndcg_at_k(tags, list(recommended)) == pytest.approx(expected)


@given(st.permutations("abcdef"), st.sets(st.sampled_from("abcdef"), min_size=1), st.integers(1, 7))
@settings(max_examples=60, deadline=None)
def test_ndcg_over_the_best_of_all_orders(recommended, tags, k):
    def gain(order):
        return sum((tag in tags) / math.log2(rank + 2) for rank, tag in enumerate(order[:k]))

    best = max(gain(order) for order in itertools.permutations(recommended))
    assert ndcg_at_k(frozenset(tags), recommended, k) == pytest.approx(gain(recommended) / best)


def test_calibration_error_by_hand():
    # Bins of 0.02, 0.05 (none carried), 0.55, 0.56, 0.57 (two carried) and 1.0 (carried).
    probabilities = np.array([0.02, 0.05, 0.55, 0.56, 0.57, 1.0])
    carried = np.array([False, False, True, False, True, True])
    expected = 2 / 6 * 0.035 + 3 / 6 * (2 / 3 - 0.56) + 0
    assert calibration_error(probabilities, carried) == pytest.approx(expected)
    assert calibration_error(np.zeros(0), np.zeros(0, bool)) is None
    assert calibration_error(np.array([1.0, 0.0]), np.array([False, True])) == 1


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=40))
@settings(max_examples=60, deadline=None)
def test_calibration_error_by_bins(pairs):
    error = 0.0
    for number in range(10):
        of_bin = [(p, y) for p, y in pairs if min(int(p * 10), 9) == number]
        if of_bin:
            confidence, share = np.mean([p for p, _ in of_bin]), np.mean([y for _, y in of_bin])
            error += len(of_bin) / len(pairs) * abs(confidence - share)
    probabilities, carried = map(np.array, zip(*pairs, strict=True))
    assert calibration_error(probabilities, carried) == pytest.approx(error, abs=1e-9)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=50))
@settings(max_examples=40, deadline=None)
def test_an_interval_lies_within_the_scores_and_is_the_same_again(scores):
    low, high = interval(scores)
    assert min(scores) - 1e-9 <= low <= high <= max(scores) + 1e-9
    assert (low, high) == interval(scores)


def test_an_interval_is_that_of_the_normal_approximation():
    scores = np.random.default_rng(3).random(400)
    low, high = interval(scores.tolist())
    error = scores.std() / 20
    assert low < scores.mean() < high
    assert (low, high) == pytest.approx((scores.mean() - 1.96 * error, scores.mean() + 1.96 * error), abs=error / 4)


def test_an_interval_of_equal_scores_is_a_point():
    assert interval([0.25] * 9) == (0.25, 0.25)
    assert interval([0.75]) == (0.75, 0.75)
    assert interval([]) is None


def test_draws_at_once_change_nothing(monkeypatch):
    scores = np.random.default_rng(0).random(30).tolist()
    whole = interval(scores)
    monkeypatch.setattr("transforms.evaluation.measures.DRAWS_AT_ONCE", 100)
    assert interval(scores) == whole


def test_a_mean_with_its_bounds():
    metric = mean_metric("m", "way", [0.5, 0.5, 0.5], in_use=True)
    assert metric == Metric("m", "way", 0.5, 3, True, 0.5, 0.5)
    assert mean_metric("m", "way", []) == Metric("m", "way", None, 0)
    spread = mean_metric("m", "way", [0.0, 1.0, 1 / 3])
    assert spread.value == round(4 / 9, 4)
    assert 0 <= spread.low < spread.value < spread.high <= 1
