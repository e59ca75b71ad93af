"""Numbers made small."""

import zlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from transforms.plumbing.packed_numbers import pack_numbers, unpack_numbers

NUMBERS = st.sampled_from(["int8", "uint16", "int16", "uint32", "int64"]).flatmap(
    lambda dtype: arrays.arrays(dtype, arrays.array_shapes(max_dims=2, min_side=0, max_side=9))
)


@given(NUMBERS)
def test_numbers_are_unpacked_as_they_were(numbers):
    packed = pack_numbers(numbers)
    found = unpack_numbers(packed, numbers.dtype, numbers.shape)
    assert found.dtype == numbers.dtype
    assert np.array_equal(found, numbers)
    assert np.array_equal(pack_numbers(found), packed)


def test_numbers_that_are_alike_take_little():
    assert len(pack_numbers(np.arange(10_000, dtype=np.int64))) < 11_000


def test_what_is_larger_is_not_inflated():
    bomb = np.frombuffer(zlib.compress(bytes(10**7)), np.uint8)
    with pytest.raises(ValueError, match=r"no array of \(5,\) of int16"):
        unpack_numbers(bomb, np.int16, (5,))


@pytest.mark.parametrize(
    "packed",
    [
        b"",
        b"no deflated data",
        zlib.compress(bytes(10))[:-1],
        zlib.compress(bytes(10)) + b"more",
        zlib.compress(bytes(9)),
        zlib.compress(bytes(11)),
    ],
)
def test_what_is_not_whole_is_refused(packed):
    with pytest.raises(ValueError, match="it "):
        unpack_numbers(np.frombuffer(packed, np.uint8), np.int16, (5,))
