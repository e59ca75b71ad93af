"""How sure it is that a related article fits: that its author would link it, or that tags agree more than by chance."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from transforms.numerics.arrays import NOBODY, Floats, Ints, Mask
from transforms.numerics.logistic import fit_logistic, sigmoid
from transforms.numerics.rounding import rounded
from transforms.related.dice import expected_dice
from transforms.related.lessons import Lessons
from transforms.related.weights import FOLDS, RankWeights, features_of
from transforms.results import SureOf
from transforms.tags.evidence import importance

START = np.array([-2.0, 6.0, 1.0])
"""The weights of `place_features` where little can be learned; what readers tell has none there."""
TOGETHER = len(START)
"""The column of `place_features` that has what readers tell."""
LEARNED = 10
"""How many candidates of an article are learned from."""
FIT_ARTICLES = 2_000
"""The confidence is fitted on the candidates of about so many tagged articles."""
LEAST_LINKS = 100
"""With fewer links to candidates nothing is said of what an author would link."""


@dataclass(frozen=True, eq=False)
class Confidence:
    """What it is of, and the weights of `place_features` for the articles of each fold.

    [FOLDS, 3], or [FOLDS, 4] where it depends on what readers tell.
    """

    of: SureOf
    by_fold: Floats

    def __call__(self, scores: Floats, keys: Ints, together: Floats | None = None) -> Floats:
        """Return how sure the candidates of some articles are, by their scores [q, k], the best first: rounded [q, k].

        `together` [q, k] is how far the same readers read both. Where readers tell nothing, it falls with each, as do
        scores.
        """
        weights = self.by_fold[keys % FOLDS]
        features = place_features(scores, np.zeros_like(scores) if together is None else together)
        return rounded(sigmoid((features[:, :, : weights.shape[1]] * weights[:, None, :]).sum(axis=2)))


def place_features(scores: Floats, together: Floats | None = None) -> Floats:
    """Lay out what the confidence depends on: a constant, the score, minus the log of the place [q, k, 3].

    What readers tell, `together` [q, k], is a further column, where it is given.
    """
    places = np.broadcast_to(-np.log1p(np.arange(scores.shape[1])), scores.shape)
    columns = [np.ones_like(scores), scores, places]
    return np.stack(columns if together is None else [*columns, together], axis=-1)


def chance_overlap(counts: Ints, posts: int, weights: Floats) -> float:
    """Return how far the tags of two articles overlap by chance, by the tags' counts and `weights` [tags].

    What two share is expected to weigh the sum of w p^2, what each has the sum of w p, p being the share of the
    articles with a tag.
    """
    shares = counts / max(1, posts)
    has = float(weights @ shares)
    return float(weights @ shares**2) / has if has else 0.0


def more_than_chance(
    own: sparse.csr_matrix, carriers: sparse.csr_matrix, found: Ints, weights: Floats, chance: float
) -> Mask:
    """Tell which candidates int64 [q, k], rows of csr [n, tags], share more of csr [q, tags] than `chance` gives."""
    return np.asarray(rounded(expected_dice(own, carriers, found, weights)) > rounded(np.array(chance)), np.bool_)


def both_tagged(own: sparse.csr_matrix, carriers: sparse.csr_matrix, found: Ints) -> Mask:
    """Tell which of the candidates int64 [q, k], rows of csr [n, tags], have tags, as has the row of csr [q, tags]."""
    tagged = np.diff(carriers.indptr) > 0
    return np.asarray((np.diff(own.indptr) > 0)[:, None] & tagged[found] & (found != NOBODY), np.bool_)


def fit_by_tags(features: Floats, labels: Floats, later: Floats, keys: Ints) -> Confidence | None:
    """Fit the confidence that two share more tags than by chance to pairs that were ranked without the tags of one.

    By the `place_features` [pairs, 3 or 4], whether they do [pairs], the share of articles that came `later` than the
    one, and its key [pairs]. Platt scaling, each fold by the others; nothing is known without pairs.
    """
    if not len(labels):
        return None
    counts = importance(later)
    return Confidence("tags", _fit(features, labels, counts / max(counts.mean(), 1e-12), keys))


def linked_pairs(lessons: Lessons, weights: RankWeights, used: Mask) -> tuple[Floats, Mask, Mask, Ints]:
    """Rank what authors chose from, for those who chose any.

    Returns the `place_features` [q, LEARNED, 3 or 4] of the best, whether they were chosen and whether they are any
    [q, LEARNED], and the keys [q].
    """
    teach = lessons.linking()
    scores = rounded(teach.blended((teach.features * weights.of(teach.keys, used)[:, None, :]).sum(axis=2)))
    order = np.lexsort((teach.found, -scores, ~teach.offered))[:, :LEARNED]
    chosen, offered = (np.take_along_axis(of, order, 1) for of in (teach.chosen, teach.offered))
    together = None if teach.reading is None else np.take_along_axis(teach.reading.together, order, 1)
    return place_features(np.take_along_axis(scores, order, 1), together), chosen, offered, teach.keys


def sure_of_links(lessons: Lessons, weights: RankWeights, used: Mask, count: int) -> tuple[Floats, Mask]:
    """Tell how sure the `count` best of what authors chose from are, and which they chose: both [pairs]."""
    confidence = fit_by_links(lessons, weights, used)
    if confidence is None:
        return np.zeros(0), np.zeros(0, np.bool_)
    features, chosen, offered, keys = linked_pairs(lessons, weights, used)
    judged, first = offered[:, :count], features[:, :count]
    together = first[:, :, TOGETHER] if features.shape[2] > TOGETHER else None
    return confidence(first[:, :, 1], keys, together)[judged], chosen[:, :count][judged]


def fit_by_links(lessons: Lessons, weights: RankWeights, used: Mask) -> Confidence | None:
    """Fit the confidence that an author would link to the candidates of those who link to any; None for few links."""
    if np.count_nonzero(lessons.chosen) < LEAST_LINKS:
        return None
    features, chosen, offered, keys = linked_pairs(lessons, weights, used)
    of_pair = np.broadcast_to(keys[:, None], offered.shape)[offered]
    labels = chosen[offered].astype(np.float64)
    return Confidence("link", _fit(features[offered], labels, np.ones(len(labels)), of_pair))


def fit_confidence(
    parts: frozenset[str], lessons: Lessons, weights: RankWeights, tagged: tuple[Floats, Floats, Floats, Ints]
) -> Confidence | None:
    """Fit the confidence of what was ranked by some parts: by links if these suffice, else by pairs of `tagged` ones.

    `tagged` are what `fit_by_tags` takes. Without links nobody knows what an overlap of own tags is worth: where these
    are compared, and expected ones are not, there is none to learn from.
    """
    by_links = fit_by_links(lessons, weights, features_of(parts))
    if by_links is not None or ("tags" in parts and "learned" not in parts):
        return by_links
    return fit_by_tags(*tagged)


def _fit(features: Floats, labels: Floats, counts: Floats, keys: Ints) -> Floats:
    """Fit the weights of each fold to the pairs of the others; neither score nor place may speak against a pair.

    What readers tell may: they also read together what authors do not link. Where they tell nothing, nothing depends
    on them.
    """
    if not features[:, TOGETHER:].any():
        features = features[:, :TOGETHER]
    start = np.pad(START, (0, features.shape[1] - len(START)))
    by_fold = np.zeros((FOLDS, len(start)))
    for fold in range(FOLDS):
        others, kept = keys % FOLDS != fold, np.arange(len(start))
        while True:
            weights = fit_logistic(features[others][:, kept], labels[others], start[kept], counts[others])
            speak_for = (weights >= 0) | (kept == 0) | (kept == TOGETHER)
            if speak_for.all():
                break
            kept = kept[speak_for]
        by_fold[fold, kept] = weights
    return rounded(by_fold)
