import numpy as np
import pytest

from transforms.numerics import kmeans
from transforms.numerics.arrays import NOBODY, unit_rows
from transforms.numerics.kmeans import assign_again


@pytest.mark.parametrize("rows", [0, 1, 5, 6, 7, 12])
def test_rows_are_assigned_alike_however_many_at_a_time(rows, monkeypatch):
    rng = np.random.default_rng(0)
    vectors, centroids = (unit_rows(rng.normal(size=(n, 8)).astype(np.float32)) for n in (rows, 4))
    own = rng.integers(NOBODY, 4, rows)
    groups, cosines = assign_again(vectors, centroids, own, 0.3)
    monkeypatch.setattr(kmeans, "ROWS", 6)
    for found, expected in zip(assign_again(vectors, centroids, own, 0.3), (groups, cosines), strict=True):
        np.testing.assert_array_equal(found, expected)
    scores = np.round(vectors.astype(np.float64) @ centroids.astype(np.float64).T, 4)
    best = scores.argmax(axis=1) if rows else own
    stays = (own != NOBODY) & (scores[np.arange(rows), own] >= scores.max(axis=1, initial=-1) - 0.3)
    np.testing.assert_array_equal(groups, np.where(stays, own, best))
