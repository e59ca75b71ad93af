"""How many readers have read posts, and every two of them: as it is, and as it may be published."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from transforms.numerics.arrays import Floats
from transforms.readings.reads import Reads
from transforms.readings.together import LEAST_READERS, rounded_down

_STEPS = np.unique([0, LEAST_READERS, *(rounded_down(step * 10**zeros) for zeros in range(12) for step in (1, 2, 5))])
"""Whatever `rounded_down` returns."""


@dataclass(frozen=True, eq=False)
class Counts:
    """How many readers have read both of two posts, csr float64 [n, n]; each of one post in the diagonal.

    `pairs` are of all reads, `visits` of those in one visit: as a reader reads a post but once, these count readers
    too.
    """

    pairs: sparse.csr_matrix
    visits: sparse.csr_matrix

    @property
    def readers(self) -> Floats:
        """How many have read each post [n]."""
        readers: Floats = self.pairs.diagonal()
        return readers

    @property
    def gram(self) -> Floats:
        """Count a reader twice who has read both in one visit: float64 [n, n]."""
        gram: Floats = (self.pairs + self.visits).toarray()
        return gram

    def publishable(self, least: int) -> Counts:
        """Cut and round all counts as `publishable` does: what is made of these tells no more than they do."""
        return Counts(_publishable(self.pairs, least), _publishable(self.visits, least))


def count_reads(reads: Reads) -> Counts:
    """Count who read what together."""
    by_reader, by_visit = reads.matrix(reads.readers), reads.matrix(reads.visits)
    return Counts((by_reader.T @ by_reader).tocsr(), (by_visit.T @ by_visit).tocsr())


def publishable(readers: Floats, least: int) -> Floats:
    """Round numbers of readers down as published ones are; those below `least` are 0."""
    found: Floats = _STEPS[np.searchsorted(_STEPS, readers, side="right") - 1].astype(np.float64)
    return np.where(readers >= least, found, 0)


def _publishable(counts: sparse.csr_matrix, least: int) -> sparse.csr_matrix:
    found = counts.copy()
    found.data = publishable(counts.data, least)
    found.eliminate_zeros()
    return found
