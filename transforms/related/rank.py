"""Related articles in the pipeline: ranked, with how sure each is, those that are sure enough."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import apache_beam as beam
import numpy as np
from apache_beam.pvalue import AsSingleton, PCollection

from transforms.corpus.tag_table import TagTable
from transforms.numerics.arrays import Floats, Mask
from transforms.plumbing.composite import Composite
from transforms.plumbing.gather import Gather
from transforms.plumbing.group_on_disk import GroupOnDisk, StoredGroup
from transforms.plumbing.metrics import measured
from transforms.related.confidence import FIT_ARTICLES, fit_confidence
from transforms.related.explain import with_confidence
from transforms.related.shards import (
    Best,
    BlockIds,
    RankCandidates,
    Ranked,
    RankingShard,
    RankQueries,
    block_ids,
    merge_best,
    rank_candidates,
    rank_queries,
)
from transforms.results import Related
from transforms.sampling import EVALUATED_ARTICLES, sampled
from transforms.search.shards import Candidates
from transforms.tags.expected import Expected

BLOCK_IDS = "block_ids"

ConfidenceSample = tuple[int, Floats, Floats, Floats]
"""A block's key, and what the confidence is learned from."""


@dataclass(eq=False, repr=False)
class RankRelated(Composite):
    """Expected -> Ranked, by the parts asked for, of the Candidates of all blocks.

    `table` is the TagTable, `corpus_size` the number of files.
    """

    candidates: PCollection[Candidates]
    table: AsSingleton
    corpus_size: AsSingleton
    parts: frozenset[str]
    count: int
    folder: str

    def expand(self, expected: PCollection[Expected]) -> PCollection[Ranked]:
        """Send every block to the shards of its articles and candidates, rank shard by shard, merge block by block."""
        sent = expected | "Queries" >> beam.FlatMap(_queries, self.table, self.corpus_size).with_outputs(
            BLOCK_IDS, main="queries"
        )
        best = (
            (sent.queries, self.candidates | "Candidates" >> beam.FlatMap(rank_candidates))
            | "GroupByShard" >> GroupOnDisk(self.folder)
            | "RankShard" >> beam.FlatMap(_rank, self.table, self.parts, self.count)
        )
        return (
            (best, sent[BLOCK_IDS])
            | "GroupByBlock" >> GroupOnDisk(self.folder)
            | "Merge" >> beam.Map(_merge, self.table, self.count)
        )


@dataclass(eq=False, repr=False)
class AddConfidence(Composite):
    """Ranked -> a tuple of each block's Related, those that are sure enough, by the parts that these were ranked by.

    Where own tags are compared and expected ones are not, nobody knows what an overlap is worth: there is none to learn
    from without own tags.
    """

    parts: frozenset[str]
    least: float = 0.0

    def expand(self, ranked: PCollection[Ranked]) -> PCollection[tuple[Related, ...]]:
        """Learn how sure a score is, add that."""
        known = "learned" in self.parts or "tags" not in self.parts
        weights = ranked | "Sample" >> beam.Map(_sample) | "Fit" >> Gather(_fit if known else _unknown)
        return ranked | "Add" >> beam.Map(_add, AsSingleton(weights), self.least)


def _in_sample(ids: Sequence[str], table: TagTable) -> Mask:
    return np.array([sampled(id_, table.posts, FIT_ARTICLES) for id_ in ids], np.bool_)


def _queries(
    expected: Expected, table: TagTable, corpus_size: int
) -> Iterator[tuple[int, RankQueries] | beam.pvalue.TaggedOutput]:
    ids = block_ids(expected)
    without_tags = _in_sample(ids.ids, table) | (corpus_size <= EVALUATED_ARTICLES)
    yield from rank_queries(expected, without_tags)
    yield beam.pvalue.TaggedOutput(BLOCK_IDS, (expected.found.block, ids))


def _rank(
    group: tuple[int, StoredGroup], table: TagTable, parts: frozenset[str], count: int
) -> Iterator[tuple[int, Best]]:
    here = group[1]
    with measured("join profiles", 0):
        shard = RankingShard((part for part in here if isinstance(part, RankQueries)), table, parts, count)
    for part in here:
        if isinstance(part, RankCandidates):
            with measured("rank related", len(part.places), shard.queries[part.block].profiles.ids[0]):
                best = shard.best(part)
            yield part.block, best


def _merge(group: tuple[int, StoredGroup], table: TagTable, count: int) -> Ranked:
    block, here = group[0], list(group[1])
    ids = next(part for part in here if isinstance(part, BlockIds))
    with measured("merge related", len(ids.ids)):
        parts = [part for part in here if isinstance(part, Best)]
        return merge_best(block, ids, parts, count, _in_sample(ids.ids, table))


def _unknown(_: Sequence[ConfidenceSample]) -> None:
    return None


def _add(ranked: Ranked, weights: Floats | None, least: float) -> tuple[Related, ...]:
    return with_confidence(ranked.related, ranked.tags, ranked.text, weights, least)


def _sample(ranked: Ranked) -> ConfidenceSample:
    return ranked.block, ranked.features, ranked.labels, ranked.counts


def _fit(samples: Sequence[ConfidenceSample]) -> Floats | None:
    """Fit in an order that does not depend on the bundles: Newton's sums would."""
    ordered = sorted(samples, key=lambda sample: sample[0])
    features, labels, counts = (np.concatenate([sample[at] for sample in ordered]) for at in (1, 2, 3))
    with measured("fit confidence", len(labels)):
        return fit_confidence(features, labels, counts) if len(labels) else None
