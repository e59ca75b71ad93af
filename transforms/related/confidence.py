"""How sure it is that a related article fits: the probability that both carry a common tag, from held-out tags."""

from __future__ import annotations

import numpy as np
from scipy import sparse

from transforms.numerics.arrays import NOBODY, Floats, Ints, Mask
from transforms.numerics.logistic import fit_logistic, sigmoid
from transforms.numerics.rounding import rounded
from transforms.tags.evidence import importance

START = np.array([-2.0, 4.0, 2.0, 0.0])
"""The weights of `pair_features` where nothing can be learned."""
LEARNED = 10
"""How many candidates of an article are learned from."""
FIT_ARTICLES = 2_000
"""The confidence is fitted on the candidates of about so many tagged articles."""


def pair_features(tags: Floats, text: Floats) -> Floats:
    """Lay out what the confidence depends on: a constant, the overlap of tags, cosine, the overlap's log [q, k, 4]."""
    return np.stack([np.ones_like(tags), tags, text, np.log(tags + 0.02)], axis=-1)


def share_a_tag(own: sparse.csr_matrix, carriers: sparse.csr_matrix, found: Ints) -> Mask:
    """Tell which of the candidates int64 [q, k], rows of csr [n, tags], have a tag in common with csr [q, tags]."""
    sought = own.toarray() > 0
    pairs = carriers[found.ravel()]
    pair = np.repeat(np.arange(found.size), np.diff(pairs.indptr))
    common = np.bincount(pair, sought[pair // found.shape[1], pairs.indices], minlength=found.size)
    return np.asarray((common.reshape(found.shape) > 0) & (found != NOBODY), np.bool_)


def both_tagged(own: sparse.csr_matrix, carriers: sparse.csr_matrix, found: Ints) -> Mask:
    """Tell which of the candidates int64 [q, k], rows of csr [n, tags], have tags, as has the row of csr [q, tags]."""
    tagged = np.diff(carriers.indptr) > 0
    return np.asarray((np.diff(own.indptr) > 0)[:, None] & tagged[found] & (found != NOBODY), np.bool_)


def pairs_to_learn(tags: Floats, text: Floats, shares: Floats, later: Floats) -> tuple[Floats, Floats, Floats]:
    """Lay out what the confidence is learned from, pairs of articles ranked without the tags of one.

    By the parts of their scores, whether they share a tag, and the share of articles that came `later` than the one,
    all [pairs]: features [pairs, 4], labels [pairs] and how much each pair counts [pairs].
    """
    return pair_features(tags, text), shares, importance(later)


def fit_confidence(features: Floats, labels: Floats, counts: Floats) -> Floats:
    """Fit the weights [4] by which `confidences` turns a ranking's parts into probabilities (Platt scaling)."""
    return fit_logistic(features, labels, START, counts / max(counts.mean(), 1e-12) if len(counts) else counts)


def confidences(tags: Floats, text: Floats, weights: Floats) -> Floats:
    """Return the probability of sharing a tag of each candidate, by the parts of its score [q, k]: rounded [q, k]."""
    return rounded(sigmoid(pair_features(tags, text) @ weights))
