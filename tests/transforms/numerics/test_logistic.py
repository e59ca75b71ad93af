import numpy as np
import pytest
from scipy.optimize import minimize

from transforms.numerics.logistic import fit_logistic, sigmoid
from transforms.related import confidence
from transforms.tags import evidence


def loss(weights, features, labels, start, importance, penalty):
    """The negative log likelihood and its penalty, from the definition."""
    logits = features @ weights
    surprise = labels * np.logaddexp(0, -logits) + (1 - labels) * np.logaddexp(0, logits)
    return importance @ surprise + penalty / 2 * ((weights - start) ** 2).sum()


def best_by_scipy(features, labels, start, importance, penalty=1.0):
    return minimize(loss, start, (features, labels, start, importance, penalty), "BFGS", tol=1e-9).x


def observations(seed, count=200, columns=4):
    rng = np.random.default_rng(seed)
    features = np.hstack([np.ones((count, 1)), rng.standard_normal((count, columns - 1))])
    labels = (rng.random(count) < sigmoid(features @ rng.standard_normal(columns))).astype(float)
    return features, labels, rng


def test_the_sigmoid_by_its_definition_without_overflow():
    logits = np.linspace(-30, 30, 61)
    np.testing.assert_allclose(sigmoid(logits), 1 / (1 + np.exp(-logits)), atol=1e-15)
    with np.errstate(all="raise"):
        assert sigmoid(np.array([-1e9, 0.0, 1e9])).tolist() == [0, 0.5, 1]


@pytest.mark.parametrize("penalty", [0.1, 1.0, 100.0])
@pytest.mark.parametrize("seed", range(4))
def test_the_weights_are_those_that_scipy_finds(seed, penalty):
    features, labels, rng = observations(seed)
    start, importance = rng.standard_normal(4) / 2, 3 * rng.random(200)
    fitted = fit_logistic(features, labels, start, importance, penalty)
    np.testing.assert_allclose(fitted, best_by_scipy(features, labels, start, importance, penalty), atol=2e-4)


def test_an_importance_of_two_is_that_of_two_observations():
    features, labels, _ = observations(7, 30)
    importance = np.where(np.arange(30) < 10, 2.0, 1.0)
    twice = [*range(30), *range(10)]
    fitted = fit_logistic(features, labels, np.zeros(4), importance)
    np.testing.assert_allclose(fitted, fit_logistic(features[twice], labels[twice], np.zeros(4)), atol=1e-9)


@pytest.mark.parametrize("scale", [1, 1000])
def test_separable_observations_stay_finite(scale):
    features = np.stack([np.ones(40), scale * np.linspace(-1, 1, 40)], axis=1)
    labels = (features[:, 1] > 0).astype(float)
    weights = fit_logistic(features, labels, np.zeros(2))
    assert np.isfinite(weights).all()
    assert (np.round(sigmoid(features @ weights)) == labels).all()


@pytest.mark.parametrize("start", [evidence.START, confidence.START])
def test_with_nothing_to_learn_the_weights_stay(start):
    none = np.zeros((0, len(start)))
    np.testing.assert_array_equal(fit_logistic(none, np.zeros(0), start), start)
    one = np.ones((3, len(start)))
    np.testing.assert_array_equal(fit_logistic(one, np.array([0, 1, 1]), start, np.zeros(3)), start)
    fitted = fit_logistic(one, np.array([0, 1, 1]), start, penalty=1e9)
    np.testing.assert_allclose(fitted, start, atol=1e-6)


def test_a_confident_start_that_is_wrong_is_given_up():
    start = np.array([-2.0, 4.0, 2.0, 0.0])
    for seed in range(20):
        rng = np.random.default_rng(seed)
        tags = 0.7 + 0.3 * rng.random(20)
        features = np.stack([np.ones(20), tags, rng.random(20), np.log(tags + 0.02)], axis=1)
        labels = (rng.random(20) < 0.2).astype(float)
        fitted = fit_logistic(features, labels, start)
        best = best_by_scipy(features, labels, start, np.ones(20))
        np.testing.assert_allclose(fitted, best, atol=2e-4)
