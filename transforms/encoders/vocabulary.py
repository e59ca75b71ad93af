"""Terms (tokens, and pairs of tokens that follow each other) as numbers, counted without a string for each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import count, islice, repeat

import numpy as np
from scipy import sparse

from transforms.corpus.tokens import BREAK
from transforms.numerics.arrays import Ints, Ints32

# A text is an array of its tokens' numbers from 1 up, in which 0 is no token. A term's key is first * base + second of
# the numbers of its tokens; second is 0 in a term of one token.

Counted = tuple[Ints, Ints32]
"""Distinct keys in rising order, and the count of each."""
CHUNK_TEXTS = 512
"""Terms are counted in so many texts at a time, which bounds the memory that counting takes."""
RANGES = 16
"""What all chunks have counted is added up in so many ranges of keys, one after the other, for the same reason."""


class Vocabulary:
    """Terms of one token or two (joined by a space), each a column; `terms` stand in the order of the columns."""

    def __init__(self, terms: Iterable[str]) -> None:
        split = sorted(term.partition(" ") for term in terms)
        firsts, seconds = [first for first, _, _ in split], [second for _, _, second in split]
        tokens = sorted({*firsts, *seconds} - {""})
        self.terms = tuple(map("".join, split))
        self._number = {token: number for number, token in enumerate(tokens, start=1)}
        self._base = len(tokens) + 1
        numbers = {**self._number, "": 0}
        self._keys = self._base * _numbered(numbers, firsts) + _numbered(numbers, seconds)

    def count(self, texts: Sequence[Sequence[str]]) -> sparse.csr_matrix:
        """Count the terms of tokenized texts: float32 [len(texts), len(terms)], unknown terms left out."""
        if not texts:
            return sparse.csr_matrix((0, len(self.terms)), dtype=np.float32)
        numbered = (_numbers(map(self._number.get, tokens, repeat(0)), tokens) for tokens in texts)
        return sparse.vstack([self._count_chunk(chunk) for chunk in _batched(numbered)], format="csr")

    def _count_chunk(self, texts: Sequence[Ints32]) -> sparse.csr_matrix:
        keys, rows, counts = _count_terms(texts, self._base)
        columns = np.searchsorted(self._keys, keys)
        known = np.flatnonzero(columns < len(self._keys))
        known = known[self._keys[columns[known]] == keys[known]]
        entries = (counts[known].astype(np.float32), (rows[known], columns[known]))
        return sparse.coo_matrix(entries, (len(texts), len(self.terms))).tocsr()


def _numbered(numbers: Mapping[str, int], tokens: Sequence[str]) -> Ints:
    return np.fromiter(map(numbers.__getitem__, tokens), np.int64, len(tokens))


def choose_terms(texts: Sequence[Sequence[str]], least: int, most: int) -> list[str]:
    """Choose the terms that stand in `least` texts or more, the `most` frequent of them, ties in alphabetical order."""
    lexicon: defaultdict[str, int] = defaultdict(count(1).__next__)
    lexicon[BREAK] = 0
    numbered = [_numbers(map(lexicon.__getitem__, tokens), tokens) for tokens in texts]
    tokens, base = list(lexicon), len(lexicon) + 1
    keys, frequency = _text_frequencies(numbered, base, least)
    if len(keys) > most:
        kept = frequency >= np.partition(frequency, -most)[-most]
        keys, frequency = keys[kept], frequency[kept]
    chosen = [
        (-texts_with, tokens[key // base] if not key % base else f"{tokens[key // base]} {tokens[key % base]}")
        for key, texts_with in zip(keys.tolist(), frequency.tolist(), strict=True)
    ]
    return [term for _, term in sorted(chosen)[:most]]


def _numbers(numbered: Iterable[int], tokens: Sequence[str]) -> Ints32:
    return np.fromiter(numbered, np.int32, len(tokens))


def _batched(texts: Iterable[Ints32]) -> Iterator[list[Ints32]]:
    remaining = iter(texts)
    while chunk := list(islice(remaining, CHUNK_TEXTS)):
        yield chunk


def _text_frequencies(texts: Sequence[Ints32], base: int, least: int) -> Counted:
    """Count the texts that each term stands in, and keep the terms of `least` texts or more."""
    chunks = [_counted(_count_terms(chunk, base)[0]) for chunk in _batched(texts)]
    sums = (_add_up(pieces) for pieces in _by_range(chunks))
    frequent = [(keys[counts >= least], counts[counts >= least]) for keys, counts in sums]
    return _joined([(np.zeros(0, np.int64), np.zeros(0, np.int32)), *frequent])


def _counted(keys: Ints) -> Counted:
    distinct, counts = np.unique(keys, return_counts=True)
    return distinct, counts.astype(np.int32)


def _by_range(chunks: Sequence[Counted]) -> Iterator[list[Counted]]:
    """Cut all chunks at the same keys, those that part the longest into `RANGES` equal pieces."""
    longest = max((keys for keys, _ in chunks), key=len, default=())
    if not len(longest):
        return
    bounds = longest[np.linspace(0, len(longest), RANGES, endpoint=False, dtype=int)[1:]]
    cuts = [[0, *np.searchsorted(keys, bounds).tolist(), len(keys)] for keys, _ in chunks]
    for part in range(RANGES):
        pieces = [slice(*cut[part : part + 2]) for cut in cuts]
        yield [(keys[piece], counts[piece]) for (keys, counts), piece in zip(chunks, pieces, strict=True)]


def _add_up(pieces: Sequence[Counted]) -> Counted:
    keys, counts = _joined(pieces)
    order = np.argsort(keys, kind="stable")
    keys, counts = keys[order], counts[order]
    starts = np.flatnonzero(np.diff(keys, prepend=-1))
    return keys[starts], np.add.reduceat(counts, starts) if len(starts) else counts


def _joined(pieces: Sequence[Counted]) -> Counted:
    return np.concatenate([keys for keys, _ in pieces]), np.concatenate([counts for _, counts in pieces])


def _count_terms(texts: Sequence[Ints32], base: int) -> tuple[Ints, Ints, Ints]:
    """Count the terms of each text: keys in rising order, each with a text's row and its count there."""
    numbers = np.concatenate(texts).astype(np.int64)
    rows = np.repeat(np.arange(len(texts)), [len(tokens) for tokens in texts])
    single = np.flatnonzero(numbers)
    pair = single[:-1][(np.diff(single) == 1) & (np.diff(rows[single]) == 0)]
    keys = np.concatenate([numbers[single] * base, numbers[pair] * base + numbers[pair + 1]])
    in_text = keys * len(texts) + np.concatenate([rows[single], rows[pair]])
    # Asked for counts too, NumPy sorts instead of hashing, which is many times faster.
    distinct, counts = np.unique(in_text, return_counts=True)
    keys, rows = np.divmod(distinct, len(texts))
    return keys, rows, counts
