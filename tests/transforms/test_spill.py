import pytest

from transforms.spill import Spill, read_part


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
