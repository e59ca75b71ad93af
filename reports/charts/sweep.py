"""How good the themes would be if there were more or fewer of them, as a picture."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from reports.charts.axis import Tick, at, round_steps
from reports.words.format import DASH, decimal
from reports.words.measures import shown_measure
from transforms.evaluation.names import AGREEMENT, SILHOUETTE
from transforms.results import Metric

WIDTH, HEIGHT = 600.0, 180.0
MAX_TICKS = 4
LEAST_GAP = 0.07
"""Labels of the axis stand at least this share of it apart."""
DIGITS = 3

_K = re.compile(r"k = (\d+)")


@dataclass(frozen=True)
class Spot:
    """A number of clusters, its value, and where it stands in the picture."""

    k: int
    value: str
    x: str
    y: str
    in_use: bool


@dataclass(frozen=True)
class Curve:
    """A measure over the number of clusters: a line and its spots, fewest clusters first."""

    measure: str
    path: str
    spots: tuple[Spot, ...]


@dataclass(frozen=True)
class Row:
    """A number of clusters and its values, one a curve, dashes where one is not known."""

    k: int
    values: tuple[str, ...]
    in_use: bool


@dataclass(frozen=True)
class Sweep:
    """The curves in a picture, the marks of its axes, and the same as a table.

    `ks` goes from left to right by the logarithm, so that doubling the clusters is one step anywhere, and `values` from
    the foot upwards, evenly; `grid` is their lines as SVG path data. `used` is where the number in use stands, in the
    units of the picture, None: nowhere.
    """

    width: str
    height: str
    ks: tuple[Tick, ...]
    values: tuple[Tick, ...]
    grid: str
    used: str | None
    curves: tuple[Curve, ...]
    rows: tuple[Row, ...]


def is_swept(metric: Metric) -> bool:
    """Whether a metric judges one of several numbers of clusters."""
    return metric.measure in (SILHOUETTE, AGREEMENT) and _K.fullmatch(metric.method) is not None


def draw_sweep(metrics: Sequence[Metric]) -> Sweep | None:
    """The curves of silhouette and agreement over k, or None of fewer than two k."""
    known = {
        (metric.measure, _k(metric)): metric for metric in metrics if is_swept(metric) and metric.value is not None
    }
    ks = sorted({k for _, k in known})
    if len(ks) < 2:
        return None
    used = next((k for (_, k), metric in known.items() if metric.in_use), None)
    highest = max(*(metric.value or 0.0 for metric in known.values()), 0.1)
    shares = {k: math.log(k / ks[0]) / math.log(ks[-1] / ks[0]) for k in ks}
    values = [(value / highest, label) for value, label in round_steps(highest, MAX_TICKS)]
    measures = [measure for measure in (SILHOUETTE, AGREEMENT) if any(of == measure for of, _ in known)]
    return Sweep(
        width=f"{WIDTH:.0f}",
        height=f"{HEIGHT:.0f}",
        ks=tuple(Tick(str(k), at(shares[k])) for k in labelled(ks, shares, used)),
        values=tuple(Tick(label, at(share)) for share, label in values),
        grid="".join(f"M0 {HEIGHT * (1 - share):.1f}H{WIDTH:.0f}" for share, _ in values),
        used=f"{WIDTH * shares[used]:.1f}" if used else None,
        curves=tuple(
            _curve(measure, [known[measure, k] for k in ks if (measure, k) in known], shares, highest)
            for measure in measures
        ),
        rows=tuple(
            Row(k, tuple(_value(known.get((measure, k))) for measure in measures), in_use=k == used) for k in ks
        ),
    )


def labelled(ks: Sequence[int], shares: Mapping[int, float], used: int | None) -> list[int]:
    """The numbers of clusters that there is room to write below the axis: the one in use, then from the left."""
    kept = [] if used is None else [used]
    for k in ks:
        if all(abs(shares[k] - shares[other]) >= LEAST_GAP for other in kept):
            kept.append(k)
    return sorted(kept)


def _curve(measure: str, metrics: Sequence[Metric], shares: Mapping[int, float], highest: float) -> Curve:
    spots = tuple(
        Spot(
            _k(metric),
            _value(metric),
            f"{WIDTH * shares[_k(metric)]:.1f}",
            f"{HEIGHT * (1 - max(0.0, metric.value or 0.0) / highest):.1f}",
            metric.in_use,
        )
        for metric in metrics
    )
    return Curve(shown_measure(measure), "M" + "L".join(f"{spot.x} {spot.y}" for spot in spots), spots)


def _value(metric: Metric | None) -> str:
    return DASH if metric is None or metric.value is None else decimal(metric.value, DIGITS)


def _k(metric: Metric) -> int:
    found = _K.fullmatch(metric.method)
    return int(found[1]) if found else 0
