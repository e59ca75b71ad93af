"""Passages that two texts have in common, word for word or nearly so."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple
from unicodedata import east_asian_width

import numpy as np

from transforms.corpus.runs import LENGTH, hash_in_order
from transforms.corpus.tokens import BREAK, tokenize
from transforms.numerics.arrays import Floats, Ints, Ints32
from transforms.reading.prose import Paragraph

COLUMNS = 180
"""Two texts have a passage in common when so much of it is the same: 30 words of English, or 90 characters of Japanese.

Of those that two blogs have, five of six are worth telling from here on, half of those of 120 columns or more, and
hardly any of the shorter ones: they are greetings, notices and what a series begins with.
"""
CHANGED = 5
"""So many words one after the other may be changed, taken out or put in."""
OFTEN = 8
"""A run that stands in a text more often says nothing of a passage."""
_STEP = LENGTH + CHANGED
_MAY_BE_WIDE = re.compile("[\u1100-\U0010ffff]")


class Runs(NamedTuple):
    """The runs of words in some paragraphs: int32 [n] hashes in their order, and the paragraph each begins and ends in.

    `lines` int64 [paragraphs, 2] are the first and the last of each paragraph, and `widths` float64 [paragraphs] those
    of a word with what stands around it, in columns.
    """

    lines: Ints
    widths: Floats
    hashes: Ints32
    begins: Ints
    ends: Ints

    def lines_of(self, first: int, last: int) -> tuple[int, int]:
        """The first and the last line of the paragraphs from the run `first` to the run `last`."""
        return int(self.lines[self.begins[first], 0]), int(self.lines[self.ends[last], 1])


class Passage(NamedTuple):
    """The first and last run of a passage in a text, those in the other, and how many columns of it are the same."""

    here: tuple[int, int]
    there: tuple[int, int]
    columns: float


def read_runs(paragraphs: Sequence[Paragraph]) -> Runs:
    """Hash the runs of words in paragraphs, which go on from one to the next."""
    tokens = [[token for token in tokenize.__wrapped__(text) if token != BREAK] for *_, text in paragraphs]
    hashes = hash_in_order([token for of_one in tokens for token in of_one])
    words = np.array([len(of_one) for of_one in tokens], np.int64)
    columns = np.array([_columns(text) for *_, text in paragraphs], np.int64)
    paragraph = np.repeat(np.arange(len(tokens)), words)
    lines = np.array([(first, last) for first, last, _ in paragraphs], np.int64).reshape(-1, 2)
    return Runs(lines, columns / np.maximum(words, 1), hashes, paragraph[: len(hashes)], paragraph[LENGTH - 1 :])


def _columns(text: str) -> int:
    """How wide a text is: a wide character (UAX 11) takes two columns, and says about as much as two letters."""
    return len(text) + sum(east_asian_width(sign) in "WF" for sign in _MAY_BE_WIDE.findall(text))


def find_passages(text: Runs, other: Runs, common: Ints32) -> list[Passage]:
    """Find the passages of a text that stand in another one, in their order; `common` runs count for nothing.

    A run is looked for where it stands first in the other text, so that the time is linear in both.
    """
    known, first = np.unique(other.hashes, return_index=True)
    hashes, places, times = np.unique(text.hashes, return_inverse=True, return_counts=True)
    here = np.flatnonzero((np.isin(hashes, known) & ~np.isin(hashes, common) & (times <= OFTEN))[places])
    there = first[np.searchsorted(known, text.hashes[here])]
    found = (_passage(text, chain) for chain in _chains(zip(here.tolist(), there.tolist(), strict=True)))
    return sorted(passage for passage in found if passage.columns >= COLUMNS)


def _chains(places: Iterable[tuple[int, int]]) -> Iterator[list[tuple[int, int]]]:
    """Join the places of runs in both texts, given by the first, where they follow each other closely in both."""
    growing: list[list[tuple[int, int]]] = []
    for here, there in places:
        yield from (chain for chain in growing if here - chain[-1][0] > _STEP)
        growing = [chain for chain in growing if here - chain[-1][0] <= _STEP]
        joined = (chain for chain in growing if 0 < there - chain[-1][1] <= _STEP)
        chain = min(joined, key=lambda chain: there - chain[-1][1], default=None)
        if chain is None:
            growing.append([(here, there)])
        else:
            chain.append((here, there))
    yield from growing


def _passage(text: Runs, chain: Sequence[tuple[int, int]]) -> Passage:
    here, there = zip(*chain, strict=True)
    same = np.minimum(np.diff(here, append=here[-1] + LENGTH), LENGTH)
    columns = float(same @ text.widths[text.begins[list(here)]])
    return Passage((here[0], here[-1]), (there[0], there[-1]), columns)
