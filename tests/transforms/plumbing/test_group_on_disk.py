import apache_beam as beam
import numpy as np
import pytest
from apache_beam.testing.util import assert_that
from hypothesis import given
from hypothesis import strategies as st

from tests.transforms.plumbing.keeping import keeping_parts
from transforms.plumbing import group_on_disk
from transforms.plumbing.group_on_disk import GroupOnDisk, PackFn, StoredGroup
from transforms.plumbing.parts import SMALL

LARGE = np.arange(SMALL, dtype=np.int64)


def packs_of(folder, keyed):
    """What the elements of one bundle are packed into."""
    pack = PackFn(folder)
    pack.start_bundle()
    packed = [kept for element in keyed for kept in pack.process(element)]
    return packed + [last.value for last in pack.finish_bundle()]


def keep(folder, elements):
    return [kept for _, kept in packs_of(folder, [("key", element) for element in elements])]


def test_large_packs_wait_in_a_file_and_small_ones_in_memory(tmp_path):
    packed = packs_of(str(tmp_path), [("a", "small"), ("b", LARGE), ("b", LARGE[::-1]), ("a", "as small")])
    assert {key: isinstance(part, bytes) for key, (part, _) in packed} == {"a": True, "b": False}
    (file,) = tmp_path.iterdir()
    assert file.stat().st_size > 2 * LARGE.nbytes
    groups = {key: StoredGroup([kept for of, kept in packed if of == key]) for key in "ab"}
    for _ in range(2):  # as often as one likes
        assert list(groups["a"]) == ["small", "as small"]
        large, reversed_one = groups["b"]
        np.testing.assert_array_equal(large, LARGE)
        np.testing.assert_array_equal(reversed_one, LARGE[::-1])


def test_without_a_folder_all_stay_in_memory():
    ((part, _),) = keep(None, [LARGE])
    assert isinstance(part, bytes)


@given(
    st.lists(st.tuples(st.integers(0, 3), st.integers(0, 200)), max_size=30), st.integers(1, 600), st.integers(1, 900)
)
def test_packs_hold_all_elements_and_are_no_larger_than_they_must_be(sizes, most, held):
    keyed = [(key, bytes([number]) * size) for number, (key, size) in enumerate(sizes)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(group_on_disk, "PACK", most)
        patch.setattr(group_on_disk, "HELD", held)
        packed = packs_of(None, keyed)
    found = {}
    for key, kept in packed:
        of_pack = list(StoredGroup([kept]))
        assert sum(map(len, of_pack[:-1])) < min(most, held)
        found[key] = found.get(key, []) + of_pack
    assert found == {key: [element for of, element in keyed if of == key] for key in dict(keyed)}


def test_no_more_of_a_large_group_is_held_than_the_runner_hands_out(tmp_path):
    class Group:
        """Hands out one pack after another, as often as one likes."""

        def __iter__(self):
            for number in range(4):
                handed_out.append(number)
                yield from keep(str(tmp_path), [number])

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
