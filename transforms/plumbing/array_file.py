"""Arrays in one file, as `np.savez` writes them: the same bytes for the same arrays, and nothing pickled."""

from __future__ import annotations

import io
import math
from collections.abc import Mapping
from typing import Any
from zipfile import ZIP_STORED, ZipFile

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]


def pack_arrays(arrays: Mapping[str, Array]) -> bytes:
    """Lay out arrays by their names, uncompressed; they hold numbers."""
    file = io.BytesIO()  # the bytes differ when they are written to what cannot seek
    by_name: dict[str, Any] = dict(arrays)
    np.savez(file, **by_name)
    return file.getvalue()


def unpack_arrays(content: bytes, dtypes: Mapping[str, npt.DTypeLike]) -> dict[str, Array]:
    """Read the arrays that are named with the type of their numbers; they cannot be written to.

    Raises ValueError for a compressed or missing one, for one of another type, and before more is read than is there;
    what is no such file may raise anything.
    """
    with ZipFile(io.BytesIO(content)) as archive:
        return {name: _read(archive, name, np.dtype(dtype)) for name, dtype in dtypes.items()}


def _read(archive: ZipFile, name: str, wanted: np.dtype[Any]) -> Array:
    try:
        info = archive.getinfo(f"{name}.npy")
    except KeyError:
        raise ValueError(f"{name} is missing") from None
    if info.compress_type != ZIP_STORED:
        raise ValueError(f"{name} is compressed")
    member = archive.read(info)
    file = io.BytesIO(member)
    if np.lib.format.read_magic(file) != (1, 0):
        raise ValueError(f"{name} is of another format")
    shape, by_columns, dtype = np.lib.format.read_array_header_1_0(file)
    if dtype != wanted or math.prod(shape) * dtype.itemsize != len(member) - file.tell():
        raise ValueError(f"{name} is no whole array of {wanted.name}")
    numbers: Array = np.frombuffer(member, dtype, offset=file.tell())
    return numbers.reshape(shape, order="F" if by_columns else "C")
