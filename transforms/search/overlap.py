"""How much text two posts share, and whether that makes them near-duplicates."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
from scipy import sparse

from transforms.corpus.runs import HASHES, KEPT, repeated_shares
from transforms.corpus.tokens import fold, normalize
from transforms.numerics.arrays import Floats, Ints, Mask
from transforms.numerics.rounding import rounded

NEAR_DUPLICATE = 0.8
"""Posts are near-duplicates when so large a share of the runs of one stands in the other."""
OF_A_SERIES = 0.95
"""Parts of a series are near-duplicates only when so large a share of each stands in the other."""
OF_COMMON_RUNS = 0.85
"""So are posts of mostly common runs, which may follow a template."""
OF_OTHER_TITLES = 0.98
"""Where their titles do not say that they are the same, so large a share must stand in each."""
NOTHING_OWN = 0.98
"""A post of which others have so large a share of the runs has no content of its own that would fill a template."""
NO_TEMPLATE = 0.5
"""It is a near-duplicate of one that holds it when it is so large a share of that one: a bare template is less."""
STUB = 50
"""Of a post of fewer runs that stands in a longer one, as a teaser does, it is no copy: they must be as long."""
COMPARED = 10
"""Of a long post and a short one fewer runs may be in both samples; fewer than this say nothing."""
SHARED = 64
"""A run that more posts of an index have is common, even if the sample of posts did not show it."""

_MONTHS = (
    "jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sep(?:t(?:ember)?)?|oct(?:ober)?"
    "|nov(?:ember)?|dec(?:ember)?"
)
_NUMBER = re.compile(rf"(?<![a-z\d.+-])[a-z.+-]*\d[a-z\d.+-]*|\b(?:[ivx]+|{_MONTHS})\b", re.ASCII)
"""Whatever has a digit in it, as a version and a year have, a Roman numeral, and a month."""
_SIGNS = re.compile(r"[\W_]+")


class RunIndex:
    """The posts of a shard by their own runs: `sketches` csr [posts, HASHES], of which those of all runs are left out.

    So is what more than `SHARED` posts have: however alike the posts are, those who share a run with one are few.
    """

    def __init__(self, sketches: sparse.csr_matrix) -> None:
        rows = _rows(sketches).astype(np.int32)
        own = np.flatnonzero(repeated_shares(sketches)[rows] == 0)
        own = own[np.argsort(sketches.indices[own], kind="stable")]
        hashes, posts = sketches.indices[own], rows[own]
        first = np.flatnonzero(np.diff(hashes, prepend=-1))
        have = np.diff(first, append=len(hashes))
        few = np.repeat(have <= SHARED, have)
        self._hashes, self._posts = hashes[few], posts[few]

    def sharing(self, queries: sparse.csr_matrix) -> tuple[Ints, Ints]:
        """Find who shares `COMPARED` runs or more with queries [q, HASHES]: rows of them, and as many posts."""
        row, post, shared = self.counts(queries)
        return row[shared >= COMPARED], post[shared >= COMPARED]

    def counts(self, queries: sparse.csr_matrix) -> tuple[Ints, Ints, Ints]:
        """Count the runs shared with queries [q, HASHES]: rows of them, as many posts, and how many runs each has."""
        order = np.argsort(queries.indices, kind="stable")  # what is sorted is looked up faster
        hashes, rows = queries.indices[order], _rows(queries)[order]
        first, last = (np.searchsorted(self._hashes, hashes, side) for side in ("left", "right"))
        have = last - first
        at = np.arange(have.sum()) + np.repeat(first - np.cumsum(have) + have, have)
        posts = int(self._posts.max(initial=0)) + 1
        pairs, shared = np.unique(np.repeat(rows, have) * posts + self._posts[at], return_counts=True)
        row, post = np.divmod(pairs, posts)
        return row, post, shared


def shared_runs(left: sparse.csr_matrix, right: sparse.csr_matrix) -> tuple[Floats, Floats]:
    """Return the share of runs of one post that stand in the other: float64 [n] each, for the pair in each row.

    First that of the post of fewer runs, then that of the other. `left` and `right` csr [n, HASHES] are sketches. Where
    one was cut, both are compared on what is below its last run, as in a sample of all runs. The shares are 0 where
    fewer than `COMPARED` runs can be compared.
    """
    shared = np.diff(left.multiply(right).tocsr().indptr)
    limits = np.minimum(complete_to(left), complete_to(right))
    sizes = np.stack([_sizes(left, limits), _sizes(right, limits)])
    fewer, more = sizes.min(axis=0), sizes.max(axis=0)
    enough = fewer >= COMPARED
    return np.where(enough, shared / np.maximum(fewer, 1), 0), np.where(enough, shared / np.maximum(more, 1), 0)


def are_series(one: str, other: str) -> bool:
    """Tell whether two titles are of parts of a series: they differ in numbers alone."""
    one, other = _folded(one), _folded(other)
    return _words(one) != _words(other) and _words(_NUMBER.sub(" ", one)) == _words(_NUMBER.sub(" ", other))


def are_of_one_post(one: str, other: str) -> bool:
    """Tell whether two titles may be of the same post: one has all words of the other, and they are of no series.

    Titles of posts that follow a template share some words, and each has others in the place of the rest.
    """
    words, others = set(_words(_folded(one))), set(_words(_folded(other)))
    return (words <= others or others <= words) and not are_series(one, other)


def near_duplicates(
    left: sparse.csr_matrix, right: sparse.csr_matrix, left_titles: Sequence[str], right_titles: Sequence[str]
) -> tuple[Mask, Floats]:
    """Tell which pairs of sketches [n, HASHES] and titles [n] are near-duplicates, and their scores [n], rounded.

    The score is the share of the runs of the shorter text that stand in the longer one. A part of a series may well
    repeat another, and posts of mostly common runs may follow a template.
    """
    of_shorter, of_longer = map(rounded, shared_runs(left, right))
    repeated, other_repeated = repeated_shares(left), repeated_shares(right)
    stubs = np.minimum(np.diff(left.indptr), np.diff(right.indptr)) < STUB
    near = (of_shorter >= NEAR_DUPLICATE) & (~stubs | (of_longer >= NEAR_DUPLICATE))
    near &= (repeated > 0) == (other_repeated > 0)
    repeated = np.maximum(repeated, other_repeated)
    for pair in np.flatnonzero(near).tolist():
        near[pair] = of_longer[pair] >= _least_of_longer(left_titles[pair], right_titles[pair], repeated[pair])
    return near, of_shorter


def _least_of_longer(title: str, other: str, repeated: float) -> float:
    """The least share of the longer text that two near-duplicates have, one of which has so large a share repeated."""
    if repeated == 0:
        return OF_A_SERIES if are_series(title, other) else 0
    if not are_of_one_post(title, other):
        return OF_OTHER_TITLES
    return NO_TEMPLATE if repeated >= NOTHING_OWN else OF_COMMON_RUNS


def _folded(title: str) -> str:
    return fold(normalize(title))


def _words(text: str) -> list[str]:
    return [word for word in _SIGNS.split(text) if word]


def complete_to(sketches: sparse.csr_matrix) -> Ints:
    """The last run that each sketch is complete to: that of a full one, and of others the last of all."""
    full = np.diff(sketches.indptr) == KEPT
    limits = np.full(len(full), HASHES, np.int64)
    limits[full] = sketches.indices[sketches.indptr[1:][full] - 1]
    return limits


def _sizes(sketches: sparse.csr_matrix, limits: Ints) -> Ints:
    """How many runs of each sketch are no higher than a limit: int64 [n]."""
    rows = _rows(sketches)
    return np.bincount(rows[sketches.indices <= limits[rows]], minlength=len(limits))


def _rows(sketches: sparse.csr_matrix) -> Ints:
    """The row that each run of some sketches stands in."""
    return np.repeat(np.arange(sketches.shape[0]), np.diff(sketches.indptr))
