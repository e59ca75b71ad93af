import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.transforms.records_by_hand import random_unit, unit
from transforms.numerics.arrays import NOBODY, inner_products
from transforms.search.candidates import candidates
from transforms.search.exact import WIDEST, Index, nearest


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


@given(st.integers(1, 60), st.integers(1, 70), st.integers(1, 9), st.booleans(), st.integers(0, 2**32 - 1))
@settings(max_examples=50, deadline=None)
def test_where_ties_reach_far_all_are_compared(total, count, at_once, alike, seed):
    rng = np.random.default_rng(seed)
    vectors = unit(np.ones((total, 3)) + 1e-4 * rng.random((total, 3)) if alike else rng.integers(-2, 3, (total, 3)))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("transforms.search.exact.WIDEST", 0)
        patch.setattr("transforms.search.exact.ROWS", at_once)
        patch.setattr("transforms.search.exact.PRODUCTS", 5 * at_once)
        rows, scores = nearest(vectors, vectors[:20], count)
    expected_rows, expected_scores = brute_force(vectors, vectors[:20], count)
    np.testing.assert_array_equal(rows, expected_rows)
    np.testing.assert_array_equal(scores, expected_scores)


def test_no_more_vectors_are_laid_out_where_all_are_alike(monkeypatch):
    vectors = unit(np.ones((3_000, 8)) + 1e-4 * np.random.default_rng(0).random((3_000, 8)))
    laid_out = []
    monkeypatch.setattr(
        "transforms.search.exact.inner_products",
        lambda found, queries: laid_out.append(found.shape[1]) or inner_products(found, queries),
    )
    rows, scores = nearest(vectors, vectors[:5], 100)
    assert max(laid_out) <= WIDEST
    assert (rows == np.arange(100)).all()
    assert (scores == 1).all()


def candidates_by_hand(vectors, texts, query, own, count):
    rows, scores = brute_force(vectors, query[None], len(vectors))
    kept = [
        (row, score)
        for row, score in zip(rows[0].tolist(), scores[0].tolist(), strict=True)
        if score > 0 and texts[row] != own
    ][:count]
    return kept + [(NOBODY, 0.0)] * (count - len(kept))


@given(st.integers(1, 40), st.integers(1, 9), st.sampled_from([1, 5, 1 << 62]), st.integers(0, 2**32 - 1))
@settings(max_examples=60, deadline=None)
def test_candidates_are_the_nearest_that_have_another_text(total, count, numbers, seed):
    rng = np.random.default_rng(seed)
    vectors = unit(rng.integers(-1, 2, (total, 3)))
    texts = rng.integers(0, numbers, total)
    queries, own = unit(rng.integers(-1, 2, (7, 3))), rng.choice([*texts, numbers + 1], 7)
    queries[0], own[0] = vectors[0], texts[0]
    found, scores = candidates(Index(vectors), texts, queries, own, count)
    assert found.shape == scores.shape == (7, count)
    for query, number, rows, near in zip(queries, own, found.tolist(), scores.tolist(), strict=True):
        assert list(zip(rows, near, strict=True)) == candidates_by_hand(vectors, texts, query, number, count)


@pytest.mark.parametrize("at_once", [1, 7, 20])
def test_candidates_are_the_same_however_many_are_looked_for_at_a_time(at_once, monkeypatch):
    vectors, texts = random_unit(20, 3), np.arange(20) % 6
    whole = candidates(Index(vectors), texts, vectors, texts, 9)
    monkeypatch.setattr("transforms.search.candidates.AT_ONCE", at_once)
    for part, expected in zip(candidates(Index(vectors), texts, vectors, texts, 9), whole, strict=True):
        np.testing.assert_array_equal(part, expected)


def test_many_copies_do_not_hide_the_others():
    vectors = unit([[1, 0]] * 58 + [[1, 1], [0, 1]])
    texts = np.array([0] * 58 + [58, 59])
    found, scores = candidates(Index(vectors), texts, vectors[[7, 58]], texts[[7, 58]], 3)
    assert found.tolist() == [[58, NOBODY, NOBODY], [0, 1, 2]]
    assert scores.tolist() == [[0.7071, 0, 0], [0.7071, 0.7071, 0.7071]]


def test_a_zero_vector_is_nobodys_candidate_and_has_none():
    vectors = unit([[1, 0], [0, 0], [1, 1]])
    found, _ = candidates(Index(vectors), np.arange(3), vectors, np.arange(3), 2)
    assert found.tolist() == [[2, NOBODY], [NOBODY, NOBODY], [0, NOBODY]]


def test_among_nobody_nobody_is_found():
    nothing = np.zeros((0, 4), np.float32)
    found, scores = candidates(Index(nothing), np.zeros(0, np.int64), random_unit(2, 4), np.arange(2), 3)
    assert (found.tolist(), scores.tolist()) == ([[NOBODY] * 3] * 2, [[0.0] * 3] * 2)
