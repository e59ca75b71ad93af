"""What the ranking is learned from: the features of some articles' candidates, and which of these they link to."""

from __future__ import annotations

import dataclasses
import operator
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from transforms.numerics.arrays import NOBODY, Floats, Ints, Mask
from transforms.related.reading_part import ReadingPart, join_reading, nothing_read

LEARNED_ARTICLES = 2_000
"""About so many articles of a larger corpus are learned from."""


@dataclass(frozen=True, eq=False)
class Lessons:
    """Some articles, by their `keys` int64 [q], with their candidates.

    `found` int64 [q, c] are the candidates' keys, `NOBODY` where there are fewer, with their `features` float64
    [q, c, features], the ones that they are `linked` to [q, c], and those that are `older` [q, c], or as old.
    `targets` [q] are the keys of all articles that each links to, candidates or not. `reading` is what readers tell of
    the candidates, where there are logs.
    """

    keys: Ints
    found: Ints
    features: Floats
    linked: Mask
    older: Mask
    targets: tuple[tuple[int, ...], ...]
    reading: ReadingPart | None = None

    def __len__(self) -> int:
        return len(self.keys)

    @property
    def offered(self) -> Mask:
        """The candidates that an author could have linked to when writing [q, c]."""
        offered: Mask = self.older & (self.found != NOBODY)
        return offered

    @property
    def chosen(self) -> Mask:
        """Those of them that the author did link to [q, c]."""
        chosen: Mask = self.offered & self.linked
        return chosen

    def part(self, rows: Ints) -> Lessons:
        """Return what is known of some of the articles."""
        return Lessons(
            self.keys[rows],
            self.found[rows],
            self.features[rows],
            self.linked[rows],
            self.older[rows],
            tuple(self.targets[row] for row in rows.tolist()),
            self.reading and self.reading.each(lambda of: of[rows]),
        )

    def without_readers(self) -> Lessons:
        """Return what would be known without readers: nobody is a candidate for their sake."""
        if self.reading is None:
            return self
        by_text = dataclasses.replace(self, found=np.where(self.reading.added, NOBODY, self.found), reading=None)
        return by_text.part(np.flatnonzero((by_text.found != NOBODY).any(axis=1)))

    def blended(self, scores: Floats) -> Floats:
        """Return scores of the candidates [q, c] with what readers tell."""
        return scores if self.reading is None else self.reading.blend(scores)

    def linking(self) -> Lessons:
        """Return what is known of the articles that chose any."""
        return self.part(np.flatnonzero(self.chosen.any(axis=1)))

    def spreads(self) -> Floats:
        """Return each feature's standard deviation among an article's candidates, their mean [features]."""
        there = (self.found != NOBODY)[:, :, None]
        counts = there.sum(axis=1)
        known = counts[:, 0] > 1
        if not known.any():
            return np.zeros(self.features.shape[2])
        features, there, counts = self.features[known], there[known], counts[known]
        means = (features * there).sum(axis=1) / counts
        squares = (((features - means[:, None, :]) * there) ** 2).sum(axis=1) / counts
        spread: Floats = np.sqrt(squares).mean(axis=0)
        return np.where(spread > 1e-9, spread, 0.0)


NO_LESSONS = Lessons(
    np.zeros(0, np.int64),
    np.zeros((0, 0), np.int64),
    np.zeros((0, 0, 0)),
    np.zeros((0, 0), np.bool_),
    np.zeros((0, 0), np.bool_),
    (),
)


def join_lessons(parts: Sequence[Lessons]) -> Lessons:
    """Join what several shards know, in any order: by the articles' keys, their candidates by theirs."""
    parts = [part for part in parts if len(part)]
    if not parts:
        return NO_LESSONS
    width = parts[0].features.shape[2]
    rows = [np.nonzero(part.found != NOBODY) for part in parts]
    keys = np.concatenate([part.keys[at[0]] for part, at in zip(parts, rows, strict=True)])
    found, features, linked, older = (
        np.concatenate([getattr(part, name)[at] for part, at in zip(parts, rows, strict=True)])
        for name in ("found", "features", "linked", "older")
    )
    order = np.lexsort((found, keys))
    sources, starts, counts = np.unique(keys[order], return_index=True, return_counts=True)
    row = np.repeat(np.arange(len(sources)), counts)
    column = np.arange(len(order)) - np.repeat(starts, counts)
    shape = (len(sources), int(counts.max(initial=0)))
    targets = {key: of for part in parts for key, of in zip(part.keys.tolist(), part.targets, strict=True)}
    joined = Lessons(
        sources,
        np.full(shape, NOBODY, np.int64),
        np.zeros((*shape, width)),
        np.zeros(shape, np.bool_),
        np.zeros(shape, np.bool_),
        tuple(targets[key] for key in sources.tolist()),
    )
    for whole, array in ((joined.found, found), (joined.features, features)):
        whole[row, column] = array[order]
    for flags, array in ((joined.linked, linked), (joined.older, older)):
        flags[row, column] = array[order]
    if all(part.reading is None for part in parts):
        return joined
    told = join_reading(
        [
            (part.reading or nothing_read(part.found.shape)).each(operator.itemgetter(at))
            for part, at in zip(parts, rows, strict=True)
        ]
    )
    return dataclasses.replace(joined, reading=told.each(lambda flat: _laid_out(flat[order], row, column, shape)))


def _laid_out(flat: npt.NDArray[Any], row: Ints, column: Ints, shape: tuple[int, int]) -> npt.NDArray[Any]:
    whole = np.zeros(shape, flat.dtype)
    whole[row, column] = flat
    return whole
