"""Arrays in one file, as `np.savez` writes them: the same bytes for the same arrays, and nothing pickled."""

from __future__ import annotations

import io
import math
import struct
from collections.abc import Mapping
from typing import Any
from zipfile import ZIP_STORED, ZipFile, ZipInfo

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]

_HEADER_BYTES = 30
"""Before the name of a file in an archive; its last four bytes are the lengths of the name and of what follows that."""


def pack_arrays(arrays: Mapping[str, Array]) -> bytes:
    """Lay out arrays by their names, uncompressed; they hold numbers."""
    file = io.BytesIO()  # the bytes differ when they are written to what cannot seek
    by_name: dict[str, Any] = dict(arrays)
    np.savez(file, **by_name)
    return file.getvalue()


def unpack_arrays(content: bytes, dtypes: Mapping[str, npt.DTypeLike]) -> dict[str, Array]:
    """Read the arrays that are named with the type of their numbers; they cannot be written to.

    Their checksums are not looked at: whoever keeps a file knows its content by a digest. Raises ValueError for a
    compressed or missing array, for one of another type, and before more is read than is there; what is no such file
    may raise anything.
    """
    with ZipFile(io.BytesIO(content)) as archive:
        members = {member.filename: member for member in archive.infolist()}
    return {name: _read(content, members.get(f"{name}.npy"), name, np.dtype(dtype)) for name, dtype in dtypes.items()}


def _read(content: bytes, info: ZipInfo | None, name: str, wanted: np.dtype[Any]) -> Array:
    if info is None:
        raise ValueError(f"{name} is missing")
    if info.compress_type != ZIP_STORED:
        raise ValueError(f"{name} is compressed")
    start = info.header_offset + _HEADER_BYTES
    start += sum(struct.unpack_from("<HH", content, start - 4))
    member = content[start : start + info.file_size]
    file = io.BytesIO(member)
    if np.lib.format.read_magic(file) != (1, 0):
        raise ValueError(f"{name} is of another format")
    shape, by_columns, dtype = np.lib.format.read_array_header_1_0(file)
    if dtype != wanted or math.prod(shape) * dtype.itemsize != len(member) - file.tell():
        raise ValueError(f"{name} is no whole array of {wanted.name}")
    numbers: Array = np.frombuffer(member, dtype, offset=file.tell())
    return numbers.reshape(shape, order="F" if by_columns else "C")
