"""The measures: of one article's related articles or tags, and of many articles' together."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from scipy import sparse

from transforms.numerics.arrays import Floats, Ints, Mask
from transforms.numerics.rounding import DECIMALS
from transforms.numerics.seed import SEED
from transforms.related.dice import expected_dice
from transforms.results import Metric

RESAMPLES = 1_000
DRAWS_AT_ONCE = 1 << 20
CONFIDENCE = 0.95
BINS = 10

Tags = frozenset[str]


def dice_at_k(carriers: sparse.csr_matrix, rows: Ints, related: Ints, k: int = 4) -> Floats:
    """Return the mean Sørensen-Dice of each row's tags and those of its first k related rows: float64 [q].

    Rank r weighs 1 / log2(r + 1); `carriers` csr [n, tags] of ones, `related` int64 [q, >=0], those that are missing
    or `NOBODY` count 0.
    """
    weights = 1 / np.log2(np.arange(2, k + 2))
    first = related[:, :k]
    overlaps = expected_dice(carriers[rows], carriers, first, np.ones(carriers.shape[1]))
    scores: Floats = overlaps @ weights[: first.shape[1]] / weights.sum()
    return scores


def average_precision(tags: Tags, recommended: Sequence[str], k: int = 10) -> float:
    """Return the average precision of the first k recommendations over min(k, number of true tags)."""
    hits = 0
    total = 0.0
    for rank, tag in enumerate(recommended[:k], start=1):
        if tag in tags:
            hits += 1
            total += hits / rank
    return total / min(k, len(tags))


def f1_at_k(tags: Tags, recommended: Sequence[str], k: int = 5) -> float:
    """Return the harmonic mean of the precision and recall of the first k recommendations, as Annif's F1@5."""
    first = recommended[:k]
    hits = len(tags.intersection(first))
    return 2 * hits / (len(first) + len(tags)) if first or tags else 0.0


def ndcg_at_k(tags: Tags, recommended: Sequence[str], k: int = 10) -> float:
    """Return the discounted cumulative gain of the first k recommendations over the best that is possible.

    A hit at rank r gains 1 / log2(r + 1) (Järvelin and Kekäläinen, TOIS 20, 2002, with binary relevance).
    """
    gains = [1 / math.log2(rank + 1) for rank in range(1, k + 1)]
    best = sum(gains[: len(tags)])
    return sum(gain for gain, tag in zip(gains, recommended, strict=False) if tag in tags) / best if best else 0.0


def calibration_error(probabilities: Floats, carried: Mask) -> float | None:
    """Return the expected calibration error of probabilities [n] of what was `carried` [n], None for none.

    Mean distance between probability and share carried in `BINS` bins of equal width, weighed by their number (Guo et
    al., On Calibration of Modern Neural Networks, 2017).
    """
    if not len(probabilities):
        return None
    bins = np.minimum((probabilities * BINS).astype(np.int64), BINS - 1)
    gaps = np.bincount(bins, probabilities - carried, minlength=BINS)
    return float(np.abs(gaps).sum() / len(probabilities))


def interval(scores: Sequence[float]) -> tuple[float, float] | None:
    """Return the bounds of the mean's percentile bootstrap interval (Efron and Tibshirani 1993), None for no scores.

    Seeded: the same scores in the same order give the same bounds.
    """
    if not scores:
        return None
    values = np.asarray(scores, np.float64)
    rng = np.random.default_rng(SEED)
    at_once = max(1, DRAWS_AT_ONCE // len(values))
    counts = [min(at_once, RESAMPLES - start) for start in range(0, RESAMPLES, at_once)]
    means = np.concatenate(
        [values[rng.integers(0, len(values), (count, len(values)), np.int32)].mean(axis=1) for count in counts]
    )
    low, high = np.quantile(means, [(1 - CONFIDENCE) / 2, (1 + CONFIDENCE) / 2])
    return float(low), float(high)


def mean_metric(measure: str, method: str, scores: Sequence[float], *, in_use: bool = False) -> Metric:
    """Sum up the scores of the articles judged."""
    bounds = interval(scores)
    if bounds is None:
        return Metric(measure, method, None, 0, in_use)
    value = math.fsum(scores) / len(scores)
    low, high = (round(bound, DECIMALS) for bound in bounds)
    return Metric(measure, method, round(value, DECIMALS), len(scores), in_use, low, high)
