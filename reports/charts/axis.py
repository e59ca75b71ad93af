"""Round numbers for the axes of charts."""

from __future__ import annotations

import math
from dataclasses import dataclass

from reports.words.format import decimal


@dataclass(frozen=True)
class Tick:
    """A mark on an axis: its label, and where it stands in percent of the axis from its start."""

    label: str
    at: str


def round_steps(limit: float, most: int) -> list[tuple[float, str]]:
    """The multiples of 1, 2 or 5 times a power of ten from 0 up to `limit`, with their labels.

    There are at least two and at most `most` + 1 of them; `most` is 3 or more.
    """
    power = 10.0 ** math.floor(math.log10(limit / most))
    step = next(power * unit for unit in (1, 2, 5, 10) if limit / (power * unit) <= most)
    digits = max(0, -math.floor(math.log10(step) + 1e-9))
    return [(place * step, decimal(place * step, digits)) for place in range(math.floor(limit / step + 1e-9) + 1)]


def at(share: float) -> str:
    """A share of an axis as percent, to a tenth."""
    return decimal(100 * share, 1)
