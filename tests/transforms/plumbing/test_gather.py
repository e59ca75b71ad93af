import pickle
import tempfile

import apache_beam as beam
import pytest
from apache_beam.testing.util import assert_that, equal_to
from hypothesis import given
from hypothesis import strategies as st

from tests.transforms.plumbing.keeping import keeping_parts
from transforms.plumbing import gather
from transforms.plumbing.gather import Gather, GatherEach, PackAllFn
from transforms.plumbing.parts import SMALL, take_up


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


SIZES = st.lists(st.integers(0, 3 * SMALL), max_size=8)


@given(SIZES, st.integers(1, 4 * SMALL))
def test_packs_hold_all_elements_and_are_no_larger_than_they_must_be(sizes, most):
    elements = [bytes([number]) * size for number, size in enumerate(sizes)]
    with pytest.MonkeyPatch.context() as patch, tempfile.TemporaryDirectory() as folder:
        patch.setattr(gather, "PACK", most)
        pack = PackAllFn(folder)
        pack.start_bundle()
        packed = [kept for element in elements for kept in pack.process(element)]
        packed += [last.value for last in pack.finish_bundle()]
        found = [[pickle.loads(content) for content in take_up(kept)] for _, kept in packed]
    assert [element for of in found for element in of] == elements
    assert all(sum(len(element) for element in of[:-1]) < most for of in found)


@pytest.mark.parametrize("number", [1, 3 * SMALL // 10])
def test_many_elements_wait_in_files_of_the_run(number, tmp_path):
    with keeping_parts(tmp_path) as pipeline:
        gathered = pipeline | beam.Create(["0123456789"] * number) | Gather(len)
        assert_that(gathered, equal_to([number]))
    assert bool(list(tmp_path.iterdir())) == (number > 1)
