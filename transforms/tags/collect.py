"""All that is known of each article and its tags, collected block by block."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import apache_beam as beam
import numpy as np
import numpy.typing as npt
from apache_beam.pvalue import AsSingleton, PCollection
from apache_beam.typehints.decorators import no_annotations
from scipy import sparse

from transforms.corpus.blocks import block_key, keys_of
from transforms.corpus.chronology import DateKey, ages, date_keys, latest, ordinals
from transforms.corpus.tag_spelling import tag_matrix
from transforms.corpus.tag_table import TagTable
from transforms.numerics.arrays import Floats, Mask
from transforms.plumbing.gather import Gather
from transforms.plumbing.group_on_disk import GroupOnDisk, StoredGroup
from transforms.plumbing.metrics import measured
from transforms.records import Article, Block
from transforms.sampling import is_large, sampled
from transforms.search.shards import Votes
from transforms.tags.calendar import CALENDAR_ARTICLES, Calendar, make_calendar
from transforms.tags.evidence import Evidence


@dataclass(frozen=True, eq=False)
class BlockEvidence:
    """A block's articles, their rare words and ages (years before the newest, NaN if undated), and their evidence.

    `homes` int16 [rows] are the shards that they live in, `asks` [rows, shards] those that they have candidates in.
    """

    block: int
    articles: tuple[Article, ...]
    words: tuple[tuple[str, ...], ...]
    age: Floats
    evidence: Evidence
    homes: npt.NDArray[np.int16]
    asks: Mask

    def __len__(self) -> int:
        return len(self.articles)


def collect_evidence(block: Block, votes: Votes, calendar: Calendar, table: TagTable) -> BlockEvidence:
    """Gather what is known of a block's articles; what others' tags say never includes the article's own."""
    evidence = Evidence(
        keys_of(block),
        block.vectors,
        tag_matrix(block.articles, table.keys),
        block.notes.in_title,
        block.notes.in_text,
        votes.votes,
        *calendar.around(date_keys(block.articles)),
    )
    age = ages(block.articles, calendar.newest)
    return BlockEvidence(block_key(block), block.articles, block.notes.words, age, evidence, votes.homes, votes.asks)


class JoinVotes(beam.PTransform):
    """Blocks, and `votes` of each, by its key -> Bulks of a Block and its Votes, by its key."""

    def __init__(self, votes: PCollection[tuple[int, Votes]], folder: str) -> None:
        super().__init__()
        self.votes = votes
        self.folder = folder

    def expand(self, blocks: PCollection[Block]) -> PCollection[tuple[int, StoredGroup]]:
        """Join by block."""
        return (blocks | "ByKey" >> beam.Map(_by_key), self.votes) | "Join" >> GroupOnDisk(self.folder)


class CollectEvidence(beam.PTransform):
    """What JoinVotes joined -> BlockEvidence; `calendar` is the Calendar, `table` the TagTable.

    Dossiers are larger than what they are made of: each stage that needs them opens them, not before what it needs
    `after` them is known, or they would be kept meanwhile.
    """

    def __init__(self, calendar: AsSingleton, table: AsSingleton, *after: AsSingleton) -> None:
        super().__init__()
        self.sides = (calendar, table, *after)

    def expand(self, joined: PCollection[tuple[int, StoredGroup]]) -> PCollection[BlockEvidence]:
        """Gather what is known of a block at a time."""
        return joined | "Open" >> beam.Map(_open, *self.sides)


def _by_key(block: Block) -> tuple[int, Any]:
    return block_key(block), block


@no_annotations  # Beam would take those of *_ for one argument's
def _open(group: tuple[int, StoredGroup], calendar: Calendar, table: TagTable, *_: Any) -> BlockEvidence:
    parts = list(group[1])
    block = next(part for part in parts if isinstance(part, Block))
    votes = next(part for part in parts if isinstance(part, Votes))
    with measured("collect evidence", len(block), block.articles[0].id):
        return collect_evidence(block, votes, calendar, table)


class MakeCalendar(beam.PTransform):
    """Blocks -> one Calendar, of a sample of the tagged articles of a large corpus; `table` is the TagTable."""

    def __init__(self, table: AsSingleton) -> None:
        super().__init__()
        self.table = table

    def expand(self, blocks: PCollection[Block]) -> PCollection[Calendar]:
        """Enter a block at a time, gather, order."""
        return blocks | "Enter" >> beam.Map(_enter, self.table) | "Order" >> Gather(_order)


Entries = tuple[list[DateKey], sparse.csr_matrix, float]


def _enter(block: Block, table: TagTable) -> Entries:
    limit = CALENDAR_ARTICLES if is_large(table.posts) else table.posts
    tagged = [article for article in block.articles if article.tags and sampled(article.id, table.posts, limit)]
    return date_keys(tagged), tag_matrix(tagged, table.keys), latest(ordinals(block.articles))


def _order(parts: Sequence[Entries]) -> Calendar:
    with measured("order calendar", len(parts)):
        keys = [key for part in parts for key in part[0]]
        carriers = sparse.vstack([part[1] for part in parts], format="csr")
        return make_calendar(keys, carriers, latest(np.array([part[2] for part in parts])))
