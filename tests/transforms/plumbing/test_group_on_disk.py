import apache_beam as beam
import numpy as np
from apache_beam.testing.util import assert_that

from tests.transforms.plumbing.keeping import keeping_parts
from transforms.plumbing.group_on_disk import GroupOnDisk, PutDownFn, StoredGroup
from transforms.plumbing.parts import SMALL

LARGE = np.arange(SMALL, dtype=np.int64)


def put_down(folder, elements):
    keep = PutDownFn(folder)
    keep.start_bundle()
    kept = [kept for element in elements for _, kept in keep.process(("key", element))]
    keep.finish_bundle()
    return kept


def test_large_elements_wait_in_a_file_and_small_ones_in_memory(tmp_path):
    kept = put_down(str(tmp_path), ["small", LARGE, LARGE[::-1]])
    assert [isinstance(part, bytes) for part, _ in kept] == [True, False, False]
    (file,) = tmp_path.iterdir()
    assert file.stat().st_size > 2 * LARGE.nbytes
    group = StoredGroup(kept)
    for _ in range(2):  # as often as one likes
        small, large, reversed_one = group
        assert small == "small"
        np.testing.assert_array_equal(large, LARGE)
        np.testing.assert_array_equal(reversed_one, LARGE[::-1])


def test_without_a_folder_all_stay_in_memory():
    ((part, _),) = put_down(None, [LARGE])
    assert isinstance(part, bytes)


def test_no_more_of_a_large_group_is_held_than_the_runner_hands_out(tmp_path):
    class Group:
        """Hands out one element after another, as often as one likes."""

        def __iter__(self):
            for number in range(4):
                handed_out.append(number)
                yield from put_down(str(tmp_path), [number])

    handed_out = []
    group = StoredGroup(Group())
    for _ in range(2):
        handed_out.clear()
        for element in group:
            assert handed_out == list(range(element + 1))
    assert handed_out == [0, 1, 2, 3]


def test_elements_are_grouped_by_key(tmp_path):
    elements = [(number % 3, LARGE[number:] if number % 2 else number) for number in range(9)]

    def same(groups):
        found = {key: sorted(len(of) if isinstance(of, np.ndarray) else of for of in group) for key, group in groups}
        assert found == {
            key: sorted(len(LARGE) - number if number % 2 else number for number in range(key, 9, 3))
            for key in range(3)
        }

    with keeping_parts(tmp_path) as pipeline:
        assert_that(pipeline | beam.Create(elements) | GroupOnDisk(), same)
    assert list(tmp_path.iterdir())
