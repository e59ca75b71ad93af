"""How many readers have read every two posts: counted of some readers at once, and added up post by post."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

import numpy as np
from scipy import sparse

from transforms.numerics.arrays import Ints


def count_pairs(readers: Sequence[Sequence[int]]) -> Iterator[tuple[int, Ints]]:
    """Count who has read two posts, of some readers, each of whom has a post once.

    Yields each post that is read together with any, and int64 [others, 2]: the other posts in the order of their
    numbers, and how many have read both.
    """
    ends = np.cumsum([0, *map(len, readers)])
    found, columns = np.unique(np.fromiter(chain.from_iterable(readers), np.int64, ends[-1]), return_inverse=True)
    ones = np.ones(len(columns), np.int64)
    read = sparse.csr_array((ones, columns, ends), shape=(len(readers), len(found)))
    both = (read.T.tocsr() @ read).sorted_indices()
    for row, post in enumerate(found.tolist()):
        part = slice(both.indptr[row], both.indptr[row + 1])
        pairs = np.stack([found[both.indices[part]], both.data[part]], axis=1)
        if len(pairs) > 1:
            yield post, pairs[pairs[:, 0] != post]


def add_pairs(parts: Iterable[Ints], least: int) -> Ints:
    """Add up what `count_pairs` yields for a post, in any order; pairs of fewer than `least` readers are left out."""
    others, counted = np.concatenate(list(parts)).T
    found, places = np.unique(others, return_inverse=True)
    readers = np.zeros(len(found), np.int64)
    np.add.at(readers, places, counted)
    return np.stack([found, readers], axis=1)[readers >= least]
