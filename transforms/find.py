"""Every article's candidates among all others, and what is known of it: the ground for tags and related articles."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

import apache_beam as beam
import numpy as np
import numpy.typing as npt
from apache_beam.pvalue import AsSingleton, PCollection, TaggedOutput
from apache_beam.typehints.decorators import no_annotations

from transforms.candidates import Candidates, Finding, Residents, Shard, Visit, Votes, merge_findings, visits
from transforms.corpus.blocks import block_key, keys_of
from transforms.corpus.chronology import ages, date_keys
from transforms.corpus.tag_spelling import tag_matrix
from transforms.corpus.tag_table import TagTable
from transforms.learning.calendar import Calendar
from transforms.learning.evidence import Dossier
from transforms.numerics.arrays import NOBODY, Floats, Mask
from transforms.plumbing.group_on_disk import GroupOnDisk, StoredGroup
from transforms.plumbing.metrics import count, measured, record
from transforms.records import Article, Block
from transforms.results import Duplicate
from transforms.search_plan import SearchPlan

VOTES, DUPLICATES, RESIDENTS = "votes", "duplicates", "residents"


class Finds(NamedTuple):
    """Candidates of every block, its Votes by the block's key, and Duplicates, of which a pair may come twice."""

    candidates: PCollection[Candidates]
    votes: PCollection[tuple[int, Votes]]
    duplicates: PCollection[Duplicate]


@dataclass(frozen=True, eq=False)
class Found:
    """A block's articles, their rare words and ages (years before the newest, NaN if undated), and their dossier.

    `homes` int16 [rows] are the shards that they live in, `asks` [rows, shards] those that they have candidates in.
    """

    block: int
    articles: tuple[Article, ...]
    words: tuple[tuple[str, ...], ...]
    age: Floats
    dossier: Dossier
    homes: npt.NDArray[np.int16]
    asks: Mask

    def __len__(self) -> int:
        return len(self.articles)


def open_dossier(block: Block, votes: Votes, calendar: Calendar, table: TagTable) -> Found:
    """Gather what is known of a block's articles; what others' tags say never includes the article's own."""
    dossier = Dossier(
        keys_of(block),
        block.vectors,
        tag_matrix(block.articles, table.keys),
        block.notes.in_title,
        block.notes.in_text,
        votes.votes,
        *calendar.around(date_keys(block.articles)),
    )
    age = ages(block.articles, calendar.newest)
    return Found(block_key(block), block.articles, block.notes.words, age, dossier, votes.homes, votes.asks)


class FindCandidates(beam.PTransform):
    """Blocks -> Finds, as a SearchPlan has it; `table` is the TagTable."""

    def __init__(self, plan: AsSingleton, table: AsSingleton, folder: str, *, exact_duplicates: bool = False) -> None:
        super().__init__()
        self.plan = plan
        self.table = table
        self.folder = folder
        self.exact_duplicates = exact_duplicates

    def expand(self, blocks: PCollection[Block]) -> Finds:
        """Send every block to the shards it concerns, search shard by shard, merge block by block."""
        sent = blocks | "Send" >> beam.FlatMap(_send, self.plan, self.table).with_outputs(RESIDENTS, main="visits")
        findings = (
            sent.visits
            | "GroupByShard" >> GroupOnDisk(self.folder)
            | "Search" >> beam.FlatMap(_search, self.plan, self.exact_duplicates)
        )
        merged = (
            (findings, sent[RESIDENTS])
            | "GroupByBlock" >> GroupOnDisk(self.folder)
            | "Merge" >> beam.FlatMap(_merge, self.plan, self.table).with_outputs(VOTES, DUPLICATES, main="candidates")
        )
        return Finds(merged.candidates, merged[VOTES], merged[DUPLICATES])


class JoinVotes(beam.PTransform):
    """Blocks, and `votes` of each, by its key -> Bulks of a Block and its Votes, by its key."""

    def __init__(self, votes: PCollection[tuple[int, Votes]], folder: str) -> None:
        super().__init__()
        self.votes = votes
        self.folder = folder

    def expand(self, blocks: PCollection[Block]) -> PCollection[tuple[int, StoredGroup]]:
        """Join by block."""
        return (blocks | "ByKey" >> beam.Map(_by_key), self.votes) | "Join" >> GroupOnDisk(self.folder)


class OpenDossiers(beam.PTransform):
    """What JoinVotes joined -> Found; `calendar` is the Calendar, `table` the TagTable.

    Dossiers are larger than what they are made of: each stage that needs them opens them, not before what it needs
    `after` them is known, or they would be kept meanwhile.
    """

    def __init__(self, calendar: AsSingleton, table: AsSingleton, *after: AsSingleton) -> None:
        super().__init__()
        self.sides = (calendar, table, *after)

    def expand(self, joined: PCollection[tuple[int, StoredGroup]]) -> PCollection[Found]:
        """Gather what is known of a block at a time."""
        return joined | "Open" >> beam.Map(_open, *self.sides)


def _send(block: Block, plan: SearchPlan, table: TagTable) -> Iterator[tuple[int, Visit] | TaggedOutput]:
    with measured("send", len(block), block.articles[0].id):
        residents, parts = visits(block, plan, table.keys)
    if not plan.exact:
        count("searched_cells", sum(int(np.count_nonzero(visit.probes != NOBODY)) for _, visit in parts))
    yield from parts
    yield TaggedOutput(RESIDENTS, (block_key(block), residents))


def _search(group: tuple[int, StoredGroup], plan: SearchPlan, exact_duplicates: bool) -> Iterator[tuple[int, Finding]]:
    number, visitors = group
    with measured("index", 0):
        shard = Shard(number, visitors, plan, exact_duplicates=exact_duplicates)
    record("shard_articles", len(shard.keys))
    findings = shard.findings(visitors)
    while True:
        with measured("find candidates", 0):
            found = next(findings, None)
        if found is None:
            return
        count("find candidates.items", len(found[1].places))
        yield found


def _merge(group: tuple[int, StoredGroup], plan: SearchPlan, table: TagTable) -> Iterator[Candidates | TaggedOutput]:
    block, parts = group[0], list(group[1])
    residents = next(part for part in parts if isinstance(part, Residents))
    with measured("merge candidates", len(residents.keys)):
        findings = [part for part in parts if isinstance(part, Finding)]
        candidates, votes, duplicates = merge_findings(block, residents, plan.shard_count, len(table.keys), findings)
    yield candidates
    yield TaggedOutput(VOTES, (block, votes))
    for duplicate in duplicates:
        yield TaggedOutput(DUPLICATES, duplicate)


def _by_key(block: Block) -> tuple[int, Any]:
    return block_key(block), block


@no_annotations  # Beam would take those of *_ for one argument's
def _open(group: tuple[int, StoredGroup], calendar: Calendar, table: TagTable, *_: Any) -> Found:
    parts = list(group[1])
    block = next(part for part in parts if isinstance(part, Block))
    votes = next(part for part in parts if isinstance(part, Votes))
    with measured("open dossiers", len(block), block.articles[0].id):
        return open_dossier(block, votes, calendar, table)
