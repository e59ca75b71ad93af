"""The posts that are nearest to each by who reads them, told by numbers of readers that may be published.

These are rounded down, those below the least are 0: nothing that is made of them tells more than they do.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from transforms.numerics.arrays import Floats, Ints
from transforms.numerics.rounding import DECIMALS, rounded
from transforms.readings.counts import publishable
from transforms.readings.together import Together, shrunk_cosines

STRONG = 0.99
"""Of all pairs this share is no nearer than a pair that counts in full."""
_UNIT = 10**DECIMALS


@dataclass(frozen=True)
class PostCounts:
    """How many readers have read each post, by its number, and how often it was read."""

    readers: Counter[int] = field(default_factory=Counter)
    reads: Counter[int] = field(default_factory=Counter)


def add_counts(parts: Iterable[PostCounts]) -> PostCounts:
    """Add up what was counted of parts of all readers, in any order."""
    whole = PostCounts()
    for part in parts:
        whole.readers.update(part.readers)
        whole.reads.update(part.reads)
    return whole


@dataclass(frozen=True, eq=False)
class ReadPosts:
    """The posts that enough readers have read, in the order of their `keys` int64 [n].

    `readers` int64 [n] are how many, and `reads` int64 [n] how often each was read, both rounded down.
    """

    keys: Ints
    readers: Ints
    reads: Ints

    def __len__(self) -> int:
        return len(self.keys)


def read_posts(counts: PostCounts, keys: Ints, least: int) -> ReadPosts:
    """List the posts of `least` readers or more; `keys` int64 [posts] are those of all, by their numbers."""
    posts = np.array([post for post, readers in counts.readers.items() if readers >= least], np.int64)
    posts = posts[np.argsort(keys[posts], kind="stable")]
    readers, reads = (_rounded_down(of, posts, least) for of in (counts.readers, counts.reads))
    return ReadPosts(keys[posts], readers.astype(np.int64), reads.astype(np.int64))


@dataclass(frozen=True, eq=False)
class ReadWith:
    """The posts that are read together with that of a `key`, the nearest first.

    `found` int64 [c] are their keys, `both` int64 [c] how many readers have read both, rounded down, and `cosines`
    float64 [c] those of the readers, shrunk and rounded.
    """

    key: int
    found: Ints
    both: Ints
    cosines: Floats


def nearest(
    post: int, together: Ints | Sequence[Together], readers: Mapping[int, int], keys: Ints, least: int
) -> ReadWith:
    """Order the posts that are read together with one by `shrunk_cosines`, ties by number.

    `together` [others, 2] has the others' numbers and how many readers have read both, `least` or more; `keys` are as
    in `read_posts`.
    """
    others, counted = np.asarray(together, np.int64).reshape(-1, 2).T
    both, own = publishable(counted.astype(np.float64), least), _rounded_down(readers, np.array([post]), least)
    cosines = rounded(shrunk_cosines(both, own, _rounded_down(readers, others, least)))
    order = np.lexsort((others, -cosines))
    return ReadWith(int(keys[post]), keys[others[order]], both[order].astype(np.int64), cosines[order])


def _rounded_down(counts: Mapping[int, int], posts: Ints, least: int) -> Floats:
    return publishable(np.array([counts[post] for post in posts.tolist()], np.float64), least)


def count_cosines(pairs: ReadWith) -> Counter[int]:
    """Count the cosines of a post's pairs, in units of the last decimal."""
    values, counts = np.unique(np.rint(pairs.cosines * _UNIT).astype(np.int64), return_counts=True)
    return Counter(dict(zip(values.tolist(), counts.tolist(), strict=True)))


def strong_cosine(parts: Iterable[Counter[int]]) -> float:
    """Return the cosine that `STRONG` of all pairs do not exceed, of cosines counted in any parts; 0 without pairs."""
    counts: Counter[int] = Counter()
    for part in parts:
        counts.update(part)
    if not counts:
        return 0.0
    values = np.array(sorted(counts), np.int64)
    up_to = np.cumsum([counts[value] for value in values.tolist()])
    return float(values[np.searchsorted(up_to, STRONG * up_to[-1])] / _UNIT)
