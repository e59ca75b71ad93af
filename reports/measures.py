"""The quality measures, with the method in use against its baselines."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from reports.format import DASH, decimal, number, percent
from reports.views import Measure, MethodScore
from transforms.records import Metric

BASELINES = ("most popular", "random")
MEANINGS = {
    "related dice@4": (
        "How much the tags of a post and of its four nearest posts overlap, the nearest counting most. "
        "1 means the same tags, 0 none in common."
    ),
    "tags map@10": (
        "How high a newer post’s own tags stand among the ten recommended for it by the older posts. "
        "1 means always on top, 0 never found."
    ),
}


def measure_tables(metrics: Sequence[Metric]) -> tuple[Measure, ...]:
    """A table a measure: the method in use first, then its baselines by name."""
    ordered = sorted(metrics, key=lambda metric: (metric.measure, not metric.in_use, metric.method))
    return tuple(
        Measure(name, MEANINGS.get(name, ""), tuple(_score(row) for row in rows))
        for name, rows in groupby(ordered, key=lambda metric: metric.measure)
    )


def _score(metric: Metric) -> MethodScore:
    return MethodScore(
        method=metric.method,
        role="in use" if metric.in_use else "baseline" if metric.method in BASELINES else "alternative",
        value=DASH if metric.value is None else decimal(metric.value, 4),
        percent=percent(metric.value or 0.0),
        judged=number(metric.judged),
    )
