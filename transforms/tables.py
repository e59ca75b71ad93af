"""The result tables as files: sorted rows, a digest each, written into a folder that is published when all is done."""

from __future__ import annotations

import functools
import hashlib
import io
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import apache_beam as beam
import numpy as np
from apache_beam.pvalue import PCollection

from transforms.gather import Gather
from transforms.layout import TABLES, VECTORS
from transforms.observe import measured
from transforms.records import Block, as_row
from transforms.storage import write_bytes

Line = tuple[Any, str]
"""What a row sorts by, and its JSON."""
UNDIGESTED = ("vectors", "map")
"""Tables that the digest leaves out."""
UNWRITTEN = ("body", "hrefs")
"""Fields of an article that stand in no table."""

_SORT_FIELDS: Mapping[str, tuple[str, ...]] = {
    "clusters": ("number",),
    "dendrogram": (),
    "tag_tree": (),
    "map": ("method", "id"),
    "duplicates": ("left", "right"),
    "metrics": (),
    "coverage": ("cluster",),
    "tag_issues": ("kind", "rank"),
    "rejected": ("path",),
    "skipped": ("path",),
    "collisions": ("given",),
}


@dataclass(frozen=True)
class TableFile:
    """A written table: its name, its file below the output folder, its rows and the SHA-256 of its bytes."""

    name: str
    file: str
    rows: int
    sha256: str


def table_line(table: str, row: Mapping[str, Any]) -> Line:
    """Turn a row into JSON and what it sorts by; the text of a post is no part of a table."""
    row = {name: value for name, value in row.items() if name not in UNWRITTEN}
    key = tuple(row[field] or 0 if field == "cluster" else row[field] for field in _SORT_FIELDS.get(table, ("id",)))
    return key, json.dumps(row, ensure_ascii=False)


def table_text(table: str, lines: Iterable[Line]) -> str:
    """Lay out a table's lines in order: JSON Lines, or one JSON document where the table is one."""
    ordered = [line for _, line in sorted(lines)]
    if table in ("dendrogram", "tag_tree"):
        return "".join(line + "\n" for line in ordered)
    if table == "metrics":
        return '{"metrics": [\n' + ",\n".join(ordered) + "\n]}\n"
    if table == "clusters":
        return f'{{"k": {len(ordered)}, "clusters": [\n' + ",\n".join(ordered) + "\n]}\n"
    return "".join(line + "\n" for line in ordered)


def write_table(name: str, lines: Iterable[Line], folder: str) -> TableFile:
    """Write one table below a folder's data/ and describe it."""
    lines = set(lines) if name == "duplicates" else list(lines)  # each of two posts may find the other
    content = table_text(name, lines).encode()
    file = f"data/{TABLES[name]}"
    write_bytes(f"{folder}/{file}", content)
    return TableFile(name, file, len(lines), hashlib.sha256(content).hexdigest())


def write_vectors(blocks: Iterable[Block], folder: str) -> TableFile:
    """Write the articles' vectors as Parquet (id, vector), in the order of the ids."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    blocks = list(blocks)
    ids = [article.id for block in blocks for article in block.articles]
    order = sorted(range(len(ids)), key=ids.__getitem__)
    matrix = np.concatenate([block.vectors for block in blocks])[order]
    ends = np.arange(len(ids) + 1, dtype=np.int32) * matrix.shape[1]
    vectors = pa.ListArray.from_arrays(ends, pa.array(matrix.ravel()))
    buffer = io.BytesIO()
    pq.write_table(pa.table({"id": [ids[row] for row in order], "vector": vectors}), buffer, use_dictionary=False)
    write_bytes(f"{folder}/data/{VECTORS}", buffer.getvalue())
    return TableFile("vectors", f"data/{VECTORS}", len(ids), hashlib.sha256(buffer.getvalue()).hexdigest())


def results_digest(files: Iterable[TableFile]) -> str:
    """Digest the tables, whatever the order of the files.

    The vectors are left out: everything else follows from them, rounded, and their last bits differ between machines.
    So is the map, whose method makes much of those bits.
    """
    tables = sorted((file.name, file.sha256) for file in files if file.name not in UNDIGESTED)
    return hashlib.sha256(json.dumps(tables).encode()).hexdigest()


NamedRecord = tuple[str, Any]
"""A record with the name of its table; None stands in each table once, so that it is there without a record too."""


class NameRecords(beam.PTransform):
    """A dict of PCollections of records, by table -> NamedRecords, all in one PCollection."""

    def expand(self, tables: Mapping[str, PCollection[Any]]) -> PCollection[NamedRecord]:
        """Name, flatten."""
        pipeline = next(iter(tables.values())).pipeline
        names = pipeline | "Tables" >> beam.Create([(name, None) for name in tables], reshuffle=False)
        named = [rows | f"Name {name}" >> beam.Map(_named, name) for name, rows in tables.items()]
        return (names, *named) | beam.Flatten()


class WriteTables(beam.PTransform):
    """NamedRecords, and the Blocks -> TableFiles, written below `folder`."""

    def __init__(self, folder: str, blocks: PCollection[Block]) -> None:
        super().__init__()
        self.folder = folder
        self.blocks = blocks

    def expand(self, records: PCollection[NamedRecord]) -> PCollection[TableFile]:
        """Group records by table, write."""
        written = records | "GroupByTable" >> beam.GroupByKey() | "WriteTable" >> beam.Map(_write_table, self.folder)
        vectors = self.blocks | "WriteVectors" >> Gather(functools.partial(_write_vectors, folder=self.folder))
        return (written, vectors) | beam.Flatten()


def _named(record: Any, table: str) -> NamedRecord:
    return table, record


def _write_table(table: tuple[str, Iterable[Any]], folder: str) -> TableFile:
    name, records = table
    with measured("write tables"):
        return write_table(name, (table_line(name, as_row(row)) for row in records if row is not None), folder)


def _write_vectors(blocks: Iterable[Block], folder: str) -> TableFile:
    with measured("write vectors"):
        return write_vectors(blocks, folder)
