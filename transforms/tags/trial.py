"""What became of tags that were proposed for posts held back: what a probability is worth, and which tags to show."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from transforms.numerics.arrays import Floats, Mask
from transforms.numerics.logistic import fit_logistic, sigmoid
from transforms.numerics.rounding import rounded
from transforms.results import TagTrial
from transforms.tags.evidence import importance

SHARE_RIGHT = 2 / 3
"""So many of the tags that are shown should be right: an editor who has to refuse every second one stops reading."""
LEAST_SHOWN, MOST_SHOWN, STEP = 0.4, 0.95, 0.05
"""The probabilities from which tags may be shown. Below the least, a tag by itself is noise, however good others are:
of 30 tags of one blog from 0.3 on, 4 of the 5 below 0.4 were wrong, and 5 of the other 25."""
PRETENDED = 20.0
"""What was held back counts beside so many tags that came true as often as their probabilities said."""
PENALTY = 30.0
"""What keeps the correction near none, in units of `fit_logistic`."""
LEAST_SLOPE = 0.1
"""A correction never turns the order of tags around."""
SMALLEST = 5e-5
"""Probabilities are rounded to 4 decimals: this is as near to 0 and 1 as one can be."""


@dataclass(frozen=True, eq=False)
class Outcomes:
    """The most probable tags of some `posts` that were held back.

    Their probabilities [pairs] by what older posts teach, and whether the posts carry them [pairs].
    """

    probabilities: Floats
    carried: Mask
    posts: int


def join_outcomes(parts: list[Outcomes]) -> Outcomes:
    """Join what became of several parts of the posts."""
    return Outcomes(
        np.concatenate([np.zeros(0), *(part.probabilities for part in parts)]),
        np.concatenate([np.zeros(0, np.bool_), *(part.carried for part in parts)]),
        sum(part.posts for part in parts),
    )


def judge_trial(outcomes: Outcomes, least: float | None = None) -> TagTrial:
    """Learn from outcomes how to correct probabilities, and from which one on to show tags, unless `least` is given.

    Log odds are corrected by an intercept and a slope (Platt scaling), drawn towards none where there is little to
    learn from.
    """
    told = outcomes.probabilities > 0
    probabilities, carried = outcomes.probabilities[told], outcomes.carried[told]
    log_odds = _log_odds(probabilities)
    features = np.stack([np.ones_like(log_odds), log_odds], axis=1)
    intercept, slope = fit_logistic(features, carried.astype(np.float64), np.array([0.0, 1.0]), penalty=PENALTY)
    intercept, slope = rounded(np.array([intercept, max(slope, LEAST_SLOPE)])).tolist()
    corrected = rounded(sigmoid(intercept + slope * log_odds))
    least = least_shown(corrected, carried) if least is None else least
    shown = corrected >= least
    return TagTrial(
        intercept, slope, least, outcomes.posts, int(np.count_nonzero(shown)), int(np.count_nonzero(carried & shown))
    )


def least_shown(probabilities: Floats, carried: Mask) -> float:
    """Choose the least probability from which on `SHARE_RIGHT` of the tags were carried, by [pairs] of both.

    One that none of them reached is taken at its word.
    """
    for step in range(round((MOST_SHOWN - LEAST_SHOWN) / STEP)):
        least = float(rounded(np.array(LEAST_SHOWN + step * STEP)))
        shown = probabilities >= least
        said = probabilities[shown].mean() if shown.any() else least
        right = (np.count_nonzero(carried & shown) + PRETENDED * said) / (np.count_nonzero(shown) + PRETENDED)
        if right >= SHARE_RIGHT:
            return least
    return MOST_SHOWN


def correct(probabilities: Floats, later: Floats, trial: TagTrial) -> Floats:
    """Correct the probabilities [n, tags] of posts after which a share `later` [n] of the tagged posts came.

    The newest posts, which only older ones can teach about, are corrected in full, others the less the more came
    later: theirs were found as they are used. What is impossible stays so.
    """
    weight = importance(later)[:, None]
    log_odds = _log_odds(probabilities)
    corrected = sigmoid(log_odds + weight * (trial.intercept + (trial.slope - 1) * log_odds))
    return np.where(probabilities > 0, np.maximum(rounded(corrected), 2 * SMALLEST), 0.0)


def _log_odds(probabilities: Floats) -> Floats:
    inside = np.clip(probabilities, SMALLEST, 1 - SMALLEST)
    log_odds: Floats = np.log(inside / (1 - inside))
    return log_odds
