"""Cosines as they are compared, written and digested: rounded, so that the last bits of a float decide nothing."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from transforms.numerics.arrays import Floats, Ints

DECIMALS = 4
WIDE = 8
"""Of more than so many columns for each one wanted, the best are picked before they are sorted."""


def rounded(scores: npt.NDArray[np.floating]) -> Floats:
    """Round scores to `DECIMALS`; zero has no sign."""
    precise = np.array(scores, np.float64)
    np.round(precise, DECIMALS, out=precise)
    precise += 0
    return precise[()]


def best_columns(scores: Floats, count: int) -> Ints:
    """Return the columns of the `count` highest of [rows, columns] scores, best first, ties by column."""
    if scores.shape[1] <= WIDE * count:
        return np.argsort(-scores, axis=1, kind="stable")[:, :count]
    least = np.partition(scores, -count, axis=1)[:, -count]
    best = np.empty((len(scores), count), np.int64)
    for row, (of_row, bound) in enumerate(zip(scores, least, strict=True)):
        columns = np.flatnonzero(of_row >= bound)
        best[row] = columns[np.argsort(-of_row[columns], kind="stable")][:count]
    return best
