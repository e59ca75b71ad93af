"""Logistic regression with few features and many observations."""

from __future__ import annotations

import numpy as np

from transforms.numerics.arrays import Floats
from transforms.numerics.threads import one_thread

ITERATIONS = 25
TOLERANCE = 1e-6


def sigmoid(logits: Floats) -> Floats:
    """Turn log odds into probabilities, without overflow."""
    probabilities: Floats = 0.5 * (1 + np.tanh(0.5 * logits))
    return probabilities


def fit_logistic(
    features: Floats, labels: Floats, start: Floats, importance: Floats | None = None, penalty: float = 1.0
) -> Floats:
    """Fit weights [columns] to features [n, columns] and labels [n] in 0..1 by Newton's method.

    `importance` [n] says how much each observation counts, 1 unless given.
    The penalty, half of `penalty` times the squared distance from `start`, keeps the weights there where there is
    little to learn from (maximum a posteriori with a normal prior; Bishop, Pattern Recognition, 4.3.3).
    """
    weights = start.copy()
    counts = np.ones(len(labels)) if importance is None else importance

    def loss(weights: Floats) -> float:
        logits = features @ weights
        likelihood = counts @ (np.logaddexp(0, logits) - labels * logits)
        return float(likelihood + penalty / 2 * ((weights - start) ** 2).sum())

    with one_thread():
        current = loss(weights)
        for _ in range(ITERATIONS):
            probabilities = sigmoid(features @ weights)
            gradient = features.T @ (counts * (probabilities - labels)) + penalty * (weights - start)
            curvature = (features * (counts * probabilities * (1 - probabilities))[:, None]).T @ features
            step = np.linalg.solve(curvature + penalty * np.eye(len(weights)), gradient)
            while (ahead := loss(weights - step)) > current and np.abs(step).max() > TOLERANCE:
                step /= 2  # far from the optimum a full step may go too far
            weights, current = weights - step, ahead
            if np.abs(step).max() < TOLERANCE:
                break
    return weights
