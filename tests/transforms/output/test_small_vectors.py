"""Vectors of a byte a dimension: how near they stay, and which dimensions are kept."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from transforms.numerics.arrays import unit_rows
from transforms.output.small_vectors import DIM, quantized, shortened

MATRICES = arrays.arrays(
    np.float32, st.tuples(st.integers(0, 5), st.integers(1, 64)), elements=st.floats(-1, 1, width=32)
)


@given(MATRICES)
def test_each_row_is_rounded_by_its_largest_entry(matrix):
    found = quantized(matrix)
    assert found.dtype == np.int8
    for row, bytes_ in zip(matrix.astype(float), found.astype(float), strict=True):
        largest = max(map(abs, row))
        if largest == 0:
            assert not bytes_.any()
        else:
            assert max(map(abs, bytes_)) == 127
            assert np.abs(bytes_ / 127 - row / largest).max() <= 0.5 / 127 + 1e-6


def test_cosines_stay():
    vectors = unit_rows(np.random.default_rng(1).normal(size=(300, DIM)))
    small = unit_rows(quantized(vectors))
    assert np.abs(small @ small.T - vectors @ vectors.T).max() < 0.01


def test_few_dimensions_stay_as_they_are():
    vectors = unit_rows(np.random.default_rng(1).normal(size=(9, DIM)))
    assert shortened(vectors) is vectors


def test_of_many_dimensions_those_are_kept_in_which_posts_differ_most():
    random = np.random.default_rng(1)
    vectors = unit_rows(random.normal(size=(200, 100)) * np.linspace(1, 0.01, 100)[random.permutation(100)])
    left, values, _ = np.linalg.svd(vectors.astype(float), full_matrices=False)
    expected = unit_rows((left * values)[:, :DIM])
    found = shortened(vectors)
    assert found.shape == (200, DIM)
    assert found @ found.T == pytest.approx(expected @ expected.T, abs=1e-5)
