"""The difference that splices make to a file, as `git apply` takes it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import NamedTuple

from transforms.editing.raw import BytesSplice, spliced_bytes

CONTEXT = 3
"""Lines around each change, as git has them."""
_ESCAPES = {7: b"\\a", 8: b"\\b", 9: b"\\t", 10: b"\\n", 11: b"\\v", 12: b"\\f", 13: b"\\r", 34: b'\\"', 92: b"\\\\"}
_NO_LINE_END = b"\n\\ No newline at end of file\n"


class _Change(NamedTuple):
    """Lines `start` to `end`, counted from 0, and those instead of them."""

    start: int
    end: int
    new: list[bytes]


def unified_diff(path: str, data: bytes, splices: Sequence[BytesSplice]) -> bytes:
    """Return the unified diff of a file of the repository; the splices are in order and do not overlap."""
    lines = _split(data)
    changes = list(_changes(data, lines, splices))
    name, tab = quoted(f"a/{path}"), b"\t" if " " in path else b""
    new = quoted(f"b/{path}")
    head = b"diff --git %b %b\n--- %b%b\n+++ %b%b\n" % (name, new, name, tab, new, tab)
    return head + b"".join(_hunks(lines, changes)) if changes else b""


def quoted(path: str) -> bytes:
    """A path as git writes it: in quotes, with escapes, where it has other signs than printable ASCII."""
    raw = path.encode()
    escaped = b"".join(_ESCAPES.get(byte) or (bytes([byte]) if 32 <= byte < 127 else b"\\%03o" % byte) for byte in raw)
    return raw if escaped == raw else b'"' + escaped + b'"'


def _changes(data: bytes, lines: Sequence[bytes], splices: Sequence[BytesSplice]) -> Iterator[_Change]:
    """The lines that splices touch, and what becomes of them; splices that touch a line together are one change."""
    starts = [0, *accumulate(map(len, lines))]
    groups: list[tuple[int, int, list[BytesSplice]]] = []
    for splice in splices:
        start = max(0, bisect_right(starts, splice.start, hi=len(lines)) - 1)
        end = bisect_right(starts, splice.end, hi=len(lines))
        if groups and start <= groups[-1][1]:
            groups[-1] = (groups[-1][0], max(groups[-1][1], end), [*groups[-1][2], splice])
        else:
            groups.append((start, end, [splice]))
    for start, end, several in groups:
        first = starts[start]
        moved = [BytesSplice(each.start - first, each.end - first, each.new) for each in several]
        old = data[first : starts[end]]
        yield from _without_common(start, list(lines[start:end]), _split(spliced_bytes(old, moved)))


def _split(data: bytes) -> list[bytes]:
    parts = data.split(b"\n")
    return [part + b"\n" for part in parts[:-1]] + ([parts[-1]] if parts[-1] else [])


def _without_common(start: int, old: list[bytes], new: list[bytes]) -> Iterator[_Change]:
    """A change without the lines at its ends that stay."""
    while old and new and old[0] == new[0]:
        start, old, new = start + 1, old[1:], new[1:]
    while old and new and old[-1] == new[-1]:
        old, new = old[:-1], new[:-1]
    if old or new:
        yield _Change(start, start + len(old), new)


def _hunks(lines: Sequence[bytes], changes: Sequence[_Change]) -> Iterator[bytes]:
    shift = 0
    group: list[_Change] = []
    for change in changes:
        if group and change.start - group[-1].end > 2 * CONTEXT:
            yield _hunk(lines, group, shift)
            shift += sum(len(each.new) - (each.end - each.start) for each in group)
            group = []
        group.append(change)
    yield _hunk(lines, group, shift)


def _hunk(lines: Sequence[bytes], changes: Sequence[_Change], shift: int) -> bytes:
    first, last = max(0, changes[0].start - CONTEXT), min(len(lines), changes[-1].end + CONTEXT)
    body: list[bytes] = []
    place, removed, added = first, 0, 0
    for start, end, new in changes:
        body += (_line(b" ", line) for line in lines[place:start])
        body += (_line(b"-", line) for line in lines[start:end])
        body += (_line(b"+", line) for line in new)
        place, removed, added = end, removed + end - start, added + len(new)
    body += (_line(b" ", line) for line in lines[place:last])
    count = last - first
    head = b"@@ -%b +%b @@\n" % (_span(first, count), _span(first + shift, count - removed + added))
    return head + b"".join(body)


def _span(start: int, count: int) -> bytes:
    """Lines as a hunk's head has them: of none, the one before them."""
    return b"%d,%d" % (start + 1 if count else start, count)


def _line(sign: bytes, line: bytes) -> bytes:
    return sign + line if line.endswith(b"\n") else sign + line + _NO_LINE_END
