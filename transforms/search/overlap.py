"""How much text two posts share, and whether that makes them near-duplicates."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
from scipy import sparse

from transforms.corpus.runs import HASHES, KEPT
from transforms.corpus.tokens import fold, normalize
from transforms.numerics.arrays import Floats, Ints, Mask
from transforms.numerics.rounding import rounded
from transforms.records import Article
from transforms.sampling import key_of

NEAR_DUPLICATE = 0.8
"""Posts are near-duplicates when so large a share of the runs of one stands in the other."""
OF_A_SERIES = 0.95
"""Parts of a series are near-duplicates only when so large a share of each stands in the other."""
COMPARED = 10
"""Of a long post and a short one fewer runs may be in both samples; fewer than this say nothing."""

_MONTHS = (
    "jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sep(?:t(?:ember)?)?|oct(?:ober)?"
    "|nov(?:ember)?|dec(?:ember)?"
)
_NUMBER = re.compile(rf"(?<![a-z\d.+-])[a-z.+-]*\d[a-z\d.+-]*|\b(?:[ivx]+|{_MONTHS})\b", re.ASCII)
"""Whatever has a digit in it, as a version and a year have, a Roman numeral, and a month."""
_SIGNS = re.compile(r"[\W_]+")


class RunIndex:
    """The posts of a shard by their runs: `sketches` csr [posts, HASHES]."""

    def __init__(self, sketches: sparse.csr_matrix) -> None:
        order = np.argsort(sketches.indices, kind="stable")
        self._hashes, self._posts = sketches.indices[order], _rows(sketches).astype(np.int32)[order]

    def sharing(self, queries: sparse.csr_matrix) -> tuple[Ints, Ints]:
        """Find who shares `COMPARED` runs or more with queries [q, HASHES]: rows of them, and as many posts."""
        order = np.argsort(queries.indices, kind="stable")  # what is sorted is looked up faster
        hashes, rows = queries.indices[order], _rows(queries)[order]
        first, last = (np.searchsorted(self._hashes, hashes, side) for side in ("left", "right"))
        have = last - first
        at = np.arange(have.sum()) + np.repeat(first - np.cumsum(have) + have, have)
        posts = int(self._posts.max(initial=0)) + 1
        pairs, shared = np.unique(np.repeat(rows, have) * posts + self._posts[at], return_counts=True)
        row, post = np.divmod(pairs[shared >= COMPARED], posts)
        return row, post


def shared_runs(left: sparse.csr_matrix, right: sparse.csr_matrix) -> tuple[Floats, Floats]:
    """Return the share of runs of one post that stand in the other: float64 [n] each, for the pair in each row.

    First that of the post of fewer runs, then that of the other. `left` and `right` csr [n, HASHES] are sketches. Where
    one was cut, both are compared on what is below its last run, as in a sample of all runs. The shares are 0 where
    fewer than `COMPARED` runs can be compared.
    """
    shared = np.diff(left.multiply(right).tocsr().indptr)
    limits = np.minimum(_limits(left), _limits(right))
    sizes = np.stack([_sizes(left, limits), _sizes(right, limits)])
    fewer, more = sizes.min(axis=0), sizes.max(axis=0)
    enough = fewer >= COMPARED
    return np.where(enough, shared / np.maximum(fewer, 1), 0), np.where(enough, shared / np.maximum(more, 1), 0)


def title_keys(articles: Sequence[Article]) -> Ints:
    """Number articles' titles, and their titles without numbers and months: int64 [articles, 2]."""
    titles = [fold(normalize(article.title)) for article in articles]
    keys = [(key_of(title), key_of(" ".join(_SIGNS.split(_NUMBER.sub(" ", title))).strip())) for title in titles]
    return np.array(keys, np.int64).reshape(len(keys), 2)


def are_series(left: Ints, right: Ints) -> Mask:
    """Tell which pairs are parts of a series: their titles [n, 2], by `title_keys`, differ in numbers alone."""
    same = left == right
    series: Mask = ~same[:, 0] & same[:, 1]
    return series


def near_duplicates(
    left: sparse.csr_matrix, right: sparse.csr_matrix, left_titles: Ints, right_titles: Ints
) -> tuple[Mask, Floats]:
    """Tell which pairs of sketches [n, HASHES] and titles [n, 2] are near-duplicates, and their scores [n], rounded.

    The score is the share of the runs of the shorter text that stand in the longer one. A part of a series may well
    repeat another.
    """
    of_shorter, of_longer = map(rounded, shared_runs(left, right))
    of_a_series = are_series(left_titles, right_titles)
    return np.where(of_a_series, of_longer >= OF_A_SERIES, of_shorter >= NEAR_DUPLICATE), of_shorter


def _limits(sketches: sparse.csr_matrix) -> Ints:
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
