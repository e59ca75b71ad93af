import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.transforms.records_by_hand import random_unit, unit
from transforms.search import NOBODY, Index, candidates, nearest


def brute_force(vectors, queries, count):
    """NumPy over all pairs: rows and rounded scores, ties by row."""
    scores = np.round(queries.astype(np.float64) @ vectors.astype(np.float64).T, 4) + 0.0
    rows = np.array([sorted(range(len(vectors)), key=lambda row: (-line[row], row)) for line in scores])
    return rows[:, :count], np.take_along_axis(scores, rows, 1)[:, :count]


@pytest.mark.parametrize("count", [1, 4, 100])
@pytest.mark.parametrize(("total", "dim"), [(1, 3), (90, 8), (500, 32)])
def test_nearest_is_what_numpy_finds(total, dim, count):
    vectors = random_unit(total, dim)
    rows, scores = nearest(vectors, vectors[:70], count)
    expected_rows, expected_scores = brute_force(vectors, vectors[:70], count)
    np.testing.assert_array_equal(rows, expected_rows)
    np.testing.assert_array_equal(scores, expected_scores)


@given(st.integers(1, 60), st.integers(1, 5), st.integers(0, 2**32 - 1))
@settings(max_examples=50, deadline=None)
def test_ties_are_broken_by_row_however_many(total, count, seed):
    vectors = unit(np.random.default_rng(seed).integers(0, 2, (total, 2)))
    rows, scores = nearest(vectors, vectors, count)
    expected_rows, expected_scores = brute_force(vectors, vectors, count)
    np.testing.assert_array_equal(rows, expected_rows)
    np.testing.assert_array_equal(scores, expected_scores)


def candidates_by_hand(vectors, query, count, copies):
    found, scores = brute_force(vectors, vectors[[query]], len(vectors))
    kept = [
        (row, score)
        for row, score in zip(found[0], scores[0], strict=True)
        if row != query and score > 0 and (copies is None or copies[row] != copies[query])
    ][:count]
    return kept + [(NOBODY, 0.0)] * (min(count, len(vectors)) - len(kept))


@given(st.integers(1, 40), st.integers(1, 9), st.booleans(), st.integers(0, 2**32 - 1))
@settings(max_examples=50, deadline=None)
def test_candidates_are_the_nearest_others_that_are_no_copies(total, count, with_copies, seed):
    rng = np.random.default_rng(seed)
    vectors = unit(rng.integers(-1, 2, (total, 3)))
    copies = rng.integers(0, total, total) if with_copies else None
    queries = rng.permutation(total)[: total // 2 + 1]
    found, scores = candidates(Index(vectors), queries, count, copies)
    for query, rows, near in zip(queries, found, scores, strict=True):
        assert list(zip(rows, near, strict=True)) == candidates_by_hand(vectors, query, count, copies)


def test_many_copies_do_not_hide_the_others():
    vectors = unit([[1, 0]] * 58 + [[1, 1], [0, 1]])
    found, scores = candidates(Index(vectors), np.array([7]), 3, np.array([0] * 58 + [58, 59]))
    assert found.tolist() == [[58, NOBODY, NOBODY]]
    assert scores.tolist() == [[0.7071, 0, 0]]


def test_a_zero_vector_is_nobodys_candidate_and_has_none():
    found, _ = candidates(Index(unit([[1, 0], [0, 0], [1, 1]])), np.arange(3), 2)
    assert found.tolist() == [[2, NOBODY], [NOBODY, NOBODY], [0, NOBODY]]
