import apache_beam as beam
import numpy as np
import pytest
from apache_beam.coders import registry
from apache_beam.coders.coders import FastPrimitivesCoder
from apache_beam.testing.util import assert_that, equal_to
from apache_beam.typehints import Any, Tuple

from transforms.plumbing.large_elements import ANY, FilingCoder, large_elements_in
from transforms.plumbing.parts import SMALL

LARGE = np.arange(SMALL, dtype=np.int64)
SUM = int(LARGE.sum())


@pytest.mark.parametrize("element", [None, 1, "a", ("key", [1.5, b"b"]), {"a": {2}}, b"b" * (SMALL - 100)])
def test_a_small_element_travels_as_it_is(element, tmp_path):
    coder = FilingCoder(str(tmp_path))
    encoded = coder.encode(element)
    assert encoded[1:] == ANY.encode(element)
    assert coder.decode(encoded) == element
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("element", ["a" * SMALL, (1, b"b" * SMALL), [{"a": "b" * 1000}] * SMALL])
def test_a_large_one_waits_in_a_file(element, tmp_path):
    coder = FilingCoder(f"{tmp_path}/parts")
    encoded = [coder.encode(element) for _ in range(2)]
    assert max(map(len, encoded)) < 300
    assert [coder.decode(one) for one in encoded] == [element] * 2
    assert len(list((tmp_path / "parts").iterdir())) == 2


def test_a_file_that_was_changed_is_not_read(tmp_path):
    coder = FilingCoder(str(tmp_path))
    encoded = coder.encode("a" * SMALL)
    (file,) = tmp_path.iterdir()
    file.write_bytes(file.read_bytes().replace(b"aa", b"ab", 1))
    with pytest.raises(RuntimeError, match="changed while it ran"):
        coder.decode(encoded)


def test_keys_and_sizes_are_as_beam_has_them(tmp_path):
    coder = FilingCoder(str(tmp_path))
    assert not coder.is_deterministic()
    assert coder.as_deterministic_coder("a step").is_deterministic()
    assert coder.estimate_size(LARGE) == ANY.estimate_size(LARGE)
    assert list(tmp_path.iterdir()) == []
    assert coder == FilingCoder(str(tmp_path))
    assert coder != FilingCoder("elsewhere")
    assert len({coder, FilingCoder(str(tmp_path))}) == 1


def test_it_stands_for_any_type_while_a_folder_is_set():
    with large_elements_in("there"):
        assert registry.get_coder(Any) == FilingCoder("there")
        with large_elements_in(None):
            assert type(registry.get_coder(Any)) is FastPrimitivesCoder
        assert registry.get_coder(Tuple[int, Any]).coders()[1] == FilingCoder("there")
    assert type(registry.get_coder(Any)) is FastPrimitivesCoder


def test_a_pipeline_s_large_elements_wait(tmp_path):
    pipeline = beam.Pipeline("FnApiRunner")
    made = pipeline | beam.Create(range(6)) | beam.Map(lambda number: (number % 2, LARGE[number:]))
    grouped = made | beam.GroupByKey()
    sums = grouped | beam.MapTuple(lambda key, large: (key, sum(int(one.sum()) for one in large)))
    assert_that(sums, equal_to([(0, 3 * SUM - 1 - 6), (1, 3 * SUM - 3 - 10)]))
    with large_elements_in(str(tmp_path)):
        pipeline.run().wait_until_finish()
    assert len(list(tmp_path.iterdir())) >= 6
    assert min(file.stat().st_size for file in tmp_path.iterdir()) >= LARGE[5:].nbytes
