import apache_beam as beam
import pytest
from apache_beam.testing.util import assert_that, equal_to

from tests.transforms.plumbing.keeping import keeping_parts
from transforms.plumbing.gather import Gather, GatherEach
from transforms.plumbing.parts import SMALL


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


@pytest.mark.parametrize("number", [1, 3 * SMALL // 10])
def test_many_elements_wait_in_files_of_the_run(number, tmp_path):
    with keeping_parts(tmp_path) as pipeline:
        gathered = pipeline | beam.Create(["0123456789"] * number) | Gather(len)
        assert_that(gathered, equal_to([number]))
    assert bool(list(tmp_path.iterdir())) == (number > 1)
