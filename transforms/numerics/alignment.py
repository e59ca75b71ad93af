"""Points in a plane, moved onto others as a whole."""

from __future__ import annotations

import itertools

import numpy as np

from transforms.numerics.arrays import Floats, Ints
from transforms.numerics.rounding import DECIMALS


def laid_onto(points: Floats, rows: Ints, places: Floats) -> Floats:
    """Move, rotate, mirror and scale points [n, 2] as one, until some `rows` [m] are nearest to places [m, 2].

    Nearest by the sum of squares: Procrustes analysis with reflections, after Schoenemann (Psychometrika 31, 1966) and
    Gower (Psychometrika 40, 1975). Rows that are all in one place are moved and no more.
    """
    chosen = points[rows]
    centre, onto = chosen.mean(axis=0), places.mean(axis=0)
    left, sizes, right = np.linalg.svd((chosen - centre).T @ (places - onto))
    spread = np.square(chosen - centre).sum()
    scale = sizes.sum() / spread if spread > 0 and sizes.sum() > 0 else 1.0
    return np.asarray((points - centre) @ (left @ right) * scale + onto, np.float64)


def with_axes_of(points: Floats, rows: Ints, places: Floats) -> Floats:
    """Choose for each axis of places [m, 2] the column of points [n, >=2] that is most like it, mirrored if need be.

    By the sum of the squared correlations of some `rows` [m] with their places; of equals the first columns: [n, 2].
    """
    alike = _normed(points[rows]).T @ _normed(places)
    pairs = itertools.permutations(range(points.shape[1]), 2)
    axes = list(max(pairs, key=lambda pair: round(float(np.square(alike[list(pair), [0, 1]]).sum()), DECIMALS)))
    return np.asarray(points[:, axes] * np.where(alike[axes, [0, 1]] < 0, -1.0, 1.0), np.float64)


def _normed(columns: Floats) -> Floats:
    centred = columns - columns.mean(axis=0)
    sizes = np.linalg.norm(centred, axis=0)
    return np.asarray(centred / np.where(sizes > 0, sizes, 1), np.float64)
