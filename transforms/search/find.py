"""Every article's candidates among all others, and what is known of it: the ground for tags and related articles."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import KW_ONLY, dataclass
from typing import NamedTuple

import apache_beam as beam
import numpy as np
from apache_beam.pvalue import AsSingleton, PCollection, TaggedOutput

from transforms.corpus.blocks import block_key
from transforms.corpus.languages import BlogLanguages
from transforms.corpus.tag_table import TagTable
from transforms.numerics.arrays import NOBODY
from transforms.plumbing.composite import Composite
from transforms.plumbing.group_on_disk import GroupOnDisk, StoredGroup
from transforms.plumbing.metrics import count, measured, record
from transforms.records import Block
from transforms.results import Duplicate
from transforms.search.plan import SearchPlan
from transforms.search.shards import BlockHomes, Candidates, Shard, ShardHits, ShardQueries, merge_hits, shard_queries
from transforms.search.votes import Votes

VOTES, DUPLICATES, HOMES = "votes", "duplicates", "homes_of_block"


class Finds(NamedTuple):
    """Candidates of every block, its Votes by the block's key, and Duplicates, of which a pair may come twice."""

    candidates: PCollection[Candidates]
    votes: PCollection[tuple[int, Votes]]
    duplicates: PCollection[Duplicate]


@dataclass(eq=False, repr=False)
class FindCandidates(Composite):
    """Blocks -> Finds, as a SearchPlan has it; `table` is the TagTable, `languages` the BlogLanguages."""

    plan: AsSingleton
    table: AsSingleton
    languages: AsSingleton
    _: KW_ONLY
    exact_duplicates: bool = False

    def expand(self, blocks: PCollection[Block]) -> Finds:
        """Send every block to the shards it concerns, search shard by shard, merge block by block."""
        sent = blocks | "Send" >> beam.FlatMap(_send, self.plan, self.table, self.languages).with_outputs(
            HOMES, main="queries"
        )
        hits = (
            sent.queries
            | "GroupByShard" >> GroupOnDisk()
            | "Search" >> beam.FlatMap(_search, self.plan, self.exact_duplicates)
        )
        merged = (
            (hits, sent[HOMES])
            | "GroupByBlock" >> GroupOnDisk()
            | "Merge" >> beam.FlatMap(_merge, self.plan, self.table).with_outputs(VOTES, DUPLICATES, main="candidates")
        )
        return Finds(merged.candidates, merged[VOTES], merged[DUPLICATES])


def _send(
    block: Block, plan: SearchPlan, table: TagTable, languages: BlogLanguages
) -> Iterator[tuple[int, ShardQueries] | TaggedOutput]:
    with measured("send", len(block), block.articles[0].id):
        homes_of_block, parts = shard_queries(block, plan, table.keys, languages)
    if not plan.exact:
        count("searched_cells", sum(int(np.count_nonzero(part.probes != NOBODY)) for _, part in parts))
    yield from parts
    yield TaggedOutput(HOMES, (block_key(block), homes_of_block))


def _search(
    group: tuple[int, StoredGroup], plan: SearchPlan, exact_duplicates: bool
) -> Iterator[tuple[int, ShardHits]]:
    number, queries = group
    with measured("index", 0):
        shard = Shard(number, queries, plan, exact_duplicates=exact_duplicates)
    record("shard_articles", len(shard.keys))
    hits = shard.hits(queries)
    while True:
        with measured("find candidates", 0):
            found = next(hits, None)
        if found is None:
            return
        count("find candidates.items", len(found[1].places))
        yield found


def _merge(group: tuple[int, StoredGroup], plan: SearchPlan, table: TagTable) -> Iterator[Candidates | TaggedOutput]:
    block, parts = group[0], list(group[1])
    homes_of_block = next(part for part in parts if isinstance(part, BlockHomes))
    with measured("merge candidates", len(homes_of_block.keys)):
        hits = [part for part in parts if isinstance(part, ShardHits)]
        candidates, votes, duplicates = merge_hits(block, homes_of_block, plan.shard_count, len(table.keys), hits)
    yield candidates
    yield TaggedOutput(VOTES, (block, votes))
    for duplicate in duplicates:
        yield TaggedOutput(DUPLICATES, duplicate)
