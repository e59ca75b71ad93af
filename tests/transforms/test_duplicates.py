import numpy as np

from tests.transforms.records_by_hand import articles, corpus_of, random_unit, unit
from transforms.duplicates import NEAR_DUPLICATE, number_texts
from transforms.find import Finder
from transforms.records import Duplicate


def duplicates_of(corpus, rows=None, **settings):
    return Finder(corpus, **settings).find(np.arange(len(corpus)) if rows is None else np.array(rows))[1]


def test_texts_are_numbered_by_the_first_of_them():
    assert number_texts(["b", "a", "b", "c", "a"]).tolist() == [0, 1, 0, 3, 1]
    assert number_texts([]).tolist() == []


def test_duplicates_are_listed_exact_ones_with_the_first_of_them():
    near = [1, 0.1]  # cosine to [1, 0] is 0.995
    corpus = corpus_of(articles(*[()] * 4), unit([[1, 0], [1, 0], near, [0, 1]]), ["same", "same", "b", "c"])
    expected = {
        Duplicate("a0", "a1", 1.0, exact=True),
        Duplicate("a0", "a2", 0.995, exact=False),
        Duplicate("a1", "a2", 0.995, exact=False),
    }
    assert set(duplicates_of(corpus)) == expected
    assert set(duplicates_of(corpus, exact_duplicates=True)) == expected
    assert duplicates_of(corpus, [3]) == []
    assert duplicates_of(corpus, [0]) == [Duplicate("a0", "a2", 0.995, exact=False)]


def test_near_duplicates_compare_all_dimensions():
    vectors = unit([[1, 0, 0], [1, 0, 0.9], [1, 0, 0.1]])
    listed = duplicates_of(corpus_of(articles((), (), ()), vectors, neighbor_dim=2))
    assert {(pair.left, pair.right) for pair in listed} == {("a0", "a2")}


def test_near_duplicates_against_all_pairs():
    vectors = random_unit(12, 6)[np.arange(60) % 12] + 0.06 * random_unit(60, 6, 1)
    vectors = unit(vectors)
    digests = [f"text {row % 50}" for row in range(60)]
    corpus = corpus_of(articles(*[()] * 60), vectors, digests)
    cosines = np.round(vectors.astype(np.float64) @ vectors.astype(np.float64).T, 4)
    expected = {
        (f"a{left:02}", f"a{right:02}")
        for left in range(60)
        for right in range(left + 1, 60)
        if cosines[left, right] > NEAR_DUPLICATE and digests[left] != digests[right]
    }
    listed = [pair for pair in duplicates_of(corpus) if not pair.exact]
    assert {(pair.left, pair.right) for pair in listed} == expected
    assert 10 < len(expected) < 150
    assert all(pair.score == cosines[int(pair.left[1:]), int(pair.right[1:])] for pair in listed)


def test_the_cosine_of_near_duplicates_is_at_most_1():
    copies = unit(np.outer([1, 3, 5, 7], random_unit(1, 64)))
    assert max(pair.score for pair in duplicates_of(corpus_of(articles(*[()] * 4), copies))) == 1
