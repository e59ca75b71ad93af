"""What readers tell of related articles: how far the same readers read both, and how much that counts.

The share of what readers tell grows with how many readers the less read of the two articles has.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
import numpy.typing as npt

from transforms.numerics.arrays import Floats, Ints, Mask

MOST = 0.75
"""The share of what readers tell, where there are many."""
HALF = 10.0
"""With so many readers it is half of that."""


@dataclass(frozen=True, eq=False)
class ReadingPart:
    """What readers tell of candidates, [q, c] each.

    `together` float64 is how far the same readers read both, from 0 to 1, and `shares` float64 how much that counts
    beside all else; `readers` int64 are those of both, rounded down. Of a pair of too few readers to be told of, these
    are 0, and so is `together`, but it may be up to `at_most` float64. `added` says which are candidates for their
    readers' sake alone.
    """

    together: Floats
    at_most: Floats
    shares: Floats
    readers: Ints
    added: Mask

    def blend(self, scores: Floats) -> Floats:
        """Return scores [q, c] with what readers tell; none that they change is below 0.

        Where they tell no more than that few have read both, this changes a score no further than it must.
        """
        told = np.clip(scores, self.together, self.at_most)
        blended: Floats = (1 - self.shares) * np.maximum(scores, 0) + self.shares * told
        return np.where(self.shares > 0, blended, scores)

    def each(self, change: Callable[[npt.NDArray[Any]], npt.NDArray[Any]]) -> ReadingPart:
        """Return the same of other candidates, whose arrays `change` makes of these."""
        return ReadingPart(*(change(getattr(self, field.name)) for field in fields(self)))


def nothing_read(shape: tuple[int, ...]) -> ReadingPart:
    """What readers tell of candidates of which nothing is known."""
    together, at_most, shares = np.zeros((3, *shape))
    return ReadingPart(together, at_most, shares, np.zeros(shape, np.int64), np.zeros(shape, np.bool_))


def join_reading(parts: Sequence[ReadingPart]) -> ReadingPart:
    """Join what is known of some articles' candidates and of others'."""
    return ReadingPart(
        *(np.concatenate([getattr(part, field.name) for part in parts]) for field in fields(ReadingPart))
    )


def shares_of(readers: Ints) -> Floats:
    """Return how much readers count beside all else, by how many the less read of two articles has."""
    return MOST * readers / (readers + HALF)
