"""The truncated singular value decomposition of a sparse matrix, the same on every run."""

from __future__ import annotations

import numpy as np
from scipy import sparse

from transforms.numerics.arrays import Floats32
from transforms.numerics.seed import SEED
from transforms.numerics.threads import one_thread

GRAM_ROWS = 1024
"""Up to so many rows the Gram matrix is small and gives the exact answer faster than iterating."""
OVERSAMPLES = 16
POWER_ITERATIONS = 4


def right_singular_vectors(matrix: sparse.csr_matrix, rank: int) -> Floats32:
    """Return the leading right singular vectors of [rows, columns] as float32 [columns, <=rank], by falling value.

    Null directions are left out, but one column stays even for a matrix of zeros. A vector's sign is the one that
    makes the largest entry of its left singular vector positive. One BLAS thread, so that sums keep their order.
    """
    if min(matrix.shape) == 0:
        return np.zeros((matrix.shape[1], 1), np.float32)
    with one_thread():
        rows = matrix if matrix.shape[0] <= GRAM_ROWS else _compress_rows(matrix, rank + OVERSAMPLES)
        return _by_gram_matrix(rows, rank)


def _by_gram_matrix(rows: sparse.csr_matrix | Floats32, rank: int) -> Floats32:
    precise = rows.astype(np.float64)
    gram = precise @ precise.T
    values, left = np.linalg.eigh(gram.toarray() if isinstance(gram, sparse.spmatrix) else gram)
    values, left = values[::-1][:rank], left[:, ::-1][:, :rank]
    kept = max(1, int(np.count_nonzero(values > 1e-10 * max(values[0], 1e-30))))
    left = left[:, :kept]
    largest = left[np.abs(left).argmax(axis=0), np.arange(kept)]
    scale = np.copysign(np.sqrt(np.maximum(values[:kept], 1e-30)), largest)
    return np.asarray(rows.T @ (left / scale).astype(np.float32))


def _compress_rows(matrix: sparse.csr_matrix, rank: int) -> Floats32:
    """Project onto the range of the leading left singular vectors (Halko, Martinsson, Tropp 2011, algorithm 4.4).

    Only the rows' side is made orthonormal in each round: columns are many more, and the range is the same.
    """
    rank = min(rank, *matrix.shape)
    sketch = matrix @ np.random.default_rng(SEED).standard_normal((matrix.shape[1], rank), np.float32)
    for _ in range(POWER_ITERATIONS):
        basis, _ = np.linalg.qr(sketch)
        sketch = matrix @ (matrix.T @ basis)
    basis, _ = np.linalg.qr(sketch)
    return np.asarray((matrix.T @ basis).T)
