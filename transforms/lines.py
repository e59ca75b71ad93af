"""The rows of tables as lines of JSON on their way to a file: sorted there, packed in chunks until then."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from transforms.sampling import hash64

UNWRITTEN = ("body", "hrefs")
"""Fields of an article that stand in no table."""
CHUNK_CHARS = 1 << 18
"""A chunk holds about so many characters before it is packed."""
LEVEL = 1

Line = tuple[Any, str]
"""What a row sorts by, and its JSON."""

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


def table_line(table: str, row: Mapping[str, Any]) -> Line:
    """Turn a row into JSON and what it sorts by; the text of a post is no part of a table."""
    row = {name: value for name, value in row.items() if name not in UNWRITTEN}
    key = tuple(row[field] or 0 if field == "cluster" else row[field] for field in _SORT_FIELDS.get(table, ("id",)))
    return key, json.dumps(row, ensure_ascii=False)


def shard_of(line: Line, shards: int) -> int:
    """The shard of a row, by a hash of the first value that it sorts by: the id of an article, or a path."""
    return hash64(line[0][0]) % shards if shards > 1 else 0


def pack_lines(lines: Iterable[Line]) -> bytes:
    """Pack lines, each behind its key; no JSON of one line holds a tab or a line's end."""
    text = "".join(f"{json.dumps(key, ensure_ascii=False)}\t{line}\n" for key, line in lines)
    return zlib.compress(text.encode(), LEVEL)


def unpack_lines(chunk: bytes) -> Iterator[Line]:
    """The lines of a chunk, in the order in which they were packed."""
    for text in zlib.decompress(chunk).decode().split("\n")[:-1]:
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
