import io
import zipfile

import numpy as np
import pytest

from transforms.plumbing.array_file import pack_arrays, unpack_arrays

ARRAYS = {
    "a": np.arange(6, dtype=np.int64).reshape(2, 3),
    "b": np.array([0.5, np.nan], np.float32),
    "c": np.zeros((0, 2)),
}
TYPES = {name: array.dtype for name, array in ARRAYS.items()}


def test_arrays_are_read_as_they_were_packed_always_into_the_same_bytes():
    content = pack_arrays(ARRAYS)
    assert content == pack_arrays({name: array.copy() for name, array in ARRAYS.items()})
    for name, array in unpack_arrays(content, TYPES).items():
        assert array.dtype == ARRAYS[name].dtype
        np.testing.assert_array_equal(array, ARRAYS[name])
    with np.load(io.BytesIO(content), allow_pickle=False) as loaded:
        assert list(loaded) == list(ARRAYS)


@pytest.mark.parametrize("types", [{"a": np.int32}, {"a": np.float64}, {"d": np.int64}])
def test_what_is_not_there_or_of_another_type_is_refused(types):
    with pytest.raises(ValueError, match=f"{next(iter(types))} is (missing|no whole array)"):
        unpack_arrays(pack_arrays(ARRAYS), types)


def test_a_compressed_array_is_not_unpacked():
    file = io.BytesIO()
    np.savez_compressed(file, a=np.zeros(10**6))
    with pytest.raises(ValueError, match="a is compressed"):
        unpack_arrays(file.getvalue(), {"a": np.float64})


@pytest.mark.parametrize("shape", [(10**9,), (7,), (5,), (-1,)])
def test_an_array_that_says_it_is_larger_or_smaller_is_not_read(shape):
    file = io.BytesIO()
    np.lib.format.write_array_header_1_0(file, {"descr": "<f8", "fortran_order": False, "shape": shape})
    file.write(b"\0" * 8 * 6)
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as written:
        written.writestr("a.npy", file.getvalue())
    with pytest.raises(ValueError, match="a is no whole array"):
        unpack_arrays(archive.getvalue(), {"a": np.float64})
