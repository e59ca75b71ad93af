"""Numbers made small: all their lowest bytes, then all the next ones and so on, deflated."""

from __future__ import annotations

import math
import zlib

import numpy as np
import numpy.typing as npt

from transforms.plumbing.array_file import Array

LEVEL = 6


def pack_numbers(numbers: Array) -> npt.NDArray[np.uint8]:
    """Deflate integers: uint8 [bytes], the same for the same numbers."""
    little = np.ascontiguousarray(numbers, numbers.dtype.newbyteorder("<"))
    planes = little.view(np.uint8).reshape(-1, numbers.dtype.itemsize).T
    return np.frombuffer(zlib.compress(np.ascontiguousarray(planes).tobytes(), LEVEL), np.uint8)


def unpack_numbers(packed: npt.NDArray[np.uint8], dtype: npt.DTypeLike, shape: tuple[int, ...]) -> Array:
    """Inflate integers of a type and a shape; raises ValueError for others, before more is inflated than these take."""
    wanted = np.dtype(dtype).newbyteorder("<")
    size = math.prod(shape) * wanted.itemsize
    inflating = zlib.decompressobj()
    try:
        content = inflating.decompress(packed.tobytes(), size + 1)
    except zlib.error as error:
        raise ValueError(f"it cannot be inflated: {error}") from None
    if len(content) != size or not inflating.eof or inflating.unused_data:
        raise ValueError(f"it is no array of {shape} of {wanted.name}")
    planes = np.frombuffer(content, np.uint8).reshape(wanted.itemsize, -1)
    array: Array = np.ascontiguousarray(planes.T).view(wanted).reshape(shape).astype(dtype, copy=False)
    return array
