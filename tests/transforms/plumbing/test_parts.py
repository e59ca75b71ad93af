import numpy as np
import pytest
from apache_beam import Create, Pipeline
from apache_beam.options.pipeline_options import PipelineOptions

from transforms.plumbing.parts import SMALL, PartsOptions, Spill, parts_folder, pickled, put_down, read_part, take_up

LARGE = np.arange(SMALL, dtype=np.int64)


def test_the_folder_is_the_pipeline_s():
    options = PipelineOptions([])
    with Pipeline("FnApiRunner", options) as pipeline:
        assert parts_folder(pipeline | Create([1])) is None
    options.view_as(PartsOptions).parts_folder = "out/.staging/parts"
    with Pipeline("FnApiRunner", options) as pipeline:
        assert parts_folder(pipeline | Create([1])) == "out/.staging/parts"


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


def test_without_a_folder_chunks_stay_as_they_are():
    assert Spill(None).put(b"chunk") == b"chunk"
    assert read_part(b"chunk") == b"chunk"


def test_a_file_that_is_gone_is_an_error(tmp_path):
    with pytest.raises(OSError, match="gone"):
        read_part((f"{tmp_path}/gone", 0, 1))


@pytest.mark.parametrize("element", ["small", LARGE])
def test_what_was_put_down_is_taken_up(element, tmp_path):
    spill = Spill(str(tmp_path))
    kept = put_down(pickled(element), spill)
    spill.close()
    np.testing.assert_array_equal(take_up(kept), element)
    assert len(list(tmp_path.iterdir())) == (element is LARGE)


def test_what_was_changed_is_not_read(tmp_path):
    spill = Spill(str(tmp_path))
    kept = put_down(pickled(LARGE), spill)
    spill.close()
    (file,) = tmp_path.iterdir()
    content = bytearray(file.read_bytes())
    content[1000] ^= 1
    file.write_bytes(content)
    with pytest.raises(RuntimeError, match="was changed"):
        take_up(kept)
