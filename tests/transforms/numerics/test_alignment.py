import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import linear_sum_assignment, minimize
from scipy.spatial import procrustes
from scipy.spatial.distance import pdist

from transforms.numerics.alignment import laid_onto, with_axes_of

SEEDS = st.integers(0, 10_000)


def rotation(angle):
    return np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])


@given(SEEDS, st.floats(0.1, 30), st.booleans(), st.integers(3, 12))
def test_what_was_moved_as_one_comes_back(seed, scale, mirrored, rows):
    rng = np.random.default_rng(seed)
    places = rng.normal(size=(rows, 2))
    moved = places * [1, -1 if mirrored else 1] @ rotation(rng.uniform(0, 7)) * scale + rng.normal(size=2)
    np.testing.assert_allclose(laid_onto(moved, np.arange(rows), places), places, atol=1e-8)


@given(SEEDS)
def test_it_is_the_procrustes_analysis_of_scipy(seed):
    rng = np.random.default_rng(seed)
    points, places = rng.normal(size=(9, 2)), rng.normal(size=(6, 2))
    rows = rng.permutation(9)[:6]
    onto = laid_onto(points, rows, places)
    size = np.linalg.norm(places - places.mean(axis=0))
    _, _, disparity = procrustes(places, points[rows])
    assert np.square(onto[rows] - places).sum() == pytest.approx(disparity * size**2, abs=1e-9)


def test_no_other_motion_brings_them_nearer():
    rng = np.random.default_rng(0)
    points, places = rng.normal(size=(8, 2)), rng.normal(size=(8, 2))

    def distance(motion, mirror):
        angle, scale, *to = motion
        return np.square(points * [1, mirror] @ rotation(angle) * scale + to - places).sum()

    found = min(minimize(distance, (1, 1, 0, 0), mirror).fun for mirror in (1, -1))
    assert np.square(laid_onto(points, np.arange(8), places) - places).sum() == pytest.approx(found, abs=1e-6)


def test_points_in_one_place_are_moved_there():
    alike, rows = np.ones((4, 2)), np.arange(3)
    np.testing.assert_allclose(laid_onto(alike, rows, np.array([[0.0, 0], [1, 0], [2, 3]])), [[1.0, 1.0]] * 4)
    apart = np.array([[0.0, 0], [1, 0], [2, 3], [5, 5]])
    np.testing.assert_allclose(pdist(laid_onto(apart, rows, np.zeros((3, 2)))), pdist(apart))


def test_axes_by_hand():
    points = np.array([[1.0, 2], [3, -1], [5, 0], [7, 7]])
    rows = np.array([0, 1, 2])
    assert with_axes_of(points, rows, points[rows] * [-0.1, 9]).tolist() == (points * [-1, 1]).tolist()
    assert with_axes_of(points, rows, np.zeros((3, 2))).tolist() == points.tolist()
    assert with_axes_of(points, rows, points[rows][:, ::-1]).tolist() == points[:, ::-1].tolist()


@given(SEEDS, st.integers(2, 5))
def test_the_axes_are_the_columns_most_alike(seed, columns):
    rng = np.random.default_rng(seed)
    points, rows, places = rng.normal(size=(12, columns)), np.arange(2, 12), rng.normal(size=(10, 2))
    alike = np.corrcoef(points[rows].T, places.T)[:columns, columns:]
    of_columns, of_axes = linear_sum_assignment(-np.square(alike))
    chosen = of_columns[np.argsort(of_axes)]
    expected = points[:, chosen] * np.sign(alike[chosen, [0, 1]])
    np.testing.assert_array_equal(with_axes_of(points, rows, places), expected)
