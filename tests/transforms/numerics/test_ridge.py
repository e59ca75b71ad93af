import numpy as np
import pytest

from transforms.numerics.ridge import fit_ridge


def posts(seed, count=30, dim=6, tags=4):
    rng = np.random.default_rng(seed)
    vectors = rng.standard_normal((count, dim))
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors, (rng.random((count, tags)) < 0.4).astype(float)


def fit(vectors, carried, base, penalty):
    return fit_ridge(vectors.T @ vectors, vectors.sum(axis=0), carried.T @ vectors, base, penalty)


def least_squares(vectors, carried, base, penalty):
    """The weights of the penalised problem, by least squares on rows that stand for the penalty."""
    rows = np.vstack([vectors, np.sqrt(penalty) * np.eye(vectors.shape[1])])
    targets = np.vstack([carried - base, np.zeros((vectors.shape[1], carried.shape[1]))])
    return np.linalg.lstsq(rows, targets)[0]


@pytest.mark.parametrize("penalty", [0.01, 1.0, 50.0])
@pytest.mark.parametrize("seed", range(3))
def test_predictions_are_those_of_least_squares(seed, penalty):
    vectors, carried = posts(seed)
    base = carried.mean(axis=0)
    others = posts(seed + 100)[0]
    predicted = fit(vectors, carried, base, penalty).predict(others)
    expected = others @ least_squares(vectors, carried, base, penalty) + base
    np.testing.assert_allclose(predicted, expected, atol=1e-9)


@pytest.mark.parametrize("penalty", [0.01, 1.0, 50.0])
@pytest.mark.parametrize("seed", range(3))
def test_leaving_one_out_is_fitting_without_it(seed, penalty):
    vectors, carried = posts(seed)
    vectors[3] = 0
    base = carried.mean(axis=0)
    predicted = fit(vectors, carried, base, penalty).leave_one_out(vectors, carried)
    for row in range(len(vectors)):
        others = np.arange(len(vectors)) != row
        without = least_squares(vectors[others], carried[others], base, penalty)
        np.testing.assert_allclose(predicted[row], vectors[row] @ without + base, atol=1e-9)


def test_nothing_to_fit_predicts_the_shares():
    base = np.array([0.25, 0.5])
    ridge = fit(np.zeros((0, 3)), np.zeros((0, 2)), base, 1.0)
    np.testing.assert_allclose(ridge.predict(posts(0, dim=3)[0]), np.tile(base, (30, 1)))
