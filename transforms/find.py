"""Every article's candidates among all others, and what is known of it: the ground for tags and related articles."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import apache_beam as beam
import numpy as np
from apache_beam.pvalue import AsIter, AsSingleton, PCollection, TaggedOutput

from transforms.corpus import Corpus, by_date, gather_corpus
from transforms.duplicates import find_duplicates, number_texts
from transforms.learning.evidence import Dossier, open_dossier
from transforms.observe import measured
from transforms.records import Article, Block, Duplicate
from transforms.search import Index, Rows, candidates
from transforms.tags import TagTable

CANDIDATES = 100
"""How many of an article's nearest are looked at more closely."""


@dataclass(frozen=True, eq=False)
class Found:
    """A block's articles, their rare words and ages (years before the newest, NaN if undated), and their dossier."""

    articles: tuple[Article, ...]
    words: tuple[tuple[str, ...], ...]
    age: np.ndarray[tuple[int], np.dtype[np.float64]]
    dossier: Dossier

    def __len__(self) -> int:
        return len(self.articles)


class Finder:
    """A corpus with its index; its articles' copies are no candidates unless `exact_duplicates`."""

    def __init__(self, corpus: Corpus, *, exact_duplicates: bool = False) -> None:
        self.corpus = corpus
        self._index = Index(corpus.near)
        self._order = by_date(corpus.articles)
        self._numbers = number_texts(corpus.digests)
        self._row = {article.id: row for row, article in enumerate(corpus.articles)}
        self._copies = None if exact_duplicates else self._numbers

    def rows(self, articles: Iterable[Article]) -> Rows:
        """Return the articles' rows in the corpus."""
        return np.array([self._row[article.id] for article in articles], np.int64)

    def find(self, rows: Rows) -> tuple[Dossier, list[Duplicate]]:
        """Find the candidates of some rows, and the duplicates among these."""
        found, cosines = candidates(self._index, rows, CANDIDATES, self._copies)
        dossier = open_dossier(self.corpus, self._order, rows, found, cosines)
        return dossier, find_duplicates(self.corpus, self._numbers, rows, found)


class FindCandidates(beam.PTransform):
    """Blocks -> Found, and Duplicates under the tag `duplicates` (the same pair may come twice).

    `corpus` are the Blocks that are searched, `table` their TagTable.
    """

    DUPLICATES = "duplicates"

    def __init__(self, corpus: AsIter, table: AsSingleton, *, exact_duplicates: bool = False) -> None:
        super().__init__()
        self.corpus = corpus
        self.table = table
        self.exact_duplicates = exact_duplicates

    def expand(self, blocks: PCollection[Block]) -> beam.pvalue.DoOutputsTuple:
        """Search every block in the index of all blocks."""
        return blocks | beam.ParDo(_FindFn(self.exact_duplicates), self.corpus, self.table).with_outputs(
            self.DUPLICATES, main="found"
        )


class _FindFn(beam.DoFn):
    """Builds the index of all blocks once, and searches it block by block."""

    def __init__(self, exact_duplicates: bool) -> None:
        self.exact_duplicates = exact_duplicates
        self.finder: Finder | None = None

    def process(self, block: Block, blocks: Iterable[Block], table: TagTable) -> Iterator[Found | TaggedOutput]:
        """Yield what was found for the block, and its Duplicates tagged."""
        if self.finder is None:
            with measured("index", 0):
                corpus = gather_corpus(blocks, table.keys)
                self.finder = Finder(corpus, exact_duplicates=self.exact_duplicates)
        with measured("find candidates", len(block)):
            rows = self.finder.rows(block.articles)
            dossier, duplicates = self.finder.find(rows)
        yield Found(block.articles, block.notes.words, self.finder.corpus.age[rows], dossier)
        for duplicate in duplicates:
            yield TaggedOutput(self.DUPLICATES, duplicate)

    DUPLICATES = FindCandidates.DUPLICATES
