"""All that is known of each article and its tags, collected block by block."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import apache_beam as beam
import numpy as np
from apache_beam.pvalue import AsSingleton, PCollection
from apache_beam.typehints.decorators import no_annotations
from scipy import sparse

from transforms.corpus.blocks import block_key
from transforms.corpus.chronology import DateKey, date_keys, latest, ordinals
from transforms.corpus.tag_spelling import tag_matrix
from transforms.corpus.tag_table import TagTable
from transforms.plumbing.bundles import JoinFn
from transforms.plumbing.composite import Composite
from transforms.plumbing.gather import Gather
from transforms.plumbing.group_on_disk import GroupOnDisk, StoredGroup
from transforms.plumbing.metrics import measured
from transforms.records import Block
from transforms.results import Links
from transforms.sampling import is_large, sampled
from transforms.search.votes import Votes
from transforms.tags.calendar import Calendar, make_calendar
from transforms.tags.evidence import BlockEvidence, collect_evidence

CALENDAR_ARTICLES = 10_000
"""About so many tagged articles of a larger corpus stand in its calendar."""


@dataclass(eq=False, repr=False)
class JoinVotes(Composite):
    """Blocks, and `votes` and `links` of each, by its key -> a StoredGroup of each Block and these, by its key."""

    votes: PCollection[tuple[int, Votes]]
    links: PCollection[tuple[int, tuple[Links, ...]]]

    def expand(self, blocks: PCollection[Block]) -> PCollection[tuple[int, StoredGroup]]:
        """Join by block."""
        return (blocks | "ByKey" >> beam.Map(_by_key), self.votes, self.links) | "Join" >> GroupOnDisk()


@dataclass(eq=False, repr=False)
class CollectEvidence(Composite):
    """What JoinVotes joined -> BlockEvidence; `calendar` is the Calendar, `table` the TagTable.

    Evidence is larger than what it is made of: each stage that needs it collects it, not before what the stage needs
    `after` it is known, or it would be kept meanwhile.
    """

    calendar: AsSingleton
    table: AsSingleton
    after: tuple[AsSingleton, ...] = ()

    def expand(self, joined: PCollection[tuple[int, StoredGroup]]) -> PCollection[BlockEvidence]:
        """Gather what is known of a block at a time."""
        return joined | "Collect" >> beam.Map(_collect, self.calendar, self.table, *self.after)


def _by_key(block: Block) -> tuple[int, Any]:
    return block_key(block), block


@no_annotations  # Beam would take those of *_ for one argument's
def _collect(group: tuple[int, StoredGroup], calendar: Calendar, table: TagTable, *_: Any) -> BlockEvidence:
    parts = list(group[1])
    block = next(part for part in parts if isinstance(part, Block))
    votes = next(part for part in parts if isinstance(part, Votes))
    links = [row for part in parts if isinstance(part, tuple) for row in part]
    with measured("collect evidence", len(block), block.articles[0].id):
        return collect_evidence(block, votes, calendar, table, links)


@dataclass(eq=False, repr=False)
class MakeCalendar(Composite):
    """Blocks -> one Calendar, of a sample of the tagged articles of a large corpus; `table` is the TagTable."""

    table: AsSingleton

    def expand(self, blocks: PCollection[Block]) -> PCollection[Calendar]:
        """Enter a block at a time, gather, order."""
        entries = (
            blocks
            | "Enter" >> beam.Map(_enter, self.table)
            | "Join" >> beam.ParDo(JoinFn(_join_entries, _count_entries))
        )
        return entries | "Order" >> Gather(_order)


Entries = tuple[list[DateKey], sparse.csr_matrix, float]


def _enter(block: Block, table: TagTable) -> Entries:
    limit = CALENDAR_ARTICLES if is_large(table.posts) else table.posts
    tagged = [article for article in block.articles if article.tags and sampled(article.id, table.posts, limit)]
    return date_keys(tagged), tag_matrix(tagged, table.keys), latest(ordinals(block.articles))


def _join_entries(parts: Sequence[Entries]) -> Entries:
    keys = [key for part in parts for key in part[0]]
    carriers = sparse.vstack([part[1] for part in parts], format="csr")
    return keys, carriers, latest(np.array([part[2] for part in parts]))


def _count_entries(entries: Entries) -> int:
    return len(entries[0])


def _order(parts: Sequence[Entries]) -> Calendar:
    with measured("order calendar", len(parts)):
        return make_calendar(*_join_entries(parts))
