"""t-SNE that weighs every pair of points: for few of them it is faster than one that approximates far pairs.

After van der Maaten and Hinton (JMLR 9, 2008), with probabilities between near neighbours only, as in van der Maaten
(JMLR 15, 2014). Momentum, gains and learning rate are those of scikit-learn, the rate after Belkina and others
(Nature Communications 10, 2019).
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from transforms.numerics.arrays import Floats, Floats32, Ints

EXAGGERATION = 12.0
"""By so much probabilities are multiplied at first, so that clusters form before they are refined."""
EXAGGERATED = 60
"""In so many of the first iterations; the 250 of scikit-learn leave fewer to refine the map, which is worse for it."""
LEAST_PROBABLE = np.float32(1e-12)
"""No probability is less, or arithmetic on tiny numbers would be slow."""
TILE = 1 << 16
"""Pairs are weighed so many at a time, which a processor's cache holds."""
ROWS = 2_000
"""The neighbours of so many rows are looked for at a time, which bounds the memory it takes."""
LANDMARKS_BESIDE = 10
"""A row is placed by so many of its nearest landmarks."""
PERPLEXITY_BESIDE = 5.0
HALVINGS = 40


def fit_tsne(
    vectors: npt.NDArray[np.floating[Any]],
    start: Floats,
    perplexity: float,
    iterations: int,
    exaggerated: int = EXAGGERATED,
) -> Floats:
    """Lay rows [n, dim] out by t-SNE [n, 2], from a start [n, 2], by gradient descent with momentum and gains.

    A start that is a map already needs no `exaggerated` iterations. It holds a matrix of n x n float32, and two more
    to begin with.
    """
    joint = joint_probabilities(vectors, perplexity)
    if exaggerated:
        joint *= np.float32(EXAGGERATION)
    rate = max(len(vectors) / EXAGGERATION / 4, 50.0)
    points, momentum = start.astype(np.float64), 0.5 if exaggerated else 0.8
    gains, step = np.ones_like(points), np.zeros_like(points)
    for iteration in range(iterations):
        if exaggerated and iteration == exaggerated:
            joint /= np.float32(EXAGGERATION)
            momentum, gains, step = 0.8, np.ones_like(points), np.zeros_like(points)
        slope = gradient(points, joint)
        gains = np.maximum(np.where(step * slope < 0, gains + 0.2, gains * 0.8), 0.01)
        step = momentum * step - rate * gains * slope
        points = points + step
    return points


def place_beside(vectors: npt.NDArray[np.floating[Any]], landmarks: Ints, placed: Floats) -> Floats:
    """Place unit rows [n, dim] by those of them, `landmarks` [m], that have their places [m, 2] already: [n, 2].

    A row's place is the mean of those of its nearest landmarks, each weighed by how probably it is its neighbour, as
    new points are placed by openTSNE (Policar, Strazar and Zupan, J. Stat. Softw. 109, 2024).
    """
    count = min(LANDMARKS_BESIDE, len(landmarks))
    places = np.empty((len(vectors), 2))
    for top in range(0, len(vectors), ROWS):
        distances = (2 - 2 * (vectors[top : top + ROWS] @ vectors[landmarks].T)).astype(np.float32)
        nearest = np.argpartition(distances, count - 1, axis=1)[:, :count]
        near = np.take_along_axis(distances, nearest, axis=1)
        weights = conditional_probabilities(near, min(PERPLEXITY_BESIDE, count / 2))
        places[top : top + ROWS] = np.einsum("ij,ijk->ik", weights, placed[nearest])
    places[landmarks] = placed
    return places


def joint_probabilities(vectors: npt.NDArray[np.floating[Any]], perplexity: float) -> Floats32:
    """How probably each takes each for its neighbour, symmetric, of a sum of 1: float32 [n, n].

    Of a row's `3 * perplexity + 1` nearest; all others are about 0.
    """
    rows = vectors.astype(np.float32)
    norms = np.einsum("ij,ij->i", rows, rows)
    count = min(len(rows) - 1, int(3 * perplexity + 1))
    joint = np.zeros((len(rows), len(rows)), np.float32)
    for top in range(0, len(rows), ROWS):
        some = slice(top, top + ROWS)
        distances = norms[some, None] + norms - 2 * (rows[some] @ rows.T)
        np.fill_diagonal(distances[:, top:], np.inf)
        nearest = np.argpartition(distances, count - 1, axis=1)[:, :count]
        probable = conditional_probabilities(np.take_along_axis(distances, nearest, axis=1), perplexity)
        np.put_along_axis(joint[some], nearest, probable / (2 * len(rows)), axis=1)
    joint = joint + joint.T
    return np.maximum(joint, LEAST_PROBABLE, out=joint)


def conditional_probabilities(distances: Floats32, perplexity: float) -> Floats32:
    """How probably a row takes each of its neighbours, whose squared distances [n, neighbours] are given.

    The width of each row's Gaussian is such that its entropy is the logarithm of the perplexity, found by bisection.
    """
    gaps = distances - distances.min(axis=1, keepdims=True)  # which leaves the probabilities as they are
    means = gaps.mean(axis=1, keepdims=True)
    gaps /= np.where(means > 0, means, 1)
    low, high = np.full((len(gaps), 1), -10.0), np.full((len(gaps), 1), 30.0)
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        precision = np.exp2(middle).astype(np.float32)
        weights = np.exp(-precision * gaps)
        sums = weights.sum(axis=1, keepdims=True)
        entropy = np.log(sums) + precision * (weights * gaps).sum(axis=1, keepdims=True) / sums
        wide = entropy > np.log(perplexity)
        low, high = np.where(wide, middle, low), np.where(wide, high, middle)
    return np.asarray(weights / sums, np.float32)


def gradient(points: Floats, joint: Floats32) -> Floats:
    """The gradient [n, 2] of the Kullback-Leibler divergence of points' similarities [n, n] from the joint ones.

    A point's part is `4 * sum over j of (p_ij - q_ij) * w_ij * (y_i - y_j)`, where `w_ij` is `1 / (1 + |y_i - y_j|^2)`
    and `q_ij` its share of the sum of all. Sums of `w_ij * (1, y_j)` are products of matrices, in float32.
    """
    places = points.astype(np.float32)
    ones = np.ones((len(places), 1), np.float32)
    norms = np.square(places).sum(axis=1, keepdims=True)
    left, right = np.hstack([norms + 1, ones, -2 * places]), np.hstack([ones, norms, places]).T
    summed = np.hstack([ones, places])
    pull, push, total = np.empty_like(summed), np.empty_like(summed), 0.0
    height = max(1, TILE // len(places))
    for top in range(0, len(places), height):
        tile = slice(top, top + height)
        weights = left[tile] @ right
        np.reciprocal(weights, out=weights)
        np.fill_diagonal(weights[:, top:], 0)
        total += float((weights @ ones).sum())  # a third of the time of a plain sum
        pull[tile] = (joint[tile] * weights) @ summed
        push[tile] = np.square(weights, out=weights) @ summed
    force = pull - push / np.float32(total)
    return 4 * (force[:, :1] * places - force[:, 1:]).astype(np.float64)
