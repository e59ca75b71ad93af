import numpy as np
import pytest
from scipy import sparse

from transforms.numerics import svd
from transforms.numerics.svd import right_singular_vectors


def low_rank(rows, columns, rank, seed=0):
    rng = np.random.default_rng(seed)
    scale = 2.0 ** -np.arange(rank)
    return sparse.csr_matrix((rng.standard_normal((rows, rank)) * scale) @ rng.standard_normal((rank, columns)))


@pytest.mark.parametrize("gram_rows", [1024, 1])
def test_spans_what_numpy_finds(monkeypatch, gram_rows):
    monkeypatch.setattr(svd, "GRAM_ROWS", gram_rows)
    matrix = low_rank(60, 40, 8)
    vectors = right_singular_vectors(matrix.astype(np.float32), 5)
    expected = np.linalg.svd(matrix.toarray())[2][:5].T
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(np.abs(vectors.T @ expected), np.eye(5), atol=2e-3)


def test_leaves_out_null_directions():
    assert right_singular_vectors(low_rank(30, 20, 3).astype(np.float32), 10).shape == (20, 3)


def test_signs_are_fixed():
    matrix = low_rank(30, 20, 6).astype(np.float32)
    vectors = right_singular_vectors(matrix, 6)
    left = matrix @ vectors
    assert (left[np.abs(left).argmax(axis=0), np.arange(6)] > 0).all()


@pytest.mark.parametrize("shape", [(0, 5), (5, 0), (3, 4)])
def test_a_matrix_of_nothing_keeps_one_column(shape):
    vectors = right_singular_vectors(sparse.csr_matrix(shape, dtype=np.float32), 3)
    assert vectors.shape == (shape[1], 1)
    assert not vectors.any()
