"""A linear map from vectors to tags by ridge regression, from sums alone."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from transforms.numerics.arrays import Floats
from transforms.numerics.threads import one_thread

PENALTY = 1.0
"""What a unit of squared weight costs, beside vectors of unit length."""


@dataclass(frozen=True, eq=False)
class Ridge:
    """A fitted map: `weights` [dim, tags] on top of each tag's share `base` [tags]; `inverse` [dim, dim] of the Gram
    matrix with its penalty, which tells how much a post pulls the map towards its own tags.
    """

    weights: Floats
    base: Floats
    inverse: Floats

    def predict(self, vectors: Floats) -> Floats:
        """Predict how far each of [n, dim] carries each tag: [n, tags], about 0 to 1."""
        predicted: Floats = vectors @ self.weights + self.base
        return predicted

    def leave_one_out(self, vectors: Floats, carried: Floats) -> Floats:
        """Predict for posts that took part in the fit as if each had not; `carried` [n, tags] are their own tags.

        The closed form of the residual, (y - f) / (1 - h), h the leverage (Hastie, Tibshirani, Friedman, The Elements
        of Statistical Learning, 7.10); the shares keep their part of the post.
        """
        leverage = ((vectors @ self.inverse) * vectors).sum(axis=1, keepdims=True)
        predicted: Floats = (self.predict(vectors) - leverage * carried) / (1 - leverage)
        return predicted


def fit_ridge(gram: Floats, total: Floats, sums: Floats, base: Floats, penalty: float = PENALTY) -> Ridge:
    """Fit to the tagged posts' Gram matrix [dim, dim], sum [dim], sums by tag [tags, dim] and the tags' shares."""
    with one_thread():
        inverse = np.linalg.inv(gram + penalty * np.eye(len(gram)))
        inverse = (inverse + inverse.T) / 2
        return Ridge(inverse @ (sums - np.outer(base, total)).T, base, inverse)
