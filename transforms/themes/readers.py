"""Themes of readers, where reads and texts part, and the map of posts by who read them, found in a pipeline."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import apache_beam as beam
import numpy as np
from apache_beam.pvalue import AsIter, AsSingleton, PCollection
from apache_beam.transforms.window import GlobalWindows

from transforms.corpus.tag_table import TagTable
from transforms.numerics.arrays import unit_rows
from transforms.numerics.kmeans import assign
from transforms.numerics.rounding import rounded
from transforms.plumbing.composite import Composite
from transforms.plumbing.gather import Gather
from transforms.plumbing.metrics import measured
from transforms.plumbing.side_inputs import as_singleton
from transforms.previous import PreviousRun
from transforms.readings.addresses import PostAddresses
from transforms.readings.gaps import find_gaps
from transforms.readings.learned import Learned
from transforms.readings.reader_themes import (
    ReaderModel,
    ThemeCounts,
    ThemeName,
    count_themes,
    describe_themes,
    fit_reader_themes,
    merge_counts,
    side_by_side,
)
from transforms.readings.reads import reads_of, renumbered
from transforms.readings.visits import History
from transforms.records import Article, Block
from transforms.results import MapPoint, ReaderThemes, ReadingGaps
from transforms.themes.map import MAP_ARTICLES, find_earlier, framed, in_frame, project_tsne
from transforms.themes.names import name_clusters

AT_ONCE = 2_000
"""So many readers are assigned at a time."""


class ReadersFound(NamedTuple):
    """Themes of readers, and where reads and texts part, once each, and the places of posts on the map by readers."""

    themes: PCollection[ReaderThemes]
    gaps: PCollection[ReadingGaps]
    points: PCollection[MapPoint]


@dataclass(frozen=True, eq=False)
class NamedModel:
    """Groups of readers, what each is called, and the ids of the posts that the model has vectors of."""

    model: ReaderModel
    names: tuple[ThemeName, ...]
    ids: tuple[str, ...]


@dataclass(eq=False, repr=False)
class DescribeReaders(Composite):
    """One Learned -> ReadersFound.

    `histories` are all readers', whose posts PostAddresses number, `blocks` the posts, `table` the TagTable and
    `previous` the PreviousRun; at most `k` themes are looked for, and nothing is told of fewer than `least_readers`.
    Without `maps` there is no map by readers.
    """

    histories: PCollection[History]
    addresses: AsSingleton
    blocks: PCollection[Block]
    table: AsSingleton
    previous: AsSingleton
    k: int
    least_readers: int
    maps: bool

    def expand(self, learned: PCollection[Learned]) -> ReadersFound:
        """Fit on the sample of readers, assign all of them, count, describe; find gaps; lay out."""
        articles = AsIter(self.blocks | "Articles" >> beam.FlatMap(_articles))
        model = learned | "Fit" >> beam.Map(_fit, articles, self.table, self.k)
        the_model = as_singleton(model, "reader model")
        counts = self.histories | "CountThemes" >> beam.ParDo(_CountThemes(), the_model, self.addresses)
        begin = learned.pipeline | "NoReaders" >> beam.Create([ThemeCounts()], reshuffle=False)
        whole = (begin, counts) | "All" >> beam.Flatten() | "AddUp" >> Gather(merge_counts)
        themes = whole | "Describe" >> beam.Map(_describe, the_model, self.least_readers)
        gaps = learned | "Gaps" >> beam.Map(_gaps, self.least_readers)
        points = learned | "Map" >> beam.FlatMap(_lay_out, self.previous, wanted=self.maps)
        return ReadersFound(themes, gaps, points)


def name_themes(model: ReaderModel, articles: Sequence[Article], table: TagTable) -> tuple[ThemeName, ...]:
    """Name groups of readers as themes are named: each post belongs to the group it is nearest to."""
    if not len(model.centroids):
        return ()
    posts = unit_rows(model.posts)
    known = np.flatnonzero(posts.any(axis=1))
    groups, _ = assign(posts[known], model.centroids)
    nearest = known[rounded(model.centroids.astype(np.float64) @ posts[known].T.astype(np.float64)).argmax(axis=1)]
    names = name_clusters(
        [articles[row] for row in known.tolist()], groups, table, [articles[row].title for row in nearest.tolist()]
    )
    return tuple(ThemeName(name.name, name.tags) for name in names)


def lay_out_posts(learned: Learned, places: Mapping[str, tuple[float, float]]) -> Iterator[MapPoint]:
    """Lay the posts that have vectors of who read them out by t-SNE, from where they were on an earlier map."""
    rows = np.flatnonzero(learned.vectors.any(axis=1))[:MAP_ARTICLES]
    ids = [learned.ids[row] for row in rows.tolist()]
    if not ids:
        return
    earlier = find_earlier(ids, places)
    points = project_tsne(learned.vectors[rows], earlier)
    points = framed(points) if earlier is None else in_frame(points)
    for id_, (x, y) in zip(ids, points.tolist(), strict=True):
        yield MapPoint(id_, "readers", x, y)


class _CountThemes(beam.DoFn):
    """Histories -> ThemeCounts of a bundle's readers, by a NamedModel and the PostAddresses that number posts."""

    def start_bundle(self) -> None:
        self.waiting: list[History] = []
        self.counts = ThemeCounts()
        self.sides: tuple[NamedModel, PostAddresses] | None = None
        self.places: dict[int, int] = {}

    def process(self, history: History, named: NamedModel, addresses: PostAddresses) -> None:
        if self.sides is None:
            self.sides = named, addresses
            rows = {id_: row for row, id_ in enumerate(named.ids)}
            self.places = {number: rows[id_] for number, id_ in enumerate(addresses.ids) if id_ in rows}
        self.waiting.append(history)
        if len(self.waiting) >= AT_ONCE:
            self._count()

    def finish_bundle(self) -> Iterator[Any]:
        self._count()
        yield GlobalWindows.windowed_value(self.counts)

    def _count(self) -> None:
        if self.sides is not None and self.waiting:
            named = self.sides[0]
            reads = reads_of(renumbered(self.waiting, self.places), len(named.ids))
            with measured("assign readers", len(self.waiting)):
                self.counts.merge(count_themes(reads, named.model))
        self.waiting = []


def _articles(block: Block) -> Iterator[tuple[str, Article]]:
    return ((article.id, article) for article in block.articles)


def _fit(learned: Learned, articles: Iterable[tuple[str, Article]], table: TagTable, k: int) -> NamedModel:
    posts = side_by_side(learned.posts.vectors, learned.vectors.astype(np.float64))
    if not learned.published:
        return NamedModel(ReaderModel(posts[:0], posts), (), learned.ids)
    with measured("fit themes of readers", len(learned.reads.lengths)):
        model = fit_reader_themes(learned.reads, posts, k)
        wanted = set(learned.ids)
        found = {id_: article for id_, article in articles if id_ in wanted}
        return NamedModel(model, name_themes(model, [found[id_] for id_ in learned.ids], table), learned.ids)


def _describe(counts: ThemeCounts, named: NamedModel, least_readers: int) -> ReaderThemes:
    if not len(named.model.centroids):
        return ReaderThemes(0, (), 0)
    return describe_themes(named.model, counts, named.ids, named.names, least_readers)


def _gaps(learned: Learned, least_readers: int) -> ReadingGaps:
    if not learned.published:
        return ReadingGaps()
    with measured("find gaps"):
        return find_gaps(learned.reads, learned.ids, learned.posts.vectors, learned.posts.born, least_readers)


def _lay_out(learned: Learned, previous: PreviousRun, *, wanted: bool) -> list[MapPoint]:
    if not wanted:
        return []
    with measured("map by readers"):
        return list(lay_out_posts(learned, previous.points.get("readers", {})))
