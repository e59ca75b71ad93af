"""Terms (tokens, and pairs of tokens that follow each other) as numbers, counted without a string for each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import count, repeat

import numpy as np
import numpy.typing as npt
from scipy import sparse

from transforms.text import BREAK

Keys = npt.NDArray[np.int64]
"""A term's key is first * base + second, of its tokens' numbers from 1 up; second is 0 in a term of one token."""


class Vocabulary:
    """Terms of one token or two (joined by a space), each a column; `terms` stand in the order of the columns."""

    def __init__(self, terms: Iterable[str]) -> None:
        split = sorted(tuple(term.split(" ")) for term in terms)
        tokens = sorted({token for term in split for token in term})
        self.terms = tuple(" ".join(term) for term in split)
        self._number = {token: number for number, token in enumerate(tokens, start=1)}
        self._base = len(tokens) + 1
        numbers = [[self._number[token] for token in term] for term in split]
        self._keys = np.array([first * self._base + sum(rest) for first, *rest in numbers], np.int64)

    def count(self, texts: Sequence[Sequence[str]]) -> sparse.csr_matrix:
        """Count the terms of tokenized texts: float32 [len(texts), len(terms)], unknown terms left out."""
        numbers, ends = _concatenate((map(self._number.get, tokens, repeat(0)) for tokens in texts), texts)
        keys, rows, counts = _count_terms(numbers, ends, self._base)
        columns = np.searchsorted(self._keys, keys)
        known = np.flatnonzero(columns < len(self._keys))
        known = known[self._keys[columns[known]] == keys[known]]
        entries = (counts[known].astype(np.float32), (rows[known], columns[known]))
        return sparse.coo_matrix(entries, (len(texts), len(self.terms))).tocsr()


def choose_terms(texts: Sequence[Sequence[str]], least: int, most: int) -> list[str]:
    """Choose the terms that stand in `least` texts or more, the `most` frequent of them, ties in alphabetical order."""
    lexicon: defaultdict[str, int] = defaultdict(count(1).__next__)
    lexicon[BREAK] = 0
    numbers, ends = _concatenate((map(lexicon.__getitem__, tokens) for tokens in texts), texts)
    base = len(lexicon) + 1
    keys, _, _ = _count_terms(numbers, ends, base)
    starts = np.flatnonzero(np.diff(keys, prepend=-1))
    frequency = np.diff(starts, append=len(keys))
    kept = frequency >= least
    if np.count_nonzero(kept) > most:
        kept &= frequency >= np.partition(frequency, -most)[-most]
    tokens = list(lexicon)
    chosen = [
        (-texts_with, tokens[key // base] if not key % base else f"{tokens[key // base]} {tokens[key % base]}")
        for key, texts_with in zip(keys[starts[kept]].tolist(), frequency[kept].tolist(), strict=True)
    ]
    return [term for _, term in sorted(chosen)[:most]]


def _concatenate(numbered: Iterable[Iterable[int]], texts: Sequence[Sequence[str]]) -> tuple[Keys, Keys]:
    """Lay the tokens' numbers of all texts end to end; also where each text ends."""
    ends = np.cumsum([0, *map(len, texts)])
    numbers = np.empty(ends[-1], np.int64)
    for row, of_text in enumerate(numbered):
        numbers[ends[row] : ends[row + 1]] = np.fromiter(of_text, np.int64, ends[row + 1] - ends[row])
    return numbers, ends


def _count_terms(numbers: Keys, ends: Keys, base: int) -> tuple[Keys, Keys, Keys]:
    """Count the terms of each text: keys in rising order, each with a text's row and its count there; 0 is no token."""
    rows = np.repeat(np.arange(len(ends) - 1), np.diff(ends))
    single = np.flatnonzero(numbers)
    pair = single[:-1][(np.diff(single) == 1) & (np.diff(rows[single]) == 0)]
    keys = np.concatenate([numbers[single] * base, numbers[pair] * base + numbers[pair + 1]])
    texts = len(ends) - 1
    # Asked for counts too, NumPy sorts instead of hashing, which is many times faster.
    distinct, counts = np.unique(keys * texts + np.concatenate([rows[single], rows[pair]]), return_counts=True)
    keys, rows = np.divmod(distinct, max(1, texts))
    return keys, rows, counts
