"""How far tags that are sought overlap those that are offered."""

from __future__ import annotations

import numpy as np
from scipy import sparse

from transforms.numerics.arrays import NOBODY, Floats, Ints

CELLS = 1 << 20
"""The tags that are sought are laid out in a dense array of about so many cells at a time."""


def expected_dice(
    sought: sparse.csr_matrix, offered: sparse.csr_matrix, found: Ints, weights: Floats, offers: Floats | None = None
) -> Floats:
    """Return how far the tags sought by each of [q, tags] overlap those offered [n, tags] by its candidates.

    The Sørensen-Dice coefficient of weighted sets, in expectation where an entry is a probability: `found` int64
    [q, c] are rows of `offered`, the result has its shape; 0 where nobody is. `offers` [n] are the weights of all that
    is offered, where these are known already.
    """
    if offers is None:
        offers = offered @ weights
    overlaps = np.empty(found.shape)
    at_once = max(1, CELLS // max(1, sought.shape[1]))
    for start in range(0, len(found), at_once):
        some = slice(start, start + at_once)
        overlaps[some] = _dice(sought[some].toarray() * weights, offered, found[some], offers)
    return overlaps


def _dice(seeking: Floats, offered: sparse.csr_matrix, found: Ints, offers: Floats) -> Floats:
    pairs = offered[found.ravel()]
    pair = np.repeat(np.arange(found.size), np.diff(pairs.indptr))
    products = seeking[pair // found.shape[1], pairs.indices] * pairs.data
    shared = np.bincount(pair, products, minlength=found.size).reshape(found.shape)
    total = seeking.sum(axis=1)[:, None] + offers[found]
    there = (total > 0) & (found != NOBODY)
    return np.where(there, 2 * shared / np.where(there, total, 1), 0.0)
