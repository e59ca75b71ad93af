"""The quality measures, with the method in use against its alternatives and baselines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from reports.views import Measure, MethodScore, Whisker
from reports.words.format import DASH, decimal, number, percent
from reports.words.language import ENGLISH, Language, to_say
from reports.words.measures import shown_measure
from transforms.evaluation.names import (
    AGREEMENT,
    CALIBRATION,
    CHANCE,
    F1,
    MAP,
    NDCG,
    POPULAR,
    RANDOM,
    READ_LINKED,
    READ_LINKED_RANK,
    RELATED,
    SILHOUETTE,
    UNTAGGED,
)
from transforms.results import Metric

BASELINES = (POPULAR, RANDOM)
DIGITS = 3
IN_USE, BASELINE, ALTERNATIVE = to_say("in use"), to_say("baseline"), to_say("alternative")
NAMES = (
    to_say("links hit@4, their texts read"),
    to_say("links mrr, their texts read"),
    to_say("related dice@4"),
    to_say("untagged related dice@4"),
    to_say("tags map@10"),
    to_say("tags f1@5"),
    to_say("tags ndcg@10"),
    to_say("tags calibration error"),
    to_say("all but own tags"),
    to_say("learned tags"),
    to_say("tags"),
    to_say("all parts"),
    to_say("text, all dimensions"),
    to_say("text"),
    to_say("blend"),
    to_say("means"),
    to_say("names"),
    to_say("most popular"),
    to_say("random"),
)
"""The names of measures and methods that stand in the report as in a run's table."""


@dataclass(frozen=True)
class Meaning:
    """What a measure is called in plain words, what it says and judges, and what a better value would mean.

    Bars compare its methods only if more of it is better.
    """

    title: str
    text: str
    better: str
    judged: str = to_say("Posts judged")
    bars: bool = True


MEANINGS: Mapping[str, Meaning] = {
    READ_LINKED: Meaning(
        to_say("Do related posts hold what authors link to?"),
        to_say(
            "How often a post that an author linked to is among the four best related ones that are no newer. No link "
            "takes part in judging itself, but its text is read. 1 means always, 0 never."
        ),
        to_say(
            "A higher value would mean that more of the related posts are those that an author would send readers to."
        ),
        judged=to_say("Links judged"),
    ),
    READ_LINKED_RANK: Meaning(
        to_say("How high do the posts that authors link to stand?"),
        to_say(
            "How high the posts that authors linked to stand among the related ones that are no newer. 1 means always "
            "on top, 0 never found."
        ),
        to_say("A higher value would mean that readers see such a post sooner in the list."),
        judged=to_say("Links judged"),
    ),
    RELATED: Meaning(
        to_say("Are related posts about the same things?"),
        to_say(
            "How much the tags of a post and of its first four related posts overlap, the first counting most. They "
            "are found without a look at the post’s own tags. 1 means the same tags, 0 none in common."
        ),
        to_say("A higher value would mean that more of the related posts stay with what the post is about."),
    ),
    UNTAGGED: Meaning(
        to_say("Do posts without tags get related posts as good?"),
        to_say(
            "The same where a fifth of the posts has lost its tags before anything was learned, and related posts "
            "are found for these. 1 means the same tags, 0 none in common."
        ),
        to_say("A value nearer to the one above would mean that posts without tags are served as well as the others."),
    ),
    MAP: Meaning(
        to_say("Do the right tags stand on top?"),
        to_say(
            "How high a newer post’s own tags stand among the ten recommended for it by the older posts. 1 means "
            "always on top, 0 never found."
        ),
        to_say("A higher value would mean that you read fewer wrong tags before a right one."),
    ),
    F1: Meaning(
        to_say("Are the first five tags the right ones?"),
        to_say(
            "How well the first five tags recommended for a newer post by the older posts match its own, wrong and "
            "missing ones counting alike. 1 means the same tags, 0 none in common."
        ),
        to_say("A higher value would mean that you have fewer tags to strike out or to add by hand."),
    ),
    NDCG: Meaning(
        to_say("Are the right tags among the first ten?"),
        to_say(
            "How many of a newer post’s own tags are among the ten recommended for it by the older posts, those "
            "further down counting less. 1 means always on top, 0 never found."
        ),
        to_say("A higher value would mean that you look for fewer tags elsewhere."),
    ),
    CALIBRATION: Meaning(
        to_say("Can the percentages of tags be trusted?"),
        to_say(
            "How far the probabilities of recommended tags are from the truth: the mean gap between a probability "
            "and the share of newer posts that do carry such tags. 0 means that of the tags given 30%, 30% are "
            "carried."
        ),
        to_say("A lower value would mean that you can take a percentage more at its word."),
        judged=to_say("Tags judged"),
        bars=False,
    ),
    SILHOUETTE: Meaning(
        to_say("How clearly are themes apart?"),
        to_say(
            "How much nearer posts lie to their own theme than to the next one. 1 means far apart, 0 no nearer, and "
            "less than 0 that the other theme is nearer."
        ),
        to_say("A higher value would mean that fewer posts could as well stand in another theme."),
    ),
    AGREEMENT: Meaning(
        to_say("Do themes follow the tags?"),
        to_say(
            "How much a post’s theme and its tags say about each other. 1 means that one follows from the other, 0 "
            "that they have nothing to do with each other; chance raises it with the number of themes."
        ),
        to_say(
            "A higher value would mean that themes say the same as your tags; a lower one is no fault, as themes may "
            "show what tags do not."
        ),
    ),
    CHANCE: Meaning(
        to_say("How far would themes follow tags by chance?"),
        to_say(
            "The agreement of themes with tags that were dealt out to the posts at random: what chance alone gives."
        ),
        to_say("No value is better here: the agreement above says something only by as much as it is higher."),
        bars=False,
    ),
}
"""The measures in the order in which they are shown."""


def measure_tables(metrics: Sequence[Metric], say: Language = ENGLISH) -> tuple[Measure, ...]:
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
    return tuple(_measure(name, tuple(rows), say) for name, rows in groupby(ordered, key=lambda metric: metric.measure))


def _measure(name: str, metrics: Sequence[Metric], say: Language) -> Measure:
    shown = shown_measure(name)
    meaning = MEANINGS.get(name, Meaning(shown, "", "", bars=False))
    return Measure(
        name=say(shown),
        title=say(meaning.title),
        meaning=say(meaning.text),
        better=say(meaning.better),
        judged=say(meaning.judged),
        methods=tuple(_score(row, meaning.bars, say) for row in metrics),
        bars=meaning.bars,
    )


def _score(metric: Metric, bars: bool, say: Language) -> MethodScore:
    role = IN_USE if metric.in_use else BASELINE if metric.method in BASELINES else ALTERNATIVE
    bounds = None if metric.low is None or metric.high is None else (metric.low, metric.high)
    return MethodScore(
        method=say(metric.method),
        role=say(role),
        in_use=metric.in_use,
        value=DASH if metric.value is None else decimal(metric.value, DIGITS),
        interval="–".join(decimal(bound, DIGITS) for bound in bounds) if bounds else DASH,
        percent=percent(metric.value or 0.0) if bars else "0",
        whisker=Whisker(*map(percent, bounds)) if bounds and bars else None,
        judged=number(metric.judged),
    )
