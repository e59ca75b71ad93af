"""The quality measures, with the method in use against its alternatives and baselines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from reports.format import DASH, decimal, number, percent
from reports.views import Measure, MethodScore, Whisker
from transforms.evaluation.names import (
    AGREEMENT,
    CALIBRATION,
    CHANCE,
    F1,
    MAP,
    NDCG,
    POPULAR,
    RANDOM,
    RELATED,
    SILHOUETTE,
    UNTAGGED,
)
from transforms.records import Metric

BASELINES = (POPULAR, RANDOM)
DIGITS = 3


@dataclass(frozen=True)
class Meaning:
    """What a measure says and judges, and whether more of it is better: only then do bars compare its methods."""

    text: str
    judged: str = "Posts judged"
    bars: bool = True


MEANINGS: Mapping[str, Meaning] = {
    RELATED: Meaning(
        "How much the tags of a post and of its first four related posts overlap, the first counting most. They are "
        "found without a look at the post’s own tags. 1 means the same tags, 0 none in common."
    ),
    UNTAGGED: Meaning(
        "The same where a fifth of the posts has lost its tags before anything was learned, and related posts are "
        "found for these. 1 means the same tags, 0 none in common."
    ),
    MAP: Meaning(
        "How high a newer post’s own tags stand among the ten recommended for it by the older posts. "
        "1 means always on top, 0 never found."
    ),
    F1: Meaning(
        "How well the first five tags recommended for a newer post by the older posts match its own, wrong and missing "
        "ones counting alike. 1 means the same tags, 0 none in common."
    ),
    NDCG: Meaning(
        "How many of a newer post’s own tags are among the ten recommended for it by the older posts, those further "
        "down counting less. 1 means always on top, 0 never found."
    ),
    CALIBRATION: Meaning(
        "How far the probabilities of recommended tags are from the truth: the mean gap between a probability and the "
        "share of newer posts that do carry such tags. Lower is better: 0 means that of the tags given 30%, 30% are "
        "carried.",
        judged="Tags judged",
        bars=False,
    ),
    SILHOUETTE: Meaning(
        "How much nearer posts lie to their own theme than to the next one. 1 means far apart, 0 no nearer, and less "
        "than 0 that the other theme is nearer."
    ),
    AGREEMENT: Meaning(
        "How much a post’s theme and its tags say about each other. 1 means that one follows from the other, 0 that "
        "they have nothing to do with each other; chance raises it with the number of themes."
    ),
    CHANCE: Meaning(
        "The agreement of themes with tags that were dealt out to the posts at random: what chance alone gives.",
        bars=False,
    ),
}
"""The measures in the order in which they are shown."""
UNKNOWN = Meaning("", bars=False)


def measure_tables(metrics: Sequence[Metric]) -> tuple[Measure, ...]:
    """A table a measure: the method in use first, then its alternatives, then baselines, by name."""
    places = {name: place for place, name in enumerate(MEANINGS)}
    ordered = sorted(
        metrics,
        key=lambda row: (
            places.get(row.measure, len(places)),
            row.measure,
            not row.in_use,
            row.method in BASELINES,
            row.method,
        ),
    )
    return tuple(_measure(name, tuple(rows)) for name, rows in groupby(ordered, key=lambda metric: metric.measure))


def _measure(name: str, metrics: Sequence[Metric]) -> Measure:
    meaning = MEANINGS.get(name, UNKNOWN)
    return Measure(name, meaning.text, meaning.judged, tuple(_score(row, meaning.bars) for row in metrics))


def _score(metric: Metric, bars: bool) -> MethodScore:
    bounds = None if metric.low is None or metric.high is None else (metric.low, metric.high)
    return MethodScore(
        method=metric.method,
        role="in use" if metric.in_use else "baseline" if metric.method in BASELINES else "alternative",
        value=DASH if metric.value is None else decimal(metric.value, DIGITS),
        interval="–".join(decimal(bound, DIGITS) for bound in bounds) if bounds else DASH,
        percent=percent(metric.value or 0.0) if bars else "0",
        whisker=Whisker(*map(percent, bounds)) if bounds and bars else None,
        judged=number(metric.judged),
    )
