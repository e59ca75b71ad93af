import apache_beam as beam
import pytest
from apache_beam.testing.util import assert_that, equal_to
from hypothesis import given
from hypothesis import strategies as st

from transforms.plumbing import gather
from transforms.plumbing.gather import Gather, GatherEach, GatherLarge


def sum_above(numbers, least):
    return sum(number for number in numbers if number > least), isinstance(numbers, list)


def test_everything_is_made_into_one_with_side_inputs():
    with beam.Pipeline(runner="FnApiRunner") as pipeline:
        numbers = pipeline | beam.Create([1, 2, 3, 4])
        least = beam.pvalue.AsSingleton(pipeline | "Least" >> beam.Create([2]))
        assert_that(numbers | Gather(sum_above, least), equal_to([(7, True)]))


def test_each_that_is_made_of_everything_comes_by_itself():
    with beam.Pipeline(runner="FnApiRunner") as pipeline:
        numbers = pipeline | beam.Create([3, 1, 2])
        assert_that(numbers | GatherEach(sorted), equal_to([1, 2, 3]))


def test_nothing_is_made_of_nothing():
    with beam.Pipeline(runner="FnApiRunner") as pipeline:
        assert_that(pipeline | beam.Create([]) | Gather(), equal_to([]))


@given(st.lists(st.binary(max_size=40)), st.integers(1, 50), st.randoms(use_true_random=False))
def test_elements_that_were_cut_are_whole_again(elements, size, chance):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(gather, "PIECE", size)
        pieces = [piece for element in elements for piece in gather.cut(element)]
    assert all(len(piece) <= size for _, _, piece in pieces)
    chance.shuffle(pieces)
    assert sorted(gather.join(pieces)) == sorted(elements)


def test_large_elements_are_made_into_one_with_side_inputs():
    large = "x" * (3 * gather.PIECE)
    with beam.Pipeline(runner="FnApiRunner") as pipeline:
        least = beam.pvalue.AsSingleton(pipeline | "Least" >> beam.Create([1]))
        elements = pipeline | beam.Create([large, "a", large])
        lengths = elements | GatherLarge(lambda found, least: sorted(map(len, found))[least:], least)
        assert_that(lengths, equal_to([[len(large), len(large)]]))


def test_nothing_is_made_of_nothing_large():
    with beam.Pipeline(runner="FnApiRunner") as pipeline:
        assert_that(pipeline | beam.Create([]) | GatherLarge(), equal_to([]))
