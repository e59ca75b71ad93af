"""Conditional logit: which of what is offered is chosen, by few features."""

from __future__ import annotations

import numpy as np

from transforms.numerics.arrays import Floats, Mask
from transforms.numerics.threads import one_thread

ITERATIONS = 30
TOLERANCE = 1e-6


def fit_choices(features: Floats, chosen: Mask | Floats, offered: Mask, prior: Floats, penalty: Floats) -> Floats:
    """Fit weights [columns] to choices among what is offered, by Newton's method.

    Of features [n, offers, columns] those `offered` [n, offers] compete, and `chosen` [n, offers] are among them, which
    may say how much each choice counts: the probability of a choice is the softmax of features times weights (McFadden,
    Conditional logit analysis, 1974). `penalty` [columns] times half the squared distance from `prior` [columns] keeps
    the weights there where there is little to learn from.
    """
    choices = chosen.sum(axis=1).astype(np.float64)
    sought = np.einsum("nof,no->f", features, chosen.astype(np.float64))
    weights = prior.copy()

    def likely(weights: Floats) -> tuple[float, Floats]:
        utilities = np.where(offered, features @ weights, -np.inf)
        highest = utilities.max(axis=1, keepdims=True)
        odds = np.exp(utilities - highest)
        total = odds.sum(axis=1, keepdims=True)
        loss = choices @ (highest + np.log(total))[:, 0] - sought @ weights
        return float(loss + (penalty / 2) @ (weights - prior) ** 2), odds / total

    with one_thread():
        current, probabilities = likely(weights)
        for _ in range(ITERATIONS):
            means = np.einsum("nof,no->nf", features, probabilities)
            gradient = choices @ means - sought + penalty * (weights - prior)
            weighed = (features * (choices[:, None] * probabilities)[:, :, None]).reshape(-1, features.shape[2])
            curvature = weighed.T @ features.reshape(-1, features.shape[2]) - (means * choices[:, None]).T @ means
            step = np.linalg.solve(curvature + np.diag(penalty), gradient)
            ahead, next_probabilities = likely(weights - step)
            while ahead > current and np.abs(step).max() > TOLERANCE:
                step /= 2
                ahead, next_probabilities = likely(weights - step)
            weights, current, probabilities = weights - step, ahead, next_probabilities
            if np.abs(step).max() < TOLERANCE:
                break
    return weights
