"""The records of all tables, parted into lines for their files and an extract for the report."""

from __future__ import annotations

import zlib
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import apache_beam as beam
from apache_beam.pvalue import AsSingleton, PCollection, TaggedOutput
from apache_beam.transforms.window import GlobalWindows

from transforms.corpus.tag_spelling import respell
from transforms.output.extract import Extract
from transforms.output.json_lines import Chunks, pack_lines, shard_of, table_line
from transforms.output.layout import OPTIONAL, TABLES, Sizes, shards
from transforms.plumbing.composite import Composite
from transforms.plumbing.parts import Part, Spill, parts_folder
from transforms.records import Block
from transforms.themes.clusters import ClusterModel

ADDED_UP = 16
"""What is counted of bundles is added up in so many parts, before one worker has all."""

Shard = tuple[str, int]
"""A table, and the number of one of its shards."""


class Split(NamedTuple):
    """Chunks of lines by shard, at least one for each of every table, and packed Extracts of some records each.

    The extracts come table by table, for the caller to flatten once with others.
    """

    chunks: PCollection[tuple[Shard, Part]]
    extracts: tuple[PCollection[bytes], ...]


@dataclass(eq=False, repr=False)
class SplitRecords(Composite):
    """A dict of PCollections of records, by table -> Split.

    `sizes` and `the_sizes`, which is for the side inputs, are the Sizes of the corpus.

    What a bundle holds of a table becomes a few chunks and one extract, and full chunks wait in files of the run: all
    of a table would have to be kept in memory otherwise.
    """

    sizes: PCollection[Sizes]
    the_sizes: AsSingleton

    def expand(self, tables: Mapping[str, PCollection[Any]]) -> Split:
        """Split each table, flatten the chunks."""
        empty = self.sizes | "Shards" >> beam.FlatMap(_empty_chunks, tuple(tables))
        folder = parts_folder(self.sizes)
        parts = [
            rows
            | f"Split {name}"
            >> beam.ParDo(_Split(name, folder), self.the_sizes).with_outputs(_Split.EXTRACT, main="chunks")
            for name, rows in tables.items()
        ]
        return Split(
            (empty, *(part.chunks for part in parts)) | "Chunks" >> beam.Flatten(),
            tuple(part[_Split.EXTRACT] for part in parts),
        )


@dataclass(eq=False, repr=False)
class CountPosts(Composite):
    """Blocks -> packed Extracts that count a bundle's articles, with tags in the spelling of `names`, and clusters."""

    names: AsSingleton
    model: AsSingleton

    def expand(self, blocks: PCollection[Block]) -> PCollection[bytes]:
        """Assign, count, add up in parts: of all days and themes there are many counts in each bundle."""
        return (
            blocks
            | "Count" >> beam.ParDo(_Count(), self.names, self.model)
            | "Part" >> beam.Map(_parted)
            | "ByPart" >> beam.GroupByKey()
            | "AddUp" >> beam.MapTuple(_add_up)
        )


class _Split(beam.DoFn):
    """Records of a table -> chunks; under EXTRACT a packed Extract, at the end of the bundle."""

    EXTRACT = "extract"

    def __init__(self, table: str, folder: str | None) -> None:
        self.table = table
        self.folder = folder

    def start_bundle(self) -> None:
        self.chunks = Chunks()
        self.spill = Spill(self.folder)
        self.extract = Extract()

    def process(self, record: Any, sizes: Sizes) -> Iterator[tuple[Shard, Part]]:
        self.extract.add(self.table, record, sizes.posts)
        line = table_line(self.table, record)
        for shard, chunk in self.chunks.add(shard_of(line, shards(self.table, sizes)), line):
            yield (self.table, shard), self.spill.put(chunk)

    def finish_bundle(self) -> Iterator[Any]:
        self.spill.close()
        for shard, chunk in self.chunks.rest():
            yield GlobalWindows.windowed_value(((self.table, shard), chunk))
        yield TaggedOutput(self.EXTRACT, GlobalWindows.windowed_value(self.extract.close().pack()))


class _Count(beam.DoFn):
    def start_bundle(self) -> None:
        self.extract = Extract()

    def process(self, block: Block, names: dict[str, str], model: ClusterModel) -> None:
        clusters, _ = model.assign_block(block)
        rows = zip(block.articles, clusters.tolist(), strict=True)
        numbers = {article.id: model.numbers[cluster] for article, cluster in rows}
        self.extract.totals.add_articles((respell(article, names) for article in block.articles), numbers)

    def finish_bundle(self) -> Iterator[Any]:
        yield GlobalWindows.windowed_value(self.extract.pack())


def _parted(extract: bytes) -> tuple[int, bytes]:
    return zlib.crc32(extract) % ADDED_UP, extract


def _add_up(_: int, extracts: Iterable[bytes]) -> bytes:
    whole = Extract()
    for extract in map(Extract.unpack, extracts):
        whole.merge(extract)
    return whole.pack()


def _empty_chunks(sizes: Sizes, given: Collection[str]) -> Iterator[tuple[Shard, bytes]]:
    for table in (table for table in TABLES if table in given or table not in OPTIONAL):
        for shard in range(shards(table, sizes)):
            yield (table, shard), pack_lines(())
