"""Related articles in the pipeline: ranked, with how sure each is, those that are sure enough."""

from __future__ import annotations

import functools
import itertools
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import apache_beam as beam
import numpy as np
from apache_beam.pvalue import AsSingleton, PCollection

from transforms.corpus.tag_table import TagTable
from transforms.numerics.arrays import Floats, Ints, Mask
from transforms.plumbing.bundles import JoinFn
from transforms.plumbing.composite import Composite
from transforms.plumbing.gather import Gather
from transforms.plumbing.group_on_disk import GroupOnDisk, StoredGroup
from transforms.plumbing.metrics import measured
from transforms.plumbing.side_inputs import as_singleton
from transforms.previous import PreviousRun
from transforms.related.confidence import FIT_ARTICLES, Confidence, fit_confidence
from transforms.related.explain import with_confidence
from transforms.related.lessons import LEARNED_ARTICLES, NO_LESSONS, Lessons, join_lessons
from transforms.related.read_candidates import ReadCandidates
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
from transforms.related.weights import RankWeights, fit_rank_weights
from transforms.results import READERS, Related
from transforms.sampling import EVALUATED_ARTICLES, sampled
from transforms.search.shards import Candidates
from transforms.tags.expected import Expected

BLOCK_IDS = "block_ids"

ConfidenceSample = tuple[int, Floats, Floats, Floats, Ints]
"""A block's key, and what the confidence is learned from."""


class Ranks(NamedTuple):
    """Ranked, one a block, and the Lessons and the RankWeights by which they were."""

    ranked: PCollection[Ranked]
    lessons: PCollection[Lessons]
    weights: PCollection[RankWeights]


@dataclass(eq=False, repr=False)
class RankRelated(Composite):
    """Expected -> Ranks, by the parts asked for, of the Candidates of all blocks, or the ReadCandidates.

    `table` is the TagTable, `corpus_size` the number of articles and `previous` the PreviousRun. Where `earlier`
    has the RankWeights of that run, they stay.
    """

    candidates: PCollection[Candidates | ReadCandidates]
    table: AsSingleton
    corpus_size: AsSingleton
    previous: AsSingleton
    earlier: AsSingleton
    parts: frozenset[str]
    count: int

    def expand(self, expected: PCollection[Expected]) -> Ranks:
        """Send every block to the shards of its articles and candidates, learn, rank by shard, merge by block."""
        sent = expected | "Queries" >> beam.FlatMap(_queries, self.table, self.corpus_size).with_outputs(
            BLOCK_IDS, main="queries"
        )
        shards = (
            sent.queries,
            self.candidates | "Candidates" >> beam.FlatMap(rank_candidates),
        ) | "GroupByShard" >> GroupOnDisk()
        learned = shards | "LearnFromShard" >> beam.FlatMap(_lessons, self.table, self.parts)
        nothing = sent[BLOCK_IDS] | "Nothing" >> beam.Map(_no_lessons) | "Once" >> beam.ParDo(JoinFn(join_lessons))
        lessons = (learned, nothing) | "Lessons" >> beam.Flatten() | "Join" >> Gather(join_lessons)
        weights = lessons | "Weigh" >> beam.Map(_weigh, self.parts, self.earlier)
        best = shards | "RankShard" >> beam.FlatMap(
            _rank, self.table, self.parts, self.count, as_singleton(weights, "weights"), self.previous
        )
        ranked = (
            (best, sent[BLOCK_IDS])
            | "GroupByBlock" >> GroupOnDisk()
            | "Merge" >> beam.Map(_merge, self.table, self.count, self.previous, read=READERS in self.parts)
        )
        return Ranks(ranked, lessons, weights)


@dataclass(eq=False, repr=False)
class FitConfidence(Composite):
    """Ranks -> the Confidence of what was ranked by some parts, or None. That of the run before, `earlier`, stays.

    Where there are few links, and own tags are compared but expected ones are not, nobody knows what an overlap is
    worth: there is none to learn from without own tags.
    """

    parts: frozenset[str]
    earlier: AsSingleton

    def expand(self, ranks: Ranks) -> PCollection[Confidence | None]:
        """Learn how sure a score is."""
        return (
            ranks.ranked
            | "Sample" >> beam.Map(_sample)
            | "Join" >> beam.ParDo(JoinFn(_join_samples, _count_labels))
            | "Fit"
            >> Gather(
                functools.partial(_fit, self.parts),
                as_singleton(ranks.lessons, "lessons"),
                as_singleton(ranks.weights, "fitted weights"),
                self.earlier,
            )
        )


@dataclass(eq=False, repr=False)
class AddConfidence(Composite):
    """Ranks -> a tuple of each block's Related, those that are sure enough by their Confidence, or `read_enough`.

    `previous` is the PreviousRun.
    """

    confidence: AsSingleton
    previous: AsSingleton
    least: float = 0.0
    read_enough: float = math.inf

    def expand(self, ranks: Ranks) -> PCollection[tuple[Related, ...]]:
        """Add how sure each is."""
        return ranks.ranked | beam.Map(_add, self.confidence, self.previous, self.least, self.read_enough)


def _in_sample(ids: Sequence[str], table: TagTable) -> Mask:
    return np.array([sampled(id_, table.posts, FIT_ARTICLES) for id_ in ids], np.bool_)


def _queries(
    expected: Expected, table: TagTable, corpus_size: int
) -> Iterator[tuple[int, RankQueries] | beam.pvalue.TaggedOutput]:
    ids = block_ids(expected)
    without_tags = _in_sample(ids.ids, table) | (corpus_size <= EVALUATED_ARTICLES)
    teaches = np.array([sampled(id_, corpus_size, LEARNED_ARTICLES) for id_ in ids.ids], np.bool_)
    yield from rank_queries(expected, without_tags, teaches)
    yield beam.pvalue.TaggedOutput(BLOCK_IDS, (expected.found.block, ids))


def _lessons(group: tuple[int, StoredGroup], table: TagTable, parts: frozenset[str]) -> Iterator[Lessons]:
    """Yield what a shard has to learn from."""
    here = group[1]
    with measured("join profiles", 0):
        shard = RankingShard((part for part in here if isinstance(part, RankQueries)), table, parts)
    for part in here:
        if isinstance(part, RankCandidates):
            with measured("learn to rank", len(part.places)):
                lessons = shard.lessons(part)
            yield lessons


def _no_lessons(_: object) -> Lessons:
    """Nothing, of each block, so that there is something to join where no article has a word that is known."""
    return NO_LESSONS


def _weigh(lessons: Lessons, parts: frozenset[str], earlier: RankWeights | None) -> RankWeights:
    if earlier is not None:
        return earlier
    with measured("fit ranking", len(lessons)):
        return fit_rank_weights(lessons, parts)


def _rank(
    group: tuple[int, StoredGroup],
    table: TagTable,
    parts: frozenset[str],
    count: int,
    weights: RankWeights,
    previous: PreviousRun,
) -> Iterator[tuple[int, Best]]:
    here, earlier = group[1], previous.related_ids
    with measured("join profiles", 0):
        shard = RankingShard((part for part in here if isinstance(part, RankQueries)), table, parts)
    for part in here:
        if isinstance(part, RankCandidates):
            with measured("rank related", len(part.places), shard.queries[part.block].profiles.ids[0]):
                best = shard.best(part, weights, count, earlier)
            yield part.block, best


def _merge(group: tuple[int, StoredGroup], table: TagTable, count: int, previous: PreviousRun, *, read: bool) -> Ranked:
    block, here = group[0], list(group[1])
    ids = next(part for part in here if isinstance(part, BlockIds))
    with measured("merge related", len(ids.ids)):
        parts = [part for part in here if isinstance(part, Best)]
        in_sample = _in_sample(ids.ids, table)
        return merge_best(block, ids, parts, count, in_sample, previous.related_ids, read=read)


def _add(
    ranked: Ranked, confidence: Confidence | None, previous: PreviousRun, least: float, read_enough: float
) -> tuple[Related, ...]:
    return with_confidence(ranked.related, confidence, least, previous.related_ids, read_enough=read_enough)


def _sample(ranked: Ranked) -> tuple[ConfidenceSample, ...]:
    return ((ranked.block, ranked.features, ranked.labels, ranked.later, ranked.keys),)


def _count_labels(samples: Sequence[ConfidenceSample]) -> int:
    return sum(len(sample[2]) for sample in samples)


def _join_samples(parts: Sequence[tuple[ConfidenceSample, ...]]) -> tuple[ConfidenceSample, ...]:
    """Join samples, at least one even if all are empty."""
    samples = list(itertools.chain.from_iterable(parts))
    return tuple(sample for sample in samples if len(sample[2])) or tuple(samples[:1])


def _fit(
    parts: frozenset[str],
    samples: Sequence[tuple[ConfidenceSample, ...]],
    lessons: Lessons,
    weights: RankWeights,
    earlier: Confidence | None,
) -> Confidence | None:
    """Fit in an order that does not depend on the bundles: Newton's sums would."""
    if earlier is not None:
        return earlier
    ordered = sorted(_join_samples(samples), key=lambda sample: sample[0])
    features, labels, later, keys = (np.concatenate([sample[at] for sample in ordered]) for at in (1, 2, 3, 4))
    with measured("fit confidence", len(labels)):
        return fit_confidence(parts, lessons, weights, (features, labels, later, keys))
