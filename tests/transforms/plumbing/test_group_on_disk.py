import apache_beam as beam
import numpy as np
import pytest
from apache_beam.testing.util import assert_that

from transforms.plumbing.group_on_disk import SMALL, GroupOnDisk, PutDownFn, Spill, StoredGroup, read_part

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


def test_where_the_folder_is_remote_all_stay_in_memory():
    ((part, _),) = put_down("gs://bucket/staging", [LARGE])
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


def test_what_was_changed_is_not_read(tmp_path):
    group = StoredGroup(put_down(str(tmp_path), [LARGE]))
    (file,) = tmp_path.iterdir()
    content = bytearray(file.read_bytes())
    content[1000] ^= 1
    file.write_bytes(content)
    with pytest.raises(RuntimeError, match="was changed"):
        list(group)


def test_elements_are_grouped_by_key(tmp_path):
    elements = [(number % 3, LARGE[number:] if number % 2 else number) for number in range(9)]

    def same(groups):
        found = {key: sorted(len(of) if isinstance(of, np.ndarray) else of for of in group) for key, group in groups}
        assert found == {
            key: sorted(len(LARGE) - number if number % 2 else number for number in range(key, 9, 3))
            for key in range(3)
        }

    with beam.Pipeline(runner="FnApiRunner") as pipeline:
        assert_that(pipeline | beam.Create(elements) | GroupOnDisk(str(tmp_path)), same)


def test_chunks_come_back_from_a_file(tmp_path):
    spill = Spill(f"{tmp_path}/parts")
    parts = [spill.put(bytes([number]) * number) for number in range(5)]
    spill.close()
    assert len(list((tmp_path / "parts").iterdir())) == 1
    assert [read_part(part) for part in reversed(parts)] == [bytes([number]) * number for number in (4, 3, 2, 1, 0)]
    part = spill.put(b"next")
    spill.close()
    assert read_part(part) == b"next"
    assert len(list((tmp_path / "parts").iterdir())) == 2


def test_without_a_chunk_there_is_no_file(tmp_path):
    Spill(f"{tmp_path}/parts").close()
    assert list(tmp_path.iterdir()) == []


def test_of_a_remote_folder_chunks_stay_as_they_are():
    assert Spill("gs://bucket/parts").put(b"chunk") == b"chunk"
    assert read_part(b"chunk") == b"chunk"


def test_a_file_that_is_gone_is_an_error(tmp_path):
    with pytest.raises(OSError, match="gone"):
        read_part((f"{tmp_path}/gone", 0, 1))
