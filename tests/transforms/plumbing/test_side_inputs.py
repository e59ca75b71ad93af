import pickle

import apache_beam as beam
import pytest
from apache_beam.testing.util import assert_that, equal_to

from tests.transforms.plumbing.keeping import keeping_parts
from transforms.plumbing import side_inputs
from transforms.plumbing.parts import SMALL
from transforms.plumbing.side_inputs import Shared, as_iter, as_singleton, share

LARGE = "x" * SMALL


@pytest.fixture(autouse=True)
def nothing_at_hand():
    side_inputs._at_hand.clear()


def test_a_large_element_waits_in_a_file_and_is_itself_where_it_is_unpickled(tmp_path):
    shared = share(LARGE, str(tmp_path))
    assert isinstance(shared, Shared)
    content = pickle.dumps(shared)
    assert len(content) < 1000
    assert pickle.loads(content) == LARGE


@pytest.mark.parametrize(("element", "has_folder"), [("small", True), (LARGE, False)])
def test_what_is_small_or_has_no_folder_stays_as_it_is(element, has_folder, tmp_path):
    assert share(element, str(tmp_path) if has_folder else None) is element
    assert not list(tmp_path.iterdir())


def test_a_file_is_read_once_while_it_is_at_hand(tmp_path):
    contents = [pickle.dumps(share(LARGE + str(number), str(tmp_path))) for number in range(side_inputs.AT_HAND + 1)]
    first = pickle.loads(contents[0])
    assert pickle.loads(contents[0]) is first
    for content in contents:
        pickle.loads(content)
    assert len(side_inputs._at_hand) == side_inputs.AT_HAND
    assert pickle.loads(contents[0]) is not first


def test_what_was_changed_is_not_read(tmp_path):
    content = pickle.dumps(share(LARGE, str(tmp_path)))
    (file,) = tmp_path.iterdir()
    file.write_bytes(file.read_bytes()[:-1] + b"?")
    with pytest.raises(RuntimeError, match="was changed"):
        pickle.loads(content)


def test_stages_get_side_inputs_from_files(tmp_path):
    with keeping_parts(tmp_path) as pipeline:
        one = pipeline | "One" >> beam.Create([LARGE])
        some = pipeline | "Some" >> beam.Create([LARGE, LARGE + "y", "z"])
        sizes = (
            pipeline
            | beam.Create([1])
            | beam.Map(
                lambda number, one, some: (number, len(one), sorted(map(len, some))),
                as_singleton(one, "one"),
                as_iter(some, "some"),
            )
        )
        assert_that(sizes, equal_to([(1, SMALL, [1, SMALL, SMALL + 1])]))
    assert len(list(tmp_path.iterdir())) == 3
