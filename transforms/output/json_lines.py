"""The rows of tables as lines of JSON on their way to a file: sorted there, packed in chunks until then."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import pyarrow as pa

from transforms.output.layout import UNWRITTEN
from transforms.results import fields_of
from transforms.sampling import hash64

CHUNK_CHARS = 1 << 18
"""A chunk holds about so many characters before it is packed."""
CODEC = pa.Codec("zstd", 1)

Line = tuple[Any, str]
"""What a row sorts by, and its JSON."""

_SORT_FIELDS: Mapping[str, tuple[str, ...]] = {
    "proposed_tags": ("rank",),
    "clusters": ("number",),
    "dendrogram": (),
    "tag_tree": (),
    "map": ("method", "id"),
    "suggested_links": ("id", "target"),
    "unresolved_links": ("id", "href"),
    "duplicates": ("left", "right"),
    "metrics": (),
    "coverage": ("cluster",),
    "tag_issues": ("kind", "rank"),
    "rejected": ("path",),
    "skipped": ("path",),
    "notes": ("path", "field", "given", "done"),
    "collisions": ("given",),
    "changes": ("id", "kind", "before", "after"),
    "next": (),
    "reader_themes": (),
    "reading_gaps": (),
}


_encode = json.JSONEncoder(ensure_ascii=False, default=fields_of).encode
"""Nested records are written as the encoder meets them: to make rows of them first takes several times as long."""


def table_line(table: str, record: Any) -> Line:
    """Turn a record into JSON, as `as_row` has it, and what it sorts by; what UNWRITTEN names is no part of it."""
    row = vars(record)
    if unwritten := UNWRITTEN.get(table):
        row = {name: value for name, value in row.items() if name not in unwritten}
    if table == "clusters" and record.previous is None:  # a run that follows none writes as if none could be followed
        row = {name: value for name, value in row.items() if name != "previous"}
    key = tuple(row[field] or 0 if field == "cluster" else row[field] for field in _SORT_FIELDS.get(table, ("id",)))
    return key, _encode(row)


def shard_of(line: Line, shards: int) -> int:
    """The shard of a row, by a hash of the first value that it sorts by: the id of an article, or a path."""
    return hash64(line[0][0]) % shards if shards > 1 else 0


def pack_lines(lines: Iterable[Line]) -> bytes:
    """Pack lines, each behind its key; no JSON of one line holds a tab or a line's end."""
    text = "".join(f"{_encode(key)}\t{line}\n" for key, line in lines).encode()
    return len(text).to_bytes(4, "big") + bytes(CODEC.compress(text, asbytes=True))


def unpack_lines(chunk: bytes) -> Iterator[Line]:
    """The lines of a chunk, in the order in which they were packed."""
    whole = CODEC.decompress(chunk[4:], int.from_bytes(chunk[:4], "big"), asbytes=True)
    for text in whole.decode().split("\n")[:-1]:
        key, _, line = text.partition("\t")
        yield tuple(json.loads(key)), line


class Chunks:
    """Lines gathered by shard until there are enough of them for a chunk."""

    def __init__(self, limit: int = CHUNK_CHARS) -> None:
        self.limit = limit
        self._lines: dict[int, list[Line]] = {}
        self._chars: dict[int, int] = {}

    def add(self, shard: int, line: Line) -> Iterator[tuple[int, bytes]]:
        """Take in a line of a shard; yields the shard's chunk when it is full."""
        self._lines.setdefault(shard, []).append(line)
        self._chars[shard] = self._chars.get(shard, 0) + len(line[1])
        if self._chars[shard] >= self.limit:
            del self._chars[shard]
            yield shard, pack_lines(self._lines.pop(shard))

    def rest(self) -> Iterator[tuple[int, bytes]]:
        """What is left, a chunk for each shard."""
        for shard, lines in self._lines.items():
            yield shard, pack_lines(lines)
        self._lines, self._chars = {}, {}
