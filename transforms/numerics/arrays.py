"""Names for the arrays that modules hand to each other, and what is done to rows of unit vectors."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Vectors = npt.NDArray[np.float32]
"""A matrix, one row an article, of unit length; a zero row stands for a text that has no vector.

Posts that a model was not fitted to have shorter rows.
"""
Floats = npt.NDArray[np.float64]
"""Scores, cosines, probabilities, weights."""
Ints = npt.NDArray[np.int64]
"""Rows of a matrix, keys of articles, labels, counts, sums in fixed point."""
Floats32 = npt.NDArray[np.float32]
Ints32 = npt.NDArray[np.int32]
Mask = npt.NDArray[np.bool_]

NEARLY = 1e-3
"""A row whose squared length differs from 1 by no more than this is of unit length but for rounding."""
NOBODY = -1
"""Stands in a row of candidates where there are fewer."""


def unit_rows(matrix: npt.NDArray[np.floating]) -> Vectors:
    """Scale the rows of [n, dim] to unit length as float32; zero rows stay zero."""
    norms = np.linalg.norm(matrix.astype(np.float64), axis=1, keepdims=True)
    norms[norms == 0] = 1
    unit: Vectors = (matrix / norms).astype(np.float32, copy=False)
    return unit


def leading(vectors: Vectors, dim: int) -> Vectors:
    """Return the first `dim` columns of [n, >=dim] as unit rows; the same array when there are no more.

    Even then rows that are not of unit length are made so, such as those of posts that a model was not fitted to.
    """
    if vectors.shape[1] > dim:
        return unit_rows(vectors[:, :dim])
    squares = np.einsum("ij,ij->i", vectors, vectors)
    others = (squares > 0) & (np.abs(squares - 1) > NEARLY)
    if not others.any():
        return vectors
    near = vectors.copy()
    near[others] = unit_rows(vectors[others])
    return near


def inner_products(found: Vectors, queries: Vectors) -> Floats:
    """Return the inner products in float64 of [q, k, dim] with [q, dim]: [q, k]."""
    products: Floats = np.matmul(found.astype(np.float64), queries.astype(np.float64)[:, :, None])[:, :, 0]
    return products
