"""Points in a plane, moved onto others as a whole."""

from __future__ import annotations

import numpy as np

from transforms.numerics.arrays import Floats, Ints


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


def with_signs_of(points: Floats, rows: Ints, places: Floats) -> Floats:
    """Mirror points [n, 2] at each axis along which some `rows` [m] lie opposite to their places [m, 2]."""
    chosen = points[rows]
    alike = ((chosen - chosen.mean(axis=0)) * (places - places.mean(axis=0))).sum(axis=0)
    return np.asarray(points * np.where(alike < 0, -1.0, 1.0), np.float64)
