"""Vectors that are computed once: a folder of Parquet files, by encoder and text."""

from __future__ import annotations

import dataclasses
import hashlib
import io
import logging
import uuid
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from transforms.encoders.base import Encoder
from transforms.numerics.arrays import Vectors
from transforms.plumbing.printable import printable
from transforms.plumbing.storage import delete, is_remote, list_files, move, read_bytes, write_bytes
from transforms.records import EncoderInfo

MERGE_FILES = 32
"""A reader that finds more files than this merges them into one."""

MAX_RATIO = 32
BATCH_ROWS = 256

UNIT = 1e-3
"""How far a cached vector's length may be from 1."""

_log = logging.getLogger(__name__)


class CachingEncoder:
    """An encoder that asks its inner one only for the texts that a cache folder lacks, and stores what it gets.

    The folder may be shared: every store is a new file, which appears whole or not at all and is never changed.
    """

    def __init__(self, inner: Encoder, folder: str) -> None:
        self.inner = inner
        self.max_characters = inner.max_characters
        self.folder = f"{folder}/{inner.info.id}"
        self._known: dict[str, Vectors] | None = None

    @property
    def info(self) -> EncoderInfo:
        """The inner encoder's identity; its dimensions are those of the cached vectors while it has none."""
        info = self.inner.info
        if info.dim or not self._known:
            return info
        dim = len(next(iter(self._known.values())))
        return dataclasses.replace(info, dim=dim, neighbor_dim=dim)

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Encode texts into float32 [len(texts), dim], from the cache where it has them."""
        known = self._load()
        keyed = {text_key(text): text for text in texts}
        fresh: dict[str, Vectors] = {}
        while missing := {key: text for key, text in keyed.items() if key not in known and key not in fresh}:
            vectors = self.inner.encode(list(missing.values()))
            fresh.update(zip(missing, vectors, strict=True))
            if known and _width(known) != vectors.shape[1]:  # somebody else's: forget them, here and in the folder
                known.clear()
                known.update(read_cache(self.folder, vectors.shape[1]))
        if fresh:
            self._store(fresh)
            known.update(fresh)
        return np.stack([known[text_key(text)] for text in texts])

    def _store(self, fresh: Mapping[str, Vectors]) -> None:
        try:
            store(self.folder, list(fresh), np.stack(list(fresh.values())))
        except OSError as error:  # the vectors are there all the same, and the next run makes them again
            _log.warning("%s cannot be written: %s", self.folder, error)

    def count_known(self, texts: Sequence[str]) -> int:
        """Count the texts that the cache has."""
        known = self._load()
        return sum(text_key(text) in known for text in texts)

    def _load(self) -> dict[str, Vectors]:
        if self._known is None:
            self._known = read_cache(self.folder, self.inner.info.dim or None)
        return self._known


def text_key(text: str) -> str:
    """Digest a text, as the cache is keyed."""
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


def store(folder: str, keys: Sequence[str], vectors: Vectors) -> str:
    """Add vectors [len(keys), dim] to a cache folder as one new file; returns its name."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    ends = np.arange(len(keys) + 1, dtype=np.int32) * vectors.shape[1]
    lists = pa.ListArray.from_arrays(ends, pa.array(np.ascontiguousarray(vectors).ravel()))
    buffer = io.BytesIO()
    pq.write_table(
        pa.table({"key": list(keys), "vector": lists}), buffer, use_dictionary=False, write_page_checksum=True
    )
    name = hashlib.blake2b("\n".join(keys).encode(), digest_size=16).hexdigest() + ".parquet"
    unfinished = f"{folder}/{name}.{uuid.uuid4().hex}.tmp"
    write_bytes(unfinished, buffer.getvalue())
    move(unfinished, f"{folder}/{name}")
    return name


def read_cache(folder: str, width: int | None = None) -> dict[str, Vectors]:
    """Read all vectors of a cache folder; a file that is damaged, or does not fit most others, is passed over.

    Where the `width` of the vectors is known, files of another one are deleted. More than `MERGE_FILES` good files are
    merged into one.
    """
    files = {name: _read_file(folder, name) for name in list_files(folder) if name.endswith(".parquet")}
    good = {name: rows for name, rows in files.items() if rows}
    if width is None:
        widths = Counter({_width(rows): 0 for rows in good.values()})
        for rows in good.values():
            widths[_width(rows)] += len(rows)
        width = max(widths, key=lambda width: (widths[width], width), default=0)
    else:
        for name in [name for name, rows in good.items() if _width(rows) != width]:
            _delete(f"{folder}/{name}")
    fitting = {name: rows for name, rows in good.items() if _width(rows) == width}
    known = {key: vector for rows in fitting.values() for key, vector in rows.items()}
    if len(fitting) > MERGE_FILES:
        _merge(folder, list(fitting), known)
    return known


def _width(rows: Mapping[str, Vectors]) -> int:
    return len(next(iter(rows.values())))


def _read_file(folder: str, name: str) -> Mapping[str, Vectors]:
    path = f"{folder}/{name}"
    if not is_remote(path) and Path(path).is_symlink():
        _log.warning("%s is passed over: it is a symbolic link", printable(path))
        return {}
    try:
        return _read_rows(read_bytes(path))
    except Exception as error:  # noqa: BLE001  a file that was made to do harm can make its reader raise anything
        _log.warning("%s is passed over: %s", printable(path), error)
        return {}


def _read_rows(content: bytes) -> Mapping[str, Vectors]:
    """Read a file a few rows at a time; raises ValueError as soon as it is more than its bytes can hold.

    A row has a key of 32 random digits, and Snappy makes nothing 32 times as small. What is claimed of single columns
    is not asked for: pyarrow ends the process where that is damaged.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    file = pq.ParquetFile(pa.BufferReader(content), page_checksum_verification=True)
    groups = [file.metadata.row_group(number) for number in range(file.num_row_groups)]
    rows, unpacked = (sum(getattr(group, name) for group in groups) for name in ("num_rows", "total_byte_size"))
    if not 0 <= rows <= len(content) or unpacked > MAX_RATIO * len(content):
        raise ValueError(f"it claims {rows:,} rows and {unpacked:,} bytes in {len(content):,} bytes")
    batches, unpacked = [], 0
    for batch in file.iter_batches(BATCH_ROWS, use_threads=False):
        batches.append(batch)
        unpacked += batch.nbytes
        if unpacked > MAX_RATIO * len(content):
            raise ValueError(f"it unpacks to more than {MAX_RATIO} times its {len(content):,} bytes")
    return _rows(pa.Table.from_batches(batches, file.schema_arrow))


def _rows(table: Any) -> Mapping[str, Vectors]:
    """Read a table of keys and unit vectors of one width; raises ValueError when it is anything else."""
    if [str(field.type) for field in table.schema] != ["string", "list<element: float>"]:
        raise ValueError(f"its columns are {table.schema.names}")
    keys, lists = table["key"], table["vector"].combine_chunks()
    widths = np.diff(lists.offsets.to_numpy())
    matrix = lists.flatten().to_numpy(zero_copy_only=False)
    if keys.null_count or lists.null_count or not len(widths) or len(matrix) != len(widths) * widths[0]:
        raise ValueError("it holds no rows, or rows that are not whole")
    matrix = matrix.reshape(len(widths), -1)
    norms = np.linalg.norm(matrix, axis=1)
    if (widths != widths[0]).any() or not np.all((norms == 0) | (np.abs(norms - 1) < UNIT)):
        raise ValueError("its vectors are not of one width and unit length")
    return dict(zip(keys.to_pylist(), matrix, strict=True))


def _merge(folder: str, names: Sequence[str], known: Mapping[str, Vectors]) -> None:
    keys = sorted(known)
    merged = store(folder, keys, np.stack([known[key] for key in keys]))
    for name in sorted(set(names) - {merged}):
        _delete(f"{folder}/{name}")


def _delete(path: str) -> None:
    try:
        delete(path)
    except OSError:  # another run was faster
        _log.info("%s is gone already", printable(path))
