import dataclasses
import itertools

import apache_beam as beam
import pytest
from apache_beam.testing.util import assert_that
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.transforms.records_by_hand import articles, corpus_of, random_unit, unit
from tests.transforms.search_by_hand import blocks_of, runs_by_hand, searched
from transforms.output.layout import Sizes, shards
from transforms.records import NO_NOTES
from transforms.results import Duplicate
from transforms.sampling import LARGE
from transforms.search.copies import FindCopies, pair_copies


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
    assert (shards("duplicates", Sizes(files, files)) == 1) == (files == 12)

    def same(results):
        assert sorted(results, key=repr) == sorted(expected, key=repr)

    with beam.Pipeline(runner="FnApiRunner") as pipeline:
        blocks = pipeline | beam.Create(blocks_of(corpus, 4)[::-1])
        the_files = beam.pvalue.AsSingleton(pipeline | "Files" >> beam.Create([files]))
        assert_that(blocks | FindCopies(the_files), same)


@pytest.mark.parametrize("exact_duplicates", [False, True])
def test_near_duplicates_are_listed_and_exact_ones_are_not(exact_duplicates):
    digests = ["text 0", "text 0", "text 1", "text 3"]
    corpus = corpus_of(articles(*[()] * 4), unit([[1, 0], [1, 0], [1, 1], [1, 0]]), digests)
    one, other = runs_by_hand("text 0"), runs_by_hand("text 1")
    share = round(len(one & other) / len(other), 4)
    assert set(duplicates_of(corpus, exact_duplicates=exact_duplicates)) == {
        Duplicate("a0", "a2", share, exact=False),
        Duplicate("a1", "a2", share, exact=False),
    }


def test_without_texts_there_are_no_near_duplicates():
    corpus = corpus_of(articles((), ()), unit([[1, 0], [1, 0]]), ["one", "other"])
    blocks = [dataclasses.replace(block, notes=NO_NOTES) for block in blocks_of(corpus)]
    ((_, _, duplicates),) = searched(blocks, corpus.keys)
    assert duplicates == []
