"""What readers tell of related articles: how far the same readers read both, and how much that counts.

What readers tell is believed the more, the more readers the less read of the two articles has.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
import numpy.typing as npt

from transforms.numerics.arrays import Floats, Ints, Mask

HALF = 10.0
"""With so many readers half of what they tell is believed."""
MOST = 0.75
"""So much of a score without readers is no longer believed where there are very many."""


@dataclass(frozen=True, eq=False)
class ReadingPart:
    """What readers tell of candidates, [q, c] each.

    `together` float64 is how far the same readers read both, from 0 to 1, and `shares` float64 how far that is
    believed; `readers` int64 are those of both, rounded down. Of a pair of too few readers to be told of, these are
    0, and so is `together`. `added` says which are candidates for their readers' sake alone.
    """

    together: Floats
    shares: Floats
    readers: Ints
    added: Mask

    def blend(self, scores: Floats) -> Floats:
        """Return scores [q, c] with what readers tell; none that they change is below 0.

        Either may be right: the result is the probability that at least one of two independent events is true.
        """
        told = self.shares * self.together
        blended: Floats = told + (1 - told) * kept_of(self.shares) * np.maximum(scores, 0)
        return np.where(self.shares > 0, blended, scores)

    def each(self, change: Callable[[npt.NDArray[Any]], npt.NDArray[Any]]) -> ReadingPart:
        """Return the same of other candidates, whose arrays `change` makes of these."""
        return ReadingPart(*(change(getattr(self, field.name)) for field in fields(self)))


def nothing_read(shape: tuple[int, ...]) -> ReadingPart:
    """What readers tell of candidates of which nothing is known."""
    together, shares = np.zeros((2, *shape))
    return ReadingPart(together, shares, np.zeros(shape, np.int64), np.zeros(shape, np.bool_))


def join_reading(parts: Sequence[ReadingPart]) -> ReadingPart:
    """Join what is known of some articles' candidates and of others'."""
    return ReadingPart(
        *(np.concatenate([getattr(part, field.name) for part in parts]) for field in fields(ReadingPart))
    )


def shares_of(readers: Ints) -> Floats:
    """Return how far readers are believed, from 0 to 1, by how many the less read of two articles has."""
    shares: Floats = readers / (readers + HALF)
    return shares


def kept_of(shares: Floats) -> Floats:
    """Return how much of a score without readers is still believed.

    Nearly all where they are few: only many who do not read two articles speak against their texts.
    """
    kept: Floats = 1 - MOST * shares**3
    return kept
