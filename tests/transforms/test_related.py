import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.transforms.records_by_hand import articles, block, random_unit, unit
from transforms.records import Duplicate
from transforms.related import Corpus, nearest


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


def related_of(corpus, *ids, **settings):
    return {row.id: [(n.id, n.score) for n in row.related] for row, _ in corpus.related(ids, 2, **settings)}


def test_an_article_is_never_related_to_itself_or_to_its_copies():
    posts = articles(*[()] * 4)
    corpus = Corpus([block(posts, unit([[1, 0], [1, 0], [1, 1], [1, 0]]), ["same", "same", "b", "same"])])
    assert related_of(corpus, "a0", "a2") == {"a0": [("a2", 0.7071)], "a2": [("a0", 0.7071), ("a1", 0.7071)]}
    assert related_of(corpus, "a0", exact_duplicates=True) == {"a0": [("a1", 1.0), ("a3", 1.0)]}


def test_many_copies_do_not_hide_the_others():
    posts = articles(*[()] * 60)
    vectors = unit([[1, 0]] * 58 + [[1, 1], [0, 1]])
    corpus = Corpus([block(posts, vectors, ["copy"] * 58 + ["x", "y"])])
    assert related_of(corpus, "a7") == {"a7": [("a58", 0.7071)]}


def test_a_zero_vector_is_nobodys_neighbour_and_has_none():
    corpus = Corpus([block(articles((), (), ()), unit([[1, 0], [0, 0], [1, 1]]))])
    assert related_of(corpus, "a0", "a1") == {"a0": [("a2", 0.7071)], "a1": []}


def test_blocks_in_any_order_make_the_same_corpus():
    posts = articles(*[()] * 10)
    vectors = random_unit(10, 4)
    parts = [block(posts[start::3], vectors[start::3]) for start in range(3)]
    ids = [post.id for post in posts]
    expected = related_of(Corpus(parts), *ids)
    assert related_of(Corpus(parts[::-1]), *ids) == expected
    assert related_of(Corpus([block(posts, vectors)]), *ids) == expected


def test_neighbours_compare_the_leading_dimensions():
    corpus = Corpus([block(articles((), (), ()), unit([[1, 0, 9], [1, 0, -9], [0.8, 0.6, 9]]), neighbor_dim=2)])
    assert related_of(corpus, "a0") == {"a0": [("a1", 1.0), ("a2", 0.8)]}


def test_duplicates_are_listed_exact_ones_with_the_first_of_them():
    near = [1, 0.1]  # cosine to [1, 0] is 0.995
    corpus = Corpus([block(articles(*[()] * 4), unit([[1, 0], [1, 0], near, [0, 1]]), ["same", "same", "b", "c"])])
    listed = {pair for _, pairs in corpus.related(["a0", "a1", "a2", "a3"], 2) for pair in pairs}
    assert listed == {
        Duplicate("a0", "a1", 1.0, exact=True),
        Duplicate("a0", "a2", 0.995, exact=False),
        Duplicate("a1", "a2", 0.995, exact=False),
    }
