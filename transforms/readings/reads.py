"""Readers' reads as arrays: each post once a reader, as they are learned from, and as they are held back."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from transforms.numerics.arrays import Floats, Ints, Mask
from transforms.readings.visits import History

LEAST_READS = 3
"""A reader of so many posts is asked for the last of them."""
HALF_LIFE = 3.0
"""So many reads later a read counts for half as much."""
NO_TARGET = -1


@dataclass(frozen=True, eq=False)
class Reads:
    """First reads, reader by reader and in the order of time, int64 [reads] each.

    `readers` numbers the readers from 0, `posts` are the posts' numbers below `count`, `seconds` are since 1970, and
    `visits` numbers the visits of all readers.
    """

    readers: Ints
    posts: Ints
    seconds: Ints
    visits: Ints
    count: int

    def __len__(self) -> int:
        return len(self.posts)

    @property
    def lengths(self) -> Ints:
        """How many posts each reader has read."""
        return np.bincount(self.readers, minlength=0).astype(np.int64)

    def matrix(self, of: Ints) -> sparse.csr_matrix:
        """Lay out `readers` or `visits` as float64 [rows, posts], 1 where a post was read."""
        rows = int(of.max(initial=-1)) + 1
        return sparse.csr_matrix((np.ones(len(of)), (of, self.posts)), shape=(rows, self.count))

    def keep(self, kept: Mask) -> Reads:
        """Return the reads of a mask [reads], the readers and visits numbered as before."""
        return Reads(self.readers[kept], self.posts[kept], self.seconds[kept], self.visits[kept], self.count)


@dataclass(frozen=True, eq=False)
class Queries:
    """What readers had read before, and what they read next.

    `weights` csr float64 [queries, posts] weigh the reads by how recent they were; `targets` and `seconds` int64
    [queries] are the post that was read next, NO_TARGET where none was yet, and when.
    """

    weights: sparse.csr_matrix
    targets: Ints
    seconds: Ints

    def __len__(self) -> int:
        return len(self.targets)

    @property
    def keys(self) -> list[tuple[int, int]]:
        """What stands for each query where something is drawn for it."""
        return list(zip(self.targets.tolist(), self.seconds.tolist(), strict=True))

    def part(self, rows: slice | Mask | Ints) -> Queries:
        """Return some of the queries."""
        return Queries(self.weights[rows], self.targets[rows], self.seconds[rows])


def reads_of(histories: Iterable[History], count: int, limit: int | None = None) -> Reads:
    """Lay out histories of posts below `count`, in any order: the readers are sorted by what they read, never by who.

    Of more than `limit` readers those are taken whose reads have the lowest hashes.
    """
    firsts = sorted(map(_first_reads, histories))
    if limit is not None and len(firsts) > limit:
        firsts = sorted(sorted(firsts, key=_hash)[:limit])
    readers, rows, visits = [], [], []
    begun = 0
    for number, reads in enumerate(firsts):
        readers += [number] * len(reads)
        rows += reads
        visits += [begun + visit for _, _, visit in reads]
        begun += max(visit for _, _, visit in reads) + 1
    table = np.array(rows, np.int64).reshape(-1, 3)
    return Reads(np.array(readers, np.int64), table[:, 1], table[:, 0], np.array(visits, np.int64), count)


def most_read(histories: Iterable[History], limit: int) -> Ints:
    """Return the posts that most have read, at most so many, in their order."""
    readers: Counter[int] = Counter()
    for history in histories:
        readers.update(history.posts)
    most = sorted(readers, key=lambda post: (-readers[post], post))[:limit]
    return np.array(sorted(most), np.int64)


def renumbered(histories: Iterable[History], numbers: Mapping[int, int]) -> Iterator[History]:
    """Give the posts in histories other numbers, and leave out those that have none."""
    for history in histories:
        visits = (
            tuple((numbers[post], second) for post, second in visit if post in numbers) for visit in history.visits
        )
        if found := tuple(visit for visit in visits if visit):
            yield History(found)


def hash_reads(history: History) -> bytes:
    """Hash what a reader read and when, to sample readers by: never who."""
    return _hash(_first_reads(history))


def hold_back(reads: Reads, least: int = LEAST_READS) -> tuple[Reads, Queries]:
    """Take from each reader of `least` posts or more the last of them: what is left, and what was taken to be found."""
    lengths = reads.lengths
    ends = np.cumsum(lengths)
    last = ends[lengths >= least] - 1
    kept = np.ones(len(reads), bool)
    kept[last] = False
    left = reads.keep(kept)
    asked = reads.readers[last]
    weights = recent_weights(left, len(lengths))[asked]
    return left, Queries(weights, reads.posts[last], reads.seconds[last])


def recent_weights(reads: Reads, readers: int) -> sparse.csr_matrix:
    """Weigh the reads of so many readers by how many of theirs came later: csr float64 [readers, posts]."""
    ends = np.cumsum(np.bincount(reads.readers, minlength=readers))
    later = ends[reads.readers] - 1 - np.arange(len(reads))
    weights: Floats = 0.5 ** (later / HALF_LIFE)
    return sparse.csr_matrix((weights, (reads.readers, reads.posts)), shape=(readers, reads.count))


def _first_reads(history: History) -> list[tuple[int, int, int]]:
    """When each post was first read, which it is, and in which visit, in the order of time."""
    found: dict[int, tuple[int, int, int]] = {}
    for number, visit in enumerate(history.visits):
        for post, second in visit:
            if post not in found or second < found[post][0]:
                found[post] = second, post, number
    return sorted(found.values())


def _hash(reads: list[tuple[int, int, int]]) -> bytes:
    return hashlib.blake2b(repr(reads).encode(), digest_size=8).digest()
