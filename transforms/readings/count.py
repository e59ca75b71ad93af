"""Which posts are read together, in a pipeline: whole numbers are added up, in whatever order and wherever they are."""

from __future__ import annotations

import functools
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any, NamedTuple

import apache_beam as beam
from apache_beam.pvalue import AsSingleton, PBegin, PCollection, TaggedOutput
from apache_beam.transforms.window import GlobalWindows

from transforms.numerics.arrays import Ints
from transforms.plumbing.bundles import JoinFn
from transforms.plumbing.composite import Composite
from transforms.plumbing.gather import Gather
from transforms.plumbing.metrics import measured
from transforms.plumbing.side_inputs import as_singleton
from transforms.readings.addresses import PostAddresses, post_addresses
from transforms.readings.files import LogReader
from transforms.readings.neighbors import (
    PostCounts,
    ReadPosts,
    ReadWith,
    add_counts,
    count_cosines,
    nearest,
    read_posts,
    strong_cosine,
)
from transforms.readings.pairs import add_pairs, count_pairs
from transforms.readings.read import ReadHistories
from transforms.readings.tally import Tally, merge_tallies, summarise
from transforms.readings.together import FEW_READERS, LEAST_READERS, also_read
from transforms.readings.visits import History
from transforms.records import Block, TextBlock
from transforms.results import AlsoRead, ReadingSummary
from transforms.site.addresses import Place
from transforms.site.places import place_of
from transforms.site.site_model import Site

AT_ONCE = 2_000_000
"""So many pairs of posts, each in both directions, are counted before they are passed on."""
_POSTS = "posts"


class ReadTogetherCounts(NamedTuple):
    """What readers read together, and what was counted of the logs, once.

    `pairs` has a ReadWith for each post that is read together with any, `strong` their `strong_cosine` and
    `read_posts` the ReadPosts, of what may be published alone.
    """

    also_read: PCollection[AlsoRead]
    summary: PCollection[ReadingSummary]
    pairs: PCollection[ReadWith]
    strong: PCollection[float]
    read_posts: PCollection[ReadPosts]


class Readings(NamedTuple):
    """ReadTogetherCounts, and what they were counted of: readers' histories, and the addresses that number posts."""

    also_read: PCollection[AlsoRead]
    summary: PCollection[ReadingSummary]
    pairs: PCollection[ReadWith]
    strong: PCollection[float]
    read_posts: PCollection[ReadPosts]
    histories: PCollection[History]
    addresses: PCollection[PostAddresses]


@dataclass(eq=False, repr=False)
class CountTogether(Composite):
    """Histories -> ReadTogetherCounts, given Tallies of the logs and the PostAddresses that number the posts.

    Pairs of fewer than `least_readers` readers are left out.
    """

    tallies: PCollection[Tally]
    addresses: AsSingleton
    least_readers: int

    def expand(self, histories: PCollection[History]) -> ReadTogetherCounts:
        """Count posts and pairs within bundles, add up, leave out, list."""
        counted = histories | "Count" >> beam.ParDo(_Count()).with_outputs(_POSTS, main="pairs")
        begin = histories.pipeline | "Begin" >> beam.Create([PostCounts()], reshuffle=False)
        counts = (begin, counted[_POSTS]) | "Posts" >> beam.Flatten() | "Readers" >> Gather(add_counts)
        the_counts = as_singleton(counts, "readers")
        tally = self.tallies | "Tally" >> Gather(merge_tallies)
        the_tally = as_singleton(tally, "tally")
        together = (
            counted.pairs
            | "ByPost" >> beam.GroupByKey()
            | "AddUp" >> beam.FlatMap(_together, self.least_readers, the_tally)
        )
        pairs = together | "Nearest" >> beam.Map(_nearest, the_counts, self.addresses, self.least_readers)
        cosines = pairs | "Cosines" >> beam.Map(count_cosines) | "OfBundle" >> beam.ParDo(JoinFn(_add_up))
        nothing = histories.pipeline | "NoCosines" >> beam.Create([Counter()], reshuffle=False)
        return ReadTogetherCounts(
            together | "AlsoRead" >> beam.Map(_also_read, the_counts, self.addresses),
            tally | "Summary" >> beam.Map(_summarise, self.least_readers),
            pairs,
            (nothing, cosines) | "AllCosines" >> beam.Flatten() | "Strong" >> Gather(strong_cosine),
            counts | "ReadPosts" >> beam.Map(_read_posts, self.addresses, self.least_readers, the_tally),
        )


@dataclass(eq=False, repr=False)
class CountReadings(Composite):
    """The start of a pipeline -> Readings of the logs that `patterns` name, as `reader` reads them.

    `blocks` have the posts, with what tells their addresses on the `site`.
    """

    patterns: Sequence[str]
    reader: LogReader
    blocks: PCollection[TextBlock | Block]
    site: Site
    least_readers: int = LEAST_READERS

    def expand(self, begin: PBegin) -> Readings:
        """Gather the addresses, read, count."""
        places = self.blocks | "Places" >> beam.FlatMap(_places, self.site)
        addresses = places | "Addresses" >> Gather(functools.partial(post_addresses, base=self.site.base))
        read = begin.pipeline | ReadHistories(self.patterns, self.reader, as_singleton(addresses, "addresses"))
        count = CountTogether(read.tallies, as_singleton(addresses, "posts"), self.least_readers)
        counts: ReadTogetherCounts = read.histories | count
        return Readings(*counts, read.histories, addresses)


class _Count(beam.DoFn):
    """Histories -> a post and its pairs, of some of a bundle's readers; under _POSTS the bundle's PostCounts."""

    def start_bundle(self) -> None:
        self.counts = PostCounts()
        self._begin()

    def process(self, history: History) -> Iterator[tuple[int, Ints]]:
        posts = history.posts
        self.readers.append(posts)
        self.reads += [post for visit in history.visits for post, _ in visit]
        self.pairs += len(posts) ** 2
        if self.pairs >= AT_ONCE:
            yield from self._count()

    def finish_bundle(self) -> Iterator[Any]:
        yield from map(GlobalWindows.windowed_value, self._count())
        yield TaggedOutput(_POSTS, GlobalWindows.windowed_value(self.counts))

    def _begin(self) -> None:
        self.readers: list[tuple[int, ...]] = []
        self.reads: list[int] = []
        self.pairs = 0

    def _count(self) -> Iterator[tuple[int, Ints]]:
        self.counts.readers.update(chain.from_iterable(self.readers))
        self.counts.reads.update(self.reads)
        yield from count_pairs(self.readers)
        self._begin()


def _places(block: TextBlock | Block, site: Site) -> Iterator[Place]:
    return (place_of(article, site)._replace(hrefs=(), lines=()) for article in block.articles)


def _add_up(parts: Iterable[Counter[int]]) -> Counter[int]:
    whole: Counter[int] = Counter()
    for part in parts:
        whole.update(part)
    return whole


def _is_published(tally: Tally) -> bool:
    return tally.several >= FEW_READERS


def _together(group: tuple[int, Iterable[Ints]], least: int, tally: Tally) -> Iterator[tuple[int, Ints]]:
    pairs = add_pairs(group[1], least)
    if len(pairs) and _is_published(tally):
        yield group[0], pairs


def _also_read(group: tuple[int, Ints], counts: PostCounts, addresses: PostAddresses) -> AlsoRead:
    with measured("read together"):
        return also_read(group[0], group[1].tolist(), counts.readers, addresses.ids.__getitem__)


def _nearest(group: tuple[int, Ints], counts: PostCounts, addresses: PostAddresses, least: int) -> ReadWith:
    return nearest(group[0], group[1], counts.readers, addresses.keys, least)


def _read_posts(counts: PostCounts, addresses: PostAddresses, least: int, tally: Tally) -> ReadPosts:
    return read_posts(counts if _is_published(tally) else PostCounts(), addresses.keys, least)


def _summarise(tally: Tally, least_readers: int) -> ReadingSummary:
    return summarise(tally, least_readers, _is_published(tally))
