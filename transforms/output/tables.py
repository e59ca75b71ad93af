"""The result tables as files: sorted rows, a digest each, written into a folder that is published when all is done."""

from __future__ import annotations

import hashlib
import io
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import apache_beam as beam
import numpy as np
from apache_beam.pvalue import AsSingleton, PCollection
from apache_beam.transforms.window import GlobalWindows

from transforms.numerics.arrays import Vectors
from transforms.output.json_lines import Line, unpack_lines
from transforms.output.layout import Sizes, shards, table_file
from transforms.output.split import Shard
from transforms.plumbing.composite import Composite
from transforms.plumbing.metrics import measured
from transforms.plumbing.parts import Part, Spill, parts_folder, read_part
from transforms.plumbing.storage import write_bytes
from transforms.records import Block
from transforms.sampling import hash64

Rows = tuple[tuple[str, ...], Vectors]
"""Ids, and the vectors of each."""
CHUNK_ROWS = 1_024
"""A chunk of vectors is full when it has so many."""
UNDIGESTED = ("vectors", "map", "changes", "reading_vectors")
"""Tables that the digest leaves out."""


@dataclass(frozen=True)
class TableFile:
    """A written table: its name, its file below the output folder, its rows and the SHA-256 of its bytes."""

    name: str
    file: str
    rows: int
    sha256: str


def table_text(table: str, lines: Iterable[Line]) -> str:
    """Lay out a table's lines in order: JSON Lines, or one JSON document where the table is one."""
    ordered = [line for _, line in sorted(lines)]
    if table in ("dendrogram", "tag_tree", "next"):
        return "".join(line + "\n" for line in ordered)
    if table == "metrics":
        return '{"metrics": [\n' + ",\n".join(ordered) + "\n]}\n"
    if table == "clusters":
        return f'{{"k": {len(ordered)}, "clusters": [\n' + ",\n".join(ordered) + "\n]}\n"
    return "".join(line + "\n" for line in ordered)


def write_table(name: str, lines: Iterable[Line], folder: str, shard: int = 0, of: int = 1) -> TableFile:
    """Write one table, or one of its shards, below a folder's data/ and describe it."""
    lines = set(lines) if name == "duplicates" else list(lines)  # each of two posts may find the other
    content = table_text(name, lines).encode()
    file = table_file(name, shard, of)
    write_bytes(f"{folder}/{file}", content)
    return TableFile(name, file, len(lines), hashlib.sha256(content).hexdigest())


def write_vectors(rows: Iterable[Rows], folder: str, shard: int = 0, of: int = 1) -> TableFile:
    """Write articles' vectors, or a shard of them, as Parquet (id, vector), in the order of the ids."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    rows = list(rows)
    ids = [id_ for some, _ in rows for id_ in some]
    order = sorted(range(len(ids)), key=ids.__getitem__)
    matrix = np.concatenate([vectors for _, vectors in rows])[order]
    ends = np.arange(len(ids) + 1, dtype=np.int32) * matrix.shape[1]
    vectors = pa.ListArray.from_arrays(ends, pa.array(matrix.ravel()))
    buffer = io.BytesIO()
    pq.write_table(pa.table({"id": [ids[row] for row in order], "vector": vectors}), buffer, use_dictionary=False)
    file = table_file("vectors", shard, of)
    write_bytes(f"{folder}/{file}", buffer.getvalue())
    return TableFile("vectors", file, len(ids), hashlib.sha256(buffer.getvalue()).hexdigest())


def vector_rows(block: Block, of: int) -> Iterator[tuple[int, Rows]]:
    """The ids and vectors of a block, shard by shard of so many."""
    ids = [article.id for article in block.articles]
    own = np.array([hash64(id_) % of if of > 1 else 0 for id_ in ids])
    for shard in np.unique(own).tolist():
        rows = np.flatnonzero(own == shard)
        yield shard, (tuple(ids[row] for row in rows), block.vectors[rows])


def pack_rows(rows: Sequence[Rows]) -> bytes:
    """Pack ids and their vectors: a line of JSON, and the matrix in float32, row by row."""
    ids = [id_ for some, _ in rows for id_ in some]
    matrix = np.concatenate([vectors for _, vectors in rows])
    return json.dumps(ids).encode() + b"\n" + matrix.astype("<f4").tobytes()


def unpack_rows(chunk: bytes) -> Rows:
    """The ids and vectors of a chunk."""
    line, _, matrix = chunk.partition(b"\n")
    ids = tuple(json.loads(line))
    return ids, np.frombuffer(matrix, "<f4").reshape(len(ids), -1)


def describe_tables(files: Iterable[TableFile]) -> dict[str, dict[str, Any]]:
    """Describe tables for run.json, by name: the file, its rows and its SHA-256, or all rows and that of each shard."""
    tables: dict[str, list[dict[str, Any]]] = {}
    for file in sorted(files, key=lambda file: (file.name, file.file)):
        tables.setdefault(file.name, []).append({"file": file.file, "rows": file.rows, "sha256": file.sha256})
    return {
        name: written[0] if len(written) == 1 else {"rows": sum(one["rows"] for one in written), "shards": written}
        for name, written in tables.items()
    }


def results_digest(files: Iterable[TableFile]) -> str:
    """Digest the tables, whatever the order of the files.

    Vectors are left out: everything else follows from them, rounded, and their last bits differ between machines.
    So is the map, whose method makes much of those bits, and what another run differs in.
    """
    ordered = sorted(files, key=lambda file: (file.name, file.file))
    tables = [(file.name, file.sha256) for file in ordered if file.name not in UNDIGESTED]
    return hashlib.sha256(json.dumps(tables).encode()).hexdigest()


@dataclass(eq=False, repr=False)
class WriteTables(Composite):
    """Chunks of lines by table and shard, and the Blocks -> TableFiles, written below `folder`.

    `sizes` are the Sizes of the corpus.
    """

    folder: str
    blocks: PCollection[Block]
    sizes: AsSingleton

    def expand(self, chunks: PCollection[tuple[Shard, Part]]) -> PCollection[TableFile]:
        """Group by shard, write."""
        written = (
            chunks | "GroupByShard" >> beam.GroupByKey() | "WriteTable" >> beam.Map(_write, self.folder, self.sizes)
        )
        vectors = (
            self.blocks
            | "VectorRows" >> beam.ParDo(_VectorRows(parts_folder(chunks)), self.sizes)
            | "GroupVectors" >> beam.GroupByKey()
            | "WriteVectors" >> beam.Map(_write_vectors, self.folder, self.sizes)
        )
        return (written, vectors) | beam.Flatten()


def _write(group: tuple[Shard, Iterable[Part]], folder: str, sizes: Sizes) -> TableFile:
    (table, shard), chunks = group
    with measured("write tables"):
        lines = (line for chunk in chunks for line in unpack_lines(read_part(chunk)))
        return write_table(table, lines, folder, shard, shards(table, sizes))


class _VectorRows(beam.DoFn):
    """Blocks -> packed rows by shard, full chunks of a bundle in a file below a folder."""

    def __init__(self, folder: str | None) -> None:
        self.folder = folder

    def start_bundle(self) -> None:
        self.rows: dict[int, list[Rows]] = {}
        self.sizes: Counter[int] = Counter()
        self.spill = Spill(self.folder)

    def process(self, block: Block, sizes: Sizes) -> Iterator[tuple[int, Part]]:
        for shard, rows in vector_rows(block, shards("vectors", sizes)):
            self.rows.setdefault(shard, []).append(rows)
            self.sizes[shard] += len(rows[0])
            if self.sizes[shard] >= CHUNK_ROWS:
                del self.sizes[shard]
                yield shard, self.spill.put(pack_rows(self.rows.pop(shard)))

    def finish_bundle(self) -> Iterator[Any]:
        self.spill.close()
        for shard, rows in self.rows.items():
            yield GlobalWindows.windowed_value((shard, pack_rows(rows)))


def _write_vectors(group: tuple[int, Iterable[Part]], folder: str, sizes: Sizes) -> TableFile:
    shard, chunks = group
    with measured("write vectors"):
        rows = (unpack_rows(read_part(chunk)) for chunk in chunks)
        return write_vectors(rows, folder, shard, shards("vectors", sizes))
