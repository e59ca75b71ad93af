"""What is known of posts without a log."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass

from transforms.numerics.arrays import Floats, Ints


@dataclass(frozen=True, eq=False)
class Posts:
    """What is known of posts without a log: unit `vectors` float64 [n, dim] of their texts, and when each was `born`.

    That is int64 [n] seconds since 1970, 0 where it is not known.
    """

    vectors: Floats
    born: Ints


def born(date: str | None) -> int:
    """Return when a post was there at the earliest, 0 where that is not known: its day begins in the east first."""
    if date is None:
        return 0
    day = dt.datetime.fromisoformat(date[:10]).replace(tzinfo=dt.UTC)
    return math.floor(day.timestamp()) - 14 * 3600
