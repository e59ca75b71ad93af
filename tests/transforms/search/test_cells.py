import numpy as np
import pytest

from tests.transforms.records_by_hand import random_unit, unit
from transforms.numerics.arrays import NOBODY
from transforms.numerics.kmeans import QUICK, fit_spherical_kmeans
from transforms.search.cells import cell_depths, cells_in_reach, nearest_cells, number_of_cells


@pytest.mark.parametrize("articles", [0, 1, 100, 50_001, 1_000_000, 30_000_000])
def test_cells_are_a_power_of_two_that_grows_with_the_root(articles):
    cells = number_of_cells(articles)
    assert cells.bit_count() == 1
    assert cells <= max(8 * articles**0.5, 8)
    assert number_of_cells(16 * articles) >= cells


def test_centroids_are_unit_rows_and_the_same_every_time():
    vectors = np.concatenate([random_unit(300, 8), np.zeros((5, 8), np.float32)])
    centroids = fit_spherical_kmeans(vectors, 16, QUICK)
    assert centroids.shape == (16, 8)
    np.testing.assert_allclose(np.linalg.norm(centroids, axis=1), 1, atol=1e-6)
    np.testing.assert_array_equal(centroids, fit_spherical_kmeans(vectors, 16, QUICK))
    np.testing.assert_array_equal(centroids, fit_spherical_kmeans(vectors[:300], 16, QUICK))


def test_groups_apart_become_cells():
    groups = np.eye(4)
    vectors = unit(np.repeat(groups, 50, axis=0) + 0.01 * np.random.default_rng(0).standard_normal((200, 4)))
    cells = nearest_cells(vectors, fit_spherical_kmeans(vectors, 4, QUICK), 1)[:, 0].reshape(4, 50)
    assert (cells == cells[:, :1]).all()
    assert len(set(cells[:, 0].tolist())) == 4


def test_no_more_cells_than_vectors():
    assert fit_spherical_kmeans(random_unit(3, 5), 8, QUICK).shape == (3, 5)
    assert fit_spherical_kmeans(np.zeros((3, 5), np.float32), 8, QUICK).tolist() == [[0] * 5]


def test_nearest_cells_are_numpys_with_ties_by_cell():
    centroids = unit(np.random.default_rng(0).integers(-1, 2, (40, 3)))
    vectors = unit(np.random.default_rng(1).integers(-2, 3, (50, 3)))
    cosines = np.round(vectors.astype(float) @ centroids.T.astype(float), 4)
    np.testing.assert_array_equal(nearest_cells(vectors, centroids, 7), np.argsort(-cosines, 1, kind="stable")[:, :7])
    assert nearest_cells(vectors, centroids, 99).shape == (50, 40)
    assert nearest_cells(vectors, centroids, 7).dtype == np.int32


@pytest.mark.parametrize("count", [1, 2, 5, 12, 30, 39, 40, 99])
def test_cells_in_reach_are_those_of_less_depth(count):
    centroids = unit(np.random.default_rng(0).integers(-1, 2, (40, 3)))
    vectors = unit(np.random.default_rng(1).integers(-2, 3, (50, 3)))
    cosines = np.round(vectors.astype(float) @ centroids.T.astype(float), 4)
    order = np.argsort(-cosines, axis=1, kind="stable")
    depths = cell_depths(vectors, centroids)
    found = cells_in_reach(vectors, centroids, count)
    assert found.shape == (50, min(count, 40))
    for row, cells in enumerate(found):
        line = cosines[row, order[row]]
        gaps = np.ceil((line[:8].mean() - line) / 0.0025 - 1e-6)
        expected = np.minimum(np.maximum(np.arange(40), gaps), 39)
        expected[:3] = range(3)
        np.testing.assert_array_equal(depths[row, order[row]], expected)
        assert cells[cells != NOBODY].tolist() == order[row][expected < count].tolist()


def test_rows_of_many_ties_find_the_first_of_the_cells():
    centroids = np.tile(np.eye(3, dtype=np.float32), (20, 1))
    nearest = nearest_cells(centroids[:2], centroids, 10)
    np.testing.assert_array_equal(nearest, np.arange(10) * 3 + np.arange(2)[:, None])
