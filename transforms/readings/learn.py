"""What readers teach, in a pipeline: the reads of a bounded sample are gathered in one place, and learned from."""

from __future__ import annotations

import functools
import heapq
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import apache_beam as beam
from apache_beam.pvalue import AsIter, AsSingleton, PCollection
from apache_beam.transforms.window import GlobalWindows

from transforms.numerics.arrays import leading
from transforms.plumbing.composite import Composite
from transforms.plumbing.gather import Gather
from transforms.plumbing.metrics import measured
from transforms.readings.addresses import PostAddresses
from transforms.readings.learned import SAMPLED_READERS, Learned, Post, learn
from transforms.readings.models import DIM
from transforms.readings.posts import born
from transforms.readings.reads import hash_reads
from transforms.readings.visits import History
from transforms.records import Block
from transforms.results import ReadingSummary


@dataclass(eq=False, repr=False)
class LearnFromReaders(Composite):
    """Histories of readers -> what they teach, one Learned: reads, choice of a method, its model, vectors of posts.

    `blocks` are the posts with their vectors, `addresses` the PostAddresses that number the posts in histories, and
    `summary` the ReadingSummary of all logs, which says whether anything is published. Of many readers a sample is
    learned from, those whose reads have the lowest hashes: whoever wants the same readers takes them from
    `Learned.reads`.
    """

    blocks: PCollection[Block]
    addresses: AsSingleton
    summary: AsSingleton
    least_readers: int

    def expand(self, histories: PCollection[History]) -> PCollection[Learned]:
        """Sample within bundles, gather, learn."""
        posts = AsIter(self.blocks | "Posts" >> beam.FlatMap(_posts))
        begin = histories.pipeline | "Begin" >> beam.Create([()], reshuffle=False)
        sampled = histories | "Sample" >> beam.ParDo(_Sample())
        make = functools.partial(_learn, least=self.least_readers)
        return (begin, sampled) | "Flatten" >> beam.Flatten() | Gather(make, posts, self.addresses, self.summary)


class _Sample(beam.DoFn):
    """Histories -> at the end of a bundle a tuple of those that may be among the SAMPLED_READERS of all."""

    def start_bundle(self) -> None:
        self.found: list[tuple[bytes, int, History]] = []

    def process(self, history: History) -> None:
        self.found.append((hash_reads(history), len(self.found), history))
        if len(self.found) > 2 * SAMPLED_READERS:
            self._cut()

    def finish_bundle(self) -> Iterator[Any]:
        self._cut()
        yield GlobalWindows.windowed_value(tuple(history for _, _, history in self.found))

    def _cut(self) -> None:
        if len(self.found) > SAMPLED_READERS:
            self.found = heapq.nsmallest(SAMPLED_READERS, self.found)


def _posts(block: Block) -> Iterator[tuple[str, Post]]:
    vectors = leading(leading(block.vectors, block.encoder.neighbor_dim), DIM)
    return (
        (article.id, Post(vector, born(article.date))) for article, vector in zip(block.articles, vectors, strict=True)
    )


def _learn(
    histories: Sequence[tuple[History, ...]],
    posts: Iterable[tuple[str, Post]],
    addresses: PostAddresses,
    summary: ReadingSummary,
    *,
    least: int,
) -> Learned:
    whole = [history for some in histories for history in some]
    with measured("learn from readers", len(whole)):
        return learn(whole, addresses.ids, posts, least, published=summary.published)
