"""What each feature of a related article counts: a prior learned from the links of other blogs, fitted to one's own.

The prior was learned from the links that authors of nine public blogs set between their posts (38 to 746 posts, 25 to
528 links each; English and Japanese; of software, a government and persons). The texts of links were left out, the 100
nearest of a post that are no newer were ranked by a conditional logit, each feature divided by its standard deviation
among them, and a blog's links counted as 200 at most. `python -m tests.benchmarks.links` learns it again from any
blogs. Three of its weights were then changed, since links alone would have related posts share fewer tags than those
who read by tags expect, and would favour posts that are linked already: `tags` count six times as much as learned,
`dates` half and `links` a third.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from transforms.numerics.arrays import Floats, Ints, Mask
from transforms.numerics.choice import fit_choices
from transforms.numerics.rounding import rounded
from transforms.related.lessons import Lessons
from transforms.results import READERS, RECENT

FEATURES: Final = ("text", "detail", "tags", "titles", "dates", "links")
"""The cosine of the leading dimensions and of all, the overlap of tags, how far the text names the other's title, how
near the two are in time, and how often others link to the other."""
TEXT, DETAIL, TAGS, TITLES, DATES, LINKS = range(len(FEATURES))
PRIOR = np.array([0.44, 0.06, 0.85, 0.27, 0.25, 0.15])
"""What a standard deviation of each feature counts."""
SCALES = np.array([0.1, 0.055, 0.15, 0.1, 0.17, 0.12])
"""The features' usual standard deviations among the candidates of an article."""
USUAL = np.array([0.3, 0.12, 0.15, 0.08, 0.66, 0.1])
"""The features' usual means among them."""

FOLDS = 5
"""Articles are parted into so many, and ranked by what the links of the others teach."""
LEAST_LINKS = 30
"""Fewer links teach nothing."""
TRUST = 20.0
"""The usual deviations count beside so many articles."""
PENALTY = 100.0
FIXED = 1e6
"""The penalty for other weights of texts and tags: what posts are about counts the same on every blog."""


@dataclass(frozen=True, eq=False)
class RankWeights:
    """What each feature counts, for the articles of each fold: `by_fold` float64 [FOLDS, features], none below 0."""

    by_fold: Floats

    def of(self, keys: Ints, used: Mask) -> Floats:
        """Return the weights of the features in use, as shares of 1, for each of some articles: [q, features].

        Where nothing else is left, the text decides.
        """
        weights = np.where(used, self.by_fold, 0.0)
        total = weights.sum(axis=1, keepdims=True)
        text_alone = np.arange(len(FEATURES)) == TEXT
        return np.where(total > 0, weights / np.where(total > 0, total, 1.0), text_alone)[keys % FOLDS]


def features_of(parts: frozenset[str]) -> Mask:
    """Tell which features some parts use [features]; the text alone is compared by its leading dimensions only."""
    used = {"text": "text" in parts, "tags": bool(parts & {"learned", "tags"})}
    used |= {name: name in parts for name in ("titles", "dates", "links")}
    used["detail"] = "text" in parts and bool(parts - {"text", RECENT, READERS})
    return np.array([used[name] for name in FEATURES], np.bool_)


def fit_rank_weights(lessons: Lessons, parts: frozenset[str]) -> RankWeights:
    """Weigh the features that some parts use by their deviations, and by the links of other folds where these suffice.

    Each fold's weights come from the links of articles of the other folds, so that no link takes part in judging
    itself. A feature without any deviation counts nothing, where another has one. What readers tell changes nothing.
    """
    lessons = lessons.without_readers()
    used = features_of(parts)
    spreads = lessons.spreads() if len(lessons) else np.zeros(len(FEATURES))
    scales = (len(lessons) * spreads + TRUST * SCALES) / (len(lessons) + TRUST)
    prior = np.where(used & (spreads > 0 if (spreads[used] > 0).any() else True), PRIOR, 0.0)
    by_fold = np.tile(prior, (FOLDS, 1))
    columns = np.flatnonzero(prior)
    if "links" in parts and len(columns):
        penalty = np.where(np.isin(columns, (TEXT, DETAIL, TAGS)), FIXED, PENALTY)
        teach = lessons.linking()
        for fold in range(FOLDS):
            others = teach.part(np.flatnonzero(teach.keys % FOLDS != fold))
            if np.count_nonzero(others.chosen) >= LEAST_LINKS:
                scaled = others.features[:, :, columns] / scales[columns]
                by_fold[fold, columns] = fit_choices(scaled, others.chosen, others.offered, prior[columns], penalty)
    weights = np.maximum(by_fold, 0) / scales
    total = weights.sum(axis=1, keepdims=True)
    return RankWeights(rounded(weights / np.where(total > 0, total, 1.0)))
