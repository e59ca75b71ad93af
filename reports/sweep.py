"""How good the themes would be if there were more or fewer of them, as a picture."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from reports.format import decimal
from transforms.evaluation.names import AGREEMENT, SILHOUETTE
from transforms.records import Metric

WIDTH, HEIGHT = 600.0, 180.0
RIM = 10.0
BOX = f"{-RIM:.0f} {-RIM:.0f} {WIDTH + 2 * RIM:.0f} {HEIGHT + 2 * RIM:.0f}"
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
class Sweep:
    """The curves in a picture from 0 at its foot to `highest`, and the box around it, with room for the spots."""

    width: str
    height: str
    box: str
    highest: str
    curves: tuple[Curve, ...]


def is_swept(metric: Metric) -> bool:
    """Whether a metric judges one of several numbers of clusters."""
    return metric.measure in (SILHOUETTE, AGREEMENT) and _K.fullmatch(metric.method) is not None


def draw_sweep(metrics: Sequence[Metric]) -> Sweep | None:
    """The curves of silhouette and agreement over k, or None of fewer than two k."""
    rows = sorted((_k(metric), metric.measure, metric.value, metric.in_use) for metric in metrics if is_swept(metric))
    known = [(k, measure, value, used) for k, measure, value, used in rows if value is not None]
    ks = sorted({k for k, *_ in known})
    if len(ks) < 2:
        return None
    highest = max(max(value for _, _, value, _ in known), 0.1)
    curves = []
    for measure in (SILHOUETTE, AGREEMENT):
        spots = tuple(
            Spot(
                k,
                decimal(value, DIGITS),
                f"{WIDTH * (k - ks[0]) / (ks[-1] - ks[0]):.1f}",
                f"{HEIGHT * (1 - max(0.0, value) / highest):.1f}",
                used,
            )
            for k, of, value, used in known
            if of == measure
        )
        if spots:
            curves.append(Curve(measure, "M" + "L".join(f"{spot.x} {spot.y}" for spot in spots), spots))
    return Sweep(f"{WIDTH:.0f}", f"{HEIGHT:.0f}", BOX, decimal(highest), tuple(curves))


def _k(metric: Metric) -> int:
    found = _K.fullmatch(metric.method)
    return int(found[1]) if found else 0
