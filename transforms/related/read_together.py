"""Candidates that readers tell, added in a pipeline to those that texts tell."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import apache_beam as beam
from apache_beam.pvalue import AsSingleton, PCollection, TaggedOutput

from transforms.plumbing.composite import Composite
from transforms.plumbing.gather import Gather
from transforms.plumbing.group_on_disk import GroupOnDisk, StoredGroup
from transforms.plumbing.metrics import measured
from transforms.plumbing.side_inputs import as_singleton
from transforms.readings.neighbors import ReadPosts, ReadWith
from transforms.records import Block
from transforms.related.read_candidates import (
    BlockRows,
    ReadCandidates,
    ReadTable,
    add_candidates,
    make_table,
    may_be_related,
    rows_of_block,
)
from transforms.search.find import Finds
from transforms.search.shards import Candidates
from transforms.search.votes import Votes

_VOTES = "votes"


class ReadFinds(NamedTuple):
    """ReadCandidates of every block, and its Votes by the block's key."""

    candidates: PCollection[ReadCandidates]
    votes: PCollection[tuple[int, Votes]]


@dataclass(eq=False, repr=False)
class AddReadTogether(Composite):
    """Finds -> ReadFinds, given the `blocks` that they are of.

    `pairs` are what is read together with each article, `strong` is the cosine that counts in full, `read_posts` the
    ReadPosts and `languages` the BlogLanguages. An article's copies are no candidates, unless `copies`.
    """

    blocks: PCollection[Block]
    pairs: PCollection[ReadWith]
    strong: PCollection[float]
    read_posts: PCollection[ReadPosts]
    languages: AsSingleton
    copies: bool = False

    def expand(self, finds: Finds) -> ReadFinds:
        """Gather where articles live that are read, send what is read together to the articles' blocks, add."""
        rows = self.blocks | "Rows" >> beam.Map(rows_of_block, self.languages)
        homes = finds.votes | "Homes" >> beam.Map(_homes)
        table = (
            (rows, homes)
            | "RowsAndHomes" >> beam.Flatten()
            | "Table" >> Gather(_table, as_singleton(self.read_posts, "read posts"))
        )
        the_table = as_singleton(table, "read articles")
        pairs = self.pairs | "MayBeRelated" >> beam.FlatMap(_related, the_table, self.copies)
        added = (
            (finds.candidates | "ByBlock" >> beam.Map(_by_block), finds.votes, pairs)
            | "GroupByBlock" >> GroupOnDisk()
            | "Add"
            >> beam.FlatMap(_add, the_table, as_singleton(self.strong, "strong cosine")).with_outputs(
                _VOTES, main="candidates"
            )
        )
        return ReadFinds(added.candidates, added[_VOTES])


def _homes(votes: tuple[int, Votes]) -> tuple[int, Any]:
    return votes[0], votes[1].homes


def _table(parts: Sequence[BlockRows | tuple[int, Any]], read: ReadPosts) -> ReadTable:
    rows = [part for part in parts if isinstance(part, BlockRows)]
    return make_table(rows, dict(part for part in parts if not isinstance(part, BlockRows)), read)


def _related(pairs: ReadWith, table: ReadTable, copies: bool) -> Iterator[tuple[int, ReadWith]]:
    found = may_be_related(pairs, table, copies=copies)
    if found is not None:
        yield found


def _by_block(candidates: Candidates) -> tuple[int, Candidates]:
    return candidates.block, candidates


def _add(group: tuple[int, StoredGroup], table: ReadTable, strong: float) -> Iterator[ReadCandidates | TaggedOutput]:
    block, parts = group[0], list(group[1])
    candidates = next(part for part in parts if isinstance(part, Candidates))
    votes = next(part for part in parts if isinstance(part, Votes))
    pairs = sorted((part for part in parts if isinstance(part, ReadWith)), key=lambda part: part.key)
    with measured("add read together", len(pairs)):
        with_readers, votes = add_candidates(candidates, votes, pairs, table, strong)
    yield with_readers
    yield TaggedOutput(_VOTES, (block, votes))
