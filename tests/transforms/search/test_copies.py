import itertools

import apache_beam as beam
import numpy as np
import pytest
from apache_beam.testing.util import assert_that
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.transforms.records_by_hand import articles, corpus_of, random_unit, unit
from tests.transforms.search_by_hand import blocks_of, searched
from transforms.output.layout import shards
from transforms.results import Duplicate
from transforms.sampling import LARGE
from transforms.search.copies import FindCopies, pair_copies
from transforms.search.shards import NEAR_DUPLICATE


def duplicates_of(corpus, **settings):
    return [pair for _, _, pairs in searched(blocks_of(corpus, 2), corpus.keys, **settings) for pair in pairs]


def test_copies_are_paired_with_the_first_of_them_in_any_order():
    copies = [("d", "b"), ("c", "x"), ("d", "c"), ("d", "a"), ("e", "y"), ("c", "z")]
    expected = [("x", "z"), ("a", "b"), ("a", "c")]
    for order in itertools.permutations(copies):
        assert list(pair_copies(order)) == [Duplicate(left, right, 1.0, exact=True) for left, right in expected]
    assert list(pair_copies([])) == []


@given(st.lists(st.sampled_from("abcdef"), max_size=12))
@settings(max_examples=50, deadline=None)
def test_all_copies_of_a_text_hang_together(digests):
    copies = [(digest, f"{row:02}") for row, digest in enumerate(digests)]
    pairs = list(pair_copies(copies[::-1]))
    assert len(pairs) == len(digests) - len(set(digests))
    assert len({pair.right for pair in pairs}) == len(pairs)
    for pair in pairs:
        assert pair.left < pair.right
        assert int(pair.left) == digests.index(digests[int(pair.right)])


@pytest.mark.parametrize("files", [12, 100 * LARGE])
def test_the_transform_pairs_the_copies_of_all_blocks(files):
    digests = [f"text {row % 5}" for row in range(12)]
    corpus = corpus_of(articles(*[()] * 12), random_unit(12, 3), digests)
    expected = list(pair_copies(zip(digests, corpus.ids, strict=True)))
    assert (shards("duplicates", files) == 1) == (files == 12)

    def same(results):
        assert sorted(results, key=repr) == sorted(expected, key=repr)

    with beam.Pipeline(runner="FnApiRunner") as pipeline:
        blocks = pipeline | beam.Create(blocks_of(corpus, 4)[::-1])
        the_files = beam.pvalue.AsSingleton(pipeline | "Files" >> beam.Create([files]))
        assert_that(blocks | FindCopies(the_files), same)


@pytest.mark.parametrize("exact_duplicates", [False, True])
def test_near_duplicates_are_listed_and_exact_ones_are_not(exact_duplicates):
    near = [1, 0.1]  # cosine to [1, 0] is 0.995
    corpus = corpus_of(articles(*[()] * 4), unit([[1, 0], [1, 0], near, [0, 1]]), ["same", "same", "b", "c"])
    assert set(duplicates_of(corpus, exact_duplicates=exact_duplicates)) == {
        Duplicate("a0", "a2", 0.995, exact=False),
        Duplicate("a1", "a2", 0.995, exact=False),
    }


def test_near_duplicates_compare_all_dimensions():
    vectors = unit([[1, 0, 0], [1, 0, 0.9], [1, 0, 0.1]])
    listed = duplicates_of(corpus_of(articles((), (), ()), vectors, neighbor_dim=2))
    assert {(pair.left, pair.right) for pair in listed} == {("a0", "a2")}


@pytest.mark.parametrize("shards", [1, 3])
def test_near_duplicates_against_all_pairs(shards):
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
    listed = duplicates_of(corpus, shards=shards)
    assert {(pair.left, pair.right) for pair in listed} == expected
    assert 10 < len(expected) < 150
    assert all(pair.score == cosines[int(pair.left[1:]), int(pair.right[1:])] for pair in listed)


def test_the_cosine_of_near_duplicates_is_at_most_1():
    copies = unit(np.outer([1, 3, 5, 7], random_unit(1, 64)))
    assert max(pair.score for pair in duplicates_of(corpus_of(articles(*[()] * 4), copies))) == 1
