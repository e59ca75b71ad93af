"""The reads of many readers in one value, as they travel: a value for each reader would cost more than its reads."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

import msgspec

from transforms.readings.visits import Read, Reads, join_reads, put_together

GROUPS = 512
"""Readers are parted into so many groups, each of which is put together by one worker."""
_DECODER = msgspec.msgpack.Decoder(list[tuple[bytes, Reads]])


def pack_readers(readers: Mapping[bytes, Sequence[Read]]) -> Iterator[tuple[int, bytes]]:
    """Put together the reads of readers, each by a hash of two bytes or more, and pack them by groups of readers."""
    groups: defaultdict[int, list[tuple[bytes, Reads]]] = defaultdict(list)
    for reader, reads in readers.items():
        groups[int.from_bytes(reader[:2]) % GROUPS].append((reader, put_together(reads)))
    return ((group, msgspec.msgpack.encode(packed)) for group, packed in groups.items())


def unpack_readers(parts: Iterable[bytes]) -> Iterator[Reads]:
    """Unpack whatever was packed of a group, in any order: all reads of each reader, joined."""
    found: defaultdict[bytes, list[Reads]] = defaultdict(list)
    for part in parts:
        for reader, reads in _DECODER.decode(part):
            found[reader].append(reads)
    return map(join_reads, found.values())
