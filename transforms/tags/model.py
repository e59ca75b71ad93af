"""The blend: all evidence for a tag, weighed into the probability that an article carries it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from transforms.numerics.arrays import Floats
from transforms.numerics.logistic import fit_logistic, sigmoid
from transforms.numerics.rounding import rounded
from transforms.tags.evidence import BROAD, START, Evidence, importance, tag_features
from transforms.tags.statistics import TagStatistics

FIT_PAIRS = 500_000
FIT_ARTICLES = 2_000
"""The weights are fitted on at most so many tagged articles, and about `FIT_PAIRS` pairs of an article and a tag."""
WEIGHT_DECIMALS = 9
"""Weights are written down: their last bits differ from machine to machine, and from process to process."""
AT_ONCE = 256
PAIRS_AT_ONCE = 500_000
"""The evidence is laid out for at most so many articles, and pairs of an article and a tag, at a time."""


class TagWeights(NamedTuple):
    """The weights [features] of all evidence for a tag, and of the `BROAD` evidence alone."""

    weights: Floats
    broad: Floats


@dataclass(frozen=True, eq=False)
class TagModel:
    """What is known of each tag, and the weights [features] of all evidence, and of the `BROAD` evidence alone."""

    statistics: TagStatistics
    weights: Floats
    broad: Floats

    def probabilities(self, evidence: Evidence) -> Floats:
        """Return the probability that each article carries each tag: rounded float64 [q, tags].

        It is 0 for tags that the article alone carries, and for articles without a vector.
        """
        return self._probabilities(evidence, self.weights)

    def expectations(self, evidence: Evidence) -> Floats:
        """Return the same by the `BROAD` evidence alone."""
        return self._probabilities(evidence, self.broad)

    def _probabilities(self, evidence: Evidence, weights: Floats) -> Floats:
        probabilities = np.zeros((len(evidence), len(self.statistics.counts)))
        for at in _slices(len(evidence), len(self.statistics.counts)):
            part = evidence.part(at)
            features, known = tag_features(part, self.statistics)
            known &= part.vectors.any(axis=1, keepdims=True)
            probabilities[at] = rounded(np.where(known, sigmoid(features @ weights), 0.0))
        return probabilities


def fit_articles(tags: int) -> int:
    """Return on how many articles the weights are fitted, for so many tags."""
    return min(FIT_ARTICLES, FIT_PAIRS // max(1, tags))


def fit_tag_model(evidence: Evidence, statistics: TagStatistics) -> TagModel:
    """Weigh the evidence by the tags that some articles carry, each judged as if it had no part in it.

    Logistic regression on all pairs of an article and a known tag; its probabilities are calibrated (Platt scaling),
    since what it learns from is out of sample. The newer an article, the more it tells of how the blog tags now.
    """
    if not len(evidence) or not statistics.posts:
        return TagModel(statistics, START, START)
    weights = importance(evidence.later)
    weights /= weights.mean()
    observed = [
        (features[known], part.carriers.toarray()[known], np.broadcast_to(weight[:, None], known.shape)[known])
        for part, weight in ((evidence.part(at), weights[at]) for at in _slices(len(evidence), len(statistics.counts)))
        for features, known in [tag_features(part, statistics)]
    ]
    features, carried, counts = (np.concatenate(arrays) for arrays in zip(*observed, strict=True))
    broad = np.zeros_like(START)
    broad[BROAD] = fit_logistic(features[:, BROAD], carried, START[BROAD], counts)
    whole = fit_logistic(features, carried, START, counts)
    return TagModel(statistics, np.round(whole, WEIGHT_DECIMALS), np.round(broad, WEIGHT_DECIMALS))


def _slices(length: int, tags: int) -> Iterator[slice]:
    at_once = max(1, min(AT_ONCE, PAIRS_AT_ONCE // max(1, tags)))
    return (slice(start, start + at_once) for start in range(0, length, at_once))
