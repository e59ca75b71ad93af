"""Runs of words that follow each other in a post's body, by which posts are known to share text (Broder, 1997).

A run is known by a hash. A post keeps the lowest hashes of its runs, so that two posts are compared on the same sample
of all runs whatever their lengths; of a post of no more than `KEPT` runs that is all of them.
"""

from __future__ import annotations

import functools
import hashlib
import itertools
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
from scipy import sparse

from transforms.corpus.remember import Remember
from transforms.corpus.text_parts import WHOLE_TEXT, article_text
from transforms.corpus.tokens import BREAK, normalize, pieces, tokenize
from transforms.numerics.arrays import Floats, Ints32, Mask
from transforms.records import Article

LENGTH = 5
"""A run is so many tokens: words, and pairs of characters where a script sets no spaces."""
HASHES = 2**31 - 1
"""Runs have hashes from 0 below this."""
KEPT = 512
"""A post keeps no more hashes than this, which bounds its sketch at 2.5 KB."""
LEAST = 20
"""A post of fewer runs says too little to be a copy of another."""
OWN = 0.5
"""A post keeps none but its own runs where they are so large a share of all, and `LEAST` or more."""
FEW = 3
"""A run that more posts have is no post's own: it is of a template, a footer, or a text with many copies."""
UNIQUE, REPEATED = 1, 2
"""The values of a sketch: no other post has the run, or some have it. In a sketch of own runs all have the first."""
OF_A_TEMPLATE = 0.5
"""So large a share of a line's words stands in common runs where it is of a template."""
COUNTED_POSTS = 10_000
"""Of a larger corpus the runs of about so many posts are counted."""

NO_RUNS: Ints32 = np.zeros(0, np.int32)

CACHED_BYTES = 1 << 25
"""Counting and sketching read the same texts; so much is held of them."""

_MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)
_REMEMBERED = 1 << 17


class RunCounts(NamedTuple):
    """The hashes of some posts' runs, int32 in rising order, and how many of the posts have each, int32."""

    hashes: Ints32
    posts: Ints32


def runs_of(article: Article, whole: str) -> Ints32:
    """Hash the runs in a body: int32, each once, in rising order.

    `article` is without its body, and `whole` its whole text, of which the body is the end.
    """
    return _runs_after(article_text(article, WHOLE_TEXT), whole)


def _bytes_of(runs: Ints32) -> int:
    return runs.nbytes


@functools.partial(Remember, size=_bytes_of, limit=CACHED_BYTES)
def _runs_after(head: str, whole: str) -> Ints32:
    lines = Counter(head.split("\n")) if head else {}  # most stand there several times
    before = sum(times * len(pieces(normalize(line))) for line, times in lines.items())
    return hash_runs(tokenize(whole)[before:])


def hash_runs(tokens: Sequence[str]) -> Ints32:
    """Hash the runs of tokens, across BREAKs: int32, each once, in rising order."""
    hashes = np.sort(hash_in_order(tokens))
    first = np.ones(len(hashes), np.bool_)
    np.not_equal(hashes[1:], hashes[:-1], out=first[1:])
    return hashes[first]


def own_lines(lines: Sequence[str], common: Ints32) -> list[str]:
    """Leave out the lines of which half or more stands in common runs: they are of a template."""
    tokens = [[token for token in tokenize.__wrapped__(line) if token != BREAK] for line in lines]
    begin_common = _are_common(itertools.chain.from_iterable(tokens), common)
    ends = np.cumsum([0, *map(len, tokens)])
    within = np.zeros(ends[-1], np.bool_)
    for place in range(LENGTH):
        within[place : place + len(begin_common)] |= begin_common
    before = np.append(0, np.cumsum(within))
    shares = (before[ends[1:]] - before[ends[:-1]]) / np.maximum(np.diff(ends), 1)
    return [line for line, share in zip(lines, shares.tolist(), strict=True) if share < OF_A_TEMPLATE]


def has_common(tokens: Iterable[str], common: Ints32) -> bool:
    """Tell whether any run of tokens is common."""
    return bool(_are_common(tokens, common).any())


def _are_common(tokens: Iterable[str], common: Ints32) -> Mask:
    hashes = hash_in_order(tokens)
    if not len(common):
        return np.zeros(len(hashes), np.bool_)
    places = np.minimum(np.searchsorted(common, hashes), len(common) - 1)
    are_common: Mask = common[places] == hashes
    return are_common


def hash_in_order(tokens: Iterable[str]) -> Ints32:
    """Hash the run that begins at each token but BREAKs: int32, in the order of the tokens."""
    numbers = np.frombuffer(b"".join(map(_hashes.__getitem__, tokens)), "<u8")
    ends = max(len(numbers) - LENGTH + 1, 0)
    runs = np.zeros(ends, np.uint64)
    for place in range(LENGTH):
        runs = runs * _MULTIPLIER + numbers[place : place + ends]  # a polynomial modulo 2**64
    return (runs % np.uint64(HASHES)).astype(np.int32)


def count_runs(runs: Iterable[Ints32]) -> RunCounts:
    """Count in how many posts each run stands; `runs` are those of a post each."""
    hashes, posts = np.unique(np.concatenate([np.zeros(0, np.int32), *runs]), return_counts=True)
    return RunCounts(hashes, posts.astype(np.int32))


def add_runs(counted: Sequence[RunCounts]) -> RunCounts:
    """Add up counts of runs."""
    hashes, posts = (np.concatenate(arrays) for arrays in zip(*counted, strict=True))
    order = np.argsort(hashes, kind="stable")  # which merges what is sorted already
    hashes, posts = hashes[order], posts[order]
    first = np.flatnonzero(np.diff(hashes, prepend=-1))
    return RunCounts(hashes[first], np.add.reduceat(posts, first) if len(first) else posts)


def common_runs(counted: RunCounts, corpus_size: int) -> Ints32:
    """Return the runs that more than `FEW` posts have, of a corpus of which about `COUNTED_POSTS` were counted.

    int32 in rising order. In a sample fewer posts have a run. In one of a tenth, two posts are both found once in a
    hundred times, so that a run that two of them have is likely to stand in many more.
    """
    few = FEW if corpus_size <= COUNTED_POSTS else 2 if corpus_size < 10 * COUNTED_POSTS else 1
    return counted.hashes[counted.posts > few]


def repeated_runs(counted: RunCounts) -> Ints32:
    """Return the runs that two of the counted posts have, or more: int32 in rising order."""
    return counted.hashes[counted.posts > 1]


def sketch(runs: Ints32, common: Ints32, repeated: Ints32) -> tuple[Ints32, Mask]:
    """Keep the lowest `KEPT` of a post's own runs, or of all where too few are its own.

    Nothing is kept of a post of too few runs. Returns them and which are `repeated`, none of which is said of own runs.
    """
    own = np.setdiff1d(runs, common, assume_unique=True)
    if len(own) >= max(LEAST, OWN * len(runs)):
        return own[:KEPT], np.zeros(min(len(own), KEPT), np.bool_)
    kept = runs[: KEPT if len(runs) >= LEAST else 0]
    return kept, np.isin(kept, repeated, assume_unique=True)


def sketches(runs: Sequence[Ints32], common: Ints32, repeated: Ints32) -> sparse.csr_matrix:
    """Sketch the runs of some posts: csr int8 [posts, HASHES], `UNIQUE` or `REPEATED` where a run is kept."""
    made = [sketch(of_post, common, repeated) for of_post in runs]
    ends = np.cumsum([0, *(len(kept) for kept, _ in made)], dtype=np.int32)
    indices = np.concatenate([np.zeros(0, np.int32), *(kept for kept, _ in made)])
    is_repeated = np.concatenate([np.zeros(0, np.bool_), *(marks for _, marks in made)])
    values = np.where(is_repeated, REPEATED, UNIQUE).astype(np.int8)
    return sparse.csr_matrix((values, indices, ends), (len(made), HASHES))


def repeated_shares(sketches: sparse.csr_matrix) -> Floats:
    """The share of repeated runs in each post's sketch: float64 [posts], 0 where it is of the post's own runs alone."""
    ends = sketches.indptr.astype(np.int64)
    before = np.append(0, np.cumsum(sketches.data == REPEATED))
    shares: Floats = (before[ends[1:]] - before[ends[:-1]]) / np.maximum(np.diff(ends), 1)
    return shares


def no_sketches(posts: int) -> sparse.csr_matrix:
    """The sketches of posts of which no text is known."""
    none = np.zeros(0, np.int32)
    return sketches([none] * posts, none, none)


class _TokenHashes(dict[str, bytes]):
    """The hash of each token, once asked for; all are let go when there are many. An LRU cache takes thrice as long."""

    def __missing__(self, token: str) -> bytes:
        if len(self) >= _REMEMBERED:
            self.clear()
        self[token] = hashlib.blake2b(token.encode(), digest_size=8).digest() if token != BREAK else b""
        return self[token]


_hashes = _TokenHashes()
