import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.transforms.records_by_hand import random_unit, unit
from transforms.numerics.arrays import NOBODY
from transforms.search import cell_index
from transforms.search.cell_index import CellIndex


def brute_force(vectors, queries, count, visited, texts=None, query_texts=None):
    """NumPy and Python over all pairs; `visited` [q, n] tells which may be found."""
    scores = np.round(queries.astype(np.float64) @ vectors.astype(np.float64).T, 4) + 0.0
    found, best = np.full((len(queries), count), NOBODY), np.zeros((len(queries), count))
    for query, line in enumerate(scores):
        copies = np.zeros(len(vectors), bool) if texts is None else texts == query_texts[query]
        rows = [row for row in range(len(vectors)) if line[row] > 0 and visited[query, row] and not copies[row]]
        rows = sorted(rows, key=lambda row: (-line[row], row))[:count]
        found[query, : len(rows)], best[query, : len(rows)] = rows, line[rows]
    return found, best


def agree(found, expected):
    np.testing.assert_array_equal(found[1], expected[1])
    np.testing.assert_array_equal(found[0], expected[0])


def everywhere(queries, units):
    return np.tile(np.arange(units, dtype=np.int32), (queries, 1))


sizes = st.tuples(st.integers(1, 60), st.integers(1, 6), st.integers(1, 30), st.integers(0, 2**32 - 1))


def merge_found(parts, count):
    """The best of what was found for the same queries in several shards."""
    ids, scores = (np.concatenate(arrays, axis=1) for arrays in zip(*parts, strict=True))
    order = np.lexsort((ids, -scores), axis=1)[:, :count]
    return np.take_along_axis(np.where(scores > 0, ids, NOBODY), order, 1), np.take_along_axis(scores, order, 1)


@given(sizes, st.booleans(), st.booleans())
@settings(max_examples=60, deadline=None)
def test_all_units_visited_is_what_numpy_finds(size, coarse, with_texts):
    total, units, count, seed = size
    rng = np.random.default_rng(seed)
    vectors = unit(rng.integers(-1, 2, (total, 2)) if coarse else rng.standard_normal((total, 5)))
    texts = rng.integers(0, total, total) if with_texts else None
    homes = rng.integers(NOBODY, units, total).astype(np.int32)
    queries = rng.permutation(total)[: total // 2 + 1]
    of_queries = None if texts is None else texts[queries]
    found = CellIndex(vectors, homes, texts).search(
        vectors[queries], everywhere(len(queries), units), count, of_queries
    )
    placed = np.tile(homes != NOBODY, (len(queries), 1))
    agree(found, brute_force(vectors, vectors[queries], count, placed, texts, of_queries))


@given(sizes, st.integers(1, 4))
@settings(max_examples=60, deadline=None)
def test_any_split_into_shards_finds_the_same(size, shards):
    total, units, count, seed = size
    rng = np.random.default_rng(seed)
    vectors = unit(rng.integers(-1, 2, (total, 3)))
    texts = rng.integers(0, total, total)
    homes = rng.integers(0, units, total).astype(np.int32)
    probes = np.argsort(rng.random((total, units)), axis=1).astype(np.int32)[:, : units // 2 + 1]
    probes[rng.random(probes.shape) < 0.2] = NOBODY
    visited = (probes[:, :, None] == homes).any(axis=1)
    expected = brute_force(vectors, vectors, count, visited, texts, texts)
    agree(CellIndex(vectors, homes, texts).search(vectors, probes, count, texts), expected)
    of_unit = rng.integers(0, shards, units)
    parts = []
    for shard in range(shards):
        rows = np.flatnonzero(of_unit[homes] == shard)
        mine = np.where((probes != NOBODY) & (of_unit[probes] == shard), probes, NOBODY)
        shuffled = rng.permutation(total)
        found, scores = CellIndex(vectors[rows], homes[rows], texts[rows]).search(
            vectors[shuffled], mine[shuffled], count, texts[shuffled]
        )
        back = np.argsort(shuffled)
        parts.append((np.where(found == NOBODY, NOBODY, np.append(rows, NOBODY)[found])[back], scores[back]))
    agree(merge_found(parts, count), expected)


@pytest.mark.parametrize("name", ["QUERIES", "PRODUCTS", "ASKING", "ROWS", "SETTLED"])
def test_how_much_is_done_at_a_time_changes_nothing(name, monkeypatch):
    vectors = np.concatenate([unit(np.random.default_rng(1).integers(0, 3, (400, 4))), random_unit(100, 4)])
    homes = np.arange(500, dtype=np.int32) % 3
    texts = np.arange(500) // 2

    def search():
        return CellIndex(vectors, homes, texts).search(vectors, everywhere(500, 3), 5, texts)

    expected = search()
    agree(expected, brute_force(vectors, vectors, 5, np.ones((500, 500), bool), texts, texts))
    monkeypatch.setattr(cell_index, name, 170)
    agree(search(), expected)


def test_many_ties_are_settled_by_row():
    vectors = unit([[1, 0]] * 300 + [[1, 1e-3]] * 300)
    found, scores = CellIndex(vectors, np.zeros(600, np.int32)).search(vectors[[599]], everywhere(1, 1), 4)
    assert found.tolist() == [[0, 1, 2, 3]]
    assert scores.tolist() == [[1, 1, 1, 1]]


def test_many_copies_do_not_hide_the_others():
    vectors = unit([[1, 0]] * 58 + [[1, 1], [0, 1]])
    texts = np.array([0] * 58 + [58, 59])
    found, scores = CellIndex(vectors, np.zeros(60, np.int32), texts).search(
        vectors[[7]], everywhere(1, 1), 3, texts[[7]]
    )
    assert found.tolist() == [[58, NOBODY, NOBODY]]
    assert scores.tolist() == [[0.7071, 0, 0]]


@pytest.mark.parametrize(("rows", "queries"), [(0, 2), (3, 0), (0, 0)])
def test_nothing_to_search_or_nobody_asking(rows, queries):
    found, scores = CellIndex(np.ones((rows, 1), np.float32), np.zeros(rows, np.int32)).search(
        np.ones((queries, 1), np.float32), everywhere(queries, 1), 2
    )
    assert found.shape == scores.shape == (queries, 2)
    assert (found == NOBODY).all()


def test_a_query_without_units_finds_nobody():
    vectors = random_unit(9, 3)
    found, _ = CellIndex(vectors, np.zeros(9, np.int32)).search(vectors, np.zeros((9, 0), np.int32), 2)
    assert (found == NOBODY).all()
