"""The blend: all evidence for a tag, weighed into the probability that an article carries it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from transforms.learning.evidence import START, Dossier, tag_features
from transforms.learning.logistic import fit_logistic, sigmoid
from transforms.learning.statistics import TagStatistics
from transforms.scores import rounded

Floats = npt.NDArray[np.float64]

FIT_PAIRS = 500_000
FIT_ARTICLES = 2_000
"""The weights are fitted on at most so many tagged articles, and about `FIT_PAIRS` pairs of an article and a tag."""
HALF_LIFE = 0.25
"""An article counts half as much as the newest when this share of the tagged articles came after it."""
AT_ONCE = 256


@dataclass(frozen=True, eq=False)
class TagModel:
    """What is known of each tag, and the weights [features] of the evidence."""

    statistics: TagStatistics
    weights: Floats

    def probabilities(self, dossier: Dossier) -> Floats:
        """Return the probability that each article carries each tag: rounded float64 [q, tags].

        It is 0 for tags that the article alone carries, and for articles without a vector.
        """
        features, known = tag_features(dossier, self.statistics)
        known &= dossier.vectors.any(axis=1, keepdims=True)
        return rounded(np.where(known, sigmoid(features @ self.weights), 0.0))


def fit_articles(tags: int) -> int:
    """Return on how many articles the weights are fitted, for so many tags."""
    return min(FIT_ARTICLES, FIT_PAIRS // max(1, tags))


def fit_tag_model(dossier: Dossier, statistics: TagStatistics) -> TagModel:
    """Weigh the evidence by the tags that some articles carry, each judged as if it had no part in it.

    Logistic regression on all pairs of an article and a known tag; its probabilities are calibrated (Platt scaling),
    since what it learns from is out of sample. The newer an article, the more it tells of how the blog tags now.
    """
    if not len(dossier) or not statistics.posts:
        return TagModel(statistics, START)
    importance = 0.5 ** (dossier.later / HALF_LIFE)
    importance /= importance.mean()
    observed = [
        (features[known], part.carriers.toarray()[known], np.broadcast_to(weight[:, None], known.shape)[known])
        for part, weight in ((dossier.part(at), importance[at]) for at in _slices(len(dossier)))
        for features, known in [tag_features(part, statistics)]
    ]
    features, carried, counts = (np.concatenate(arrays) for arrays in zip(*observed, strict=True))
    return TagModel(statistics, fit_logistic(features, carried, START, counts))


def _slices(length: int) -> Iterator[slice]:
    return (slice(start, start + AT_ONCE) for start in range(0, length, AT_ONCE))
