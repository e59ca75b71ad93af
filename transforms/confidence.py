"""How sure it is that a related article fits: the probability that both carry a common tag, from held-out tags."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy import sparse

from transforms.learning.evidence import importance
from transforms.learning.logistic import fit_logistic, sigmoid
from transforms.related import Ranking
from transforms.scores import rounded
from transforms.search import NOBODY, Rows

Floats = npt.NDArray[np.float64]

START = np.array([-2.0, 4.0, 2.0, 0.0])
"""The weights of `pair_features` where nothing can be learned."""
JUDGED = 10
"""How many candidates of an article are learned from."""


def pair_features(ranking: Ranking) -> Floats:
    """Lay out what the confidence depends on: a constant, the overlap of tags, cosine, the overlap's log [q, k, 4]."""
    return np.stack([np.ones_like(ranking.tags), ranking.tags, ranking.text, np.log(ranking.tags + 0.02)], axis=-1)


def share_a_tag(carriers: sparse.csr_matrix, rows: Rows, found: Rows) -> npt.NDArray[np.bool_]:
    """Tell which of the candidates int64 [q, k] of some rows have a tag in common with them, by csr [n, tags]."""
    own = carriers[rows].toarray() > 0
    pairs = carriers[found.ravel()]
    pair = np.repeat(np.arange(found.size), np.diff(pairs.indptr))
    common = np.bincount(pair, own[pair // found.shape[1], pairs.indices], minlength=found.size)
    return np.asarray((common.reshape(found.shape) > 0) & (found != NOBODY), np.bool_)


def pairs_to_learn(
    carriers: sparse.csr_matrix, rows: Rows, blind: Ranking, later: Floats
) -> tuple[Floats, Floats, Floats]:
    """Return the features [pairs, 4] and labels [pairs] of tagged articles' candidates, ranked without their own tags.

    A label is 1 where both share a tag; candidates without tags are left out. Beside them stands how much each pair
    counts [pairs], by the share of articles that came `later` than its own [q].
    """
    first = blind.first(JUDGED)
    tagged = np.diff(carriers.indptr) > 0
    judged = tagged[rows][:, None] & tagged[first.found] & (first.found != NOBODY)
    labels = share_a_tag(carriers, rows, first.found)
    counts = np.broadcast_to(importance(later)[:, None], judged.shape)
    return pair_features(first)[judged], labels[judged].astype(np.float64), counts[judged]


def fit_confidence(features: Floats, labels: Floats, counts: Floats) -> Floats:
    """Fit the weights [4] by which `confidences` turns a ranking's parts into probabilities (Platt scaling)."""
    return fit_logistic(features, labels, START, counts / max(counts.mean(), 1e-12) if len(counts) else counts)


def confidences(ranking: Ranking, weights: Floats) -> Floats:
    """Return the probability of sharing a tag of each candidate: rounded [q, k]."""
    return rounded(sigmoid(pair_features(ranking) @ weights))
