"""Vectors that are computed once: a folder of Parquet files, by encoder and text."""

from __future__ import annotations

import dataclasses
import hashlib
import io
import logging
import uuid
from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np

from transforms.encoders.base import Encoder
from transforms.records import EncoderInfo, Vectors
from transforms.storage import delete, list_files, move, read_bytes, write_bytes

MERGE_FILES = 32
"""A reader that finds more files than this merges them into one."""

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
        keys = [text_key(text) for text in texts]
        missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in known}
        if missing:
            vectors = self.inner.encode(list(missing.values()))
            if known and len(next(iter(known.values()))) != vectors.shape[1]:  # not this model's
                known.clear()
                return self.encode(texts)
            store(self.folder, list(missing), vectors)
            known.update(zip(missing, vectors, strict=True))
        return np.stack([known[key] for key in keys])

    def count_known(self, texts: Sequence[str]) -> int:
        """Count the texts that the cache has."""
        known = self._load()
        return sum(text_key(text) in known for text in texts)

    def _load(self) -> dict[str, Vectors]:
        if self._known is None:
            self._known = read_cache(self.folder)
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
    pq.write_table(pa.table({"key": list(keys), "vector": lists}), buffer, use_dictionary=False)
    name = hashlib.blake2b("\n".join(keys).encode(), digest_size=16).hexdigest() + ".parquet"
    unfinished = f"{folder}/{name}.{uuid.uuid4().hex}.tmp"
    write_bytes(unfinished, buffer.getvalue())
    move(unfinished, f"{folder}/{name}")
    return name


def read_cache(folder: str) -> dict[str, Vectors]:
    """Read all vectors of a cache folder; a file that cannot be read, or does not fit most others, is passed over.

    A folder of more than `MERGE_FILES` files is merged into one file.
    """
    names = [name for name in list_files(folder) if name.endswith(".parquet")]
    files = [_read_file(f"{folder}/{name}") for name in names]
    dims = Counter(len(vector) for file in files for vector in file.values())
    dim = max(dims, key=lambda dim: (dims[dim], dim), default=0)
    known = {key: vector for file in reversed(files) for key, vector in file.items() if len(vector) == dim}
    if len(names) > MERGE_FILES and known:
        _merge(folder, names, known)
    return known


def _read_file(path: str) -> Mapping[str, Vectors]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        table = pq.read_table(pa.BufferReader(read_bytes(path)))
        keys = table["key"].to_pylist()
        lists = table["vector"].combine_chunks()
        matrix = lists.flatten().to_numpy(zero_copy_only=False).reshape(len(keys), -1)
        matrix = matrix.astype(np.float32, copy=False)
    except (OSError, KeyError, ValueError, AttributeError, pa.ArrowException) as error:
        _log.warning("%s is passed over: %s", path, error)
        return {}
    return dict(zip(keys, matrix, strict=True)) if matrix.size else {}


def _merge(folder: str, names: Sequence[str], known: Mapping[str, Vectors]) -> None:
    keys = sorted(known)
    merged = store(folder, keys, np.stack([known[key] for key in keys]))
    for name in sorted(set(names) - {merged}):
        try:
            delete(f"{folder}/{name}")
        except OSError:  # another run merged it
            _log.info("%s/%s is gone already", folder, name)
