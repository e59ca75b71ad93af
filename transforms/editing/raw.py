"""From the text that the reader has of a post back to the bytes of its file."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from typing import NamedTuple

from transforms.editing.written import Splice

_LONE_CR = re.compile("\r(?!\n)")
_MARK = "\ufeff"


class BytesSplice(NamedTuple):
    """New bytes for those of a file from `start` up to `end`."""

    start: int
    end: int
    new: bytes


class RawText:
    """A file's bytes, and where in them the text stands that `decode` made: no mark before it, lines that end in LF.

    Only what the text has up to the end of the line of `end` is looked at.
    """

    def __init__(self, data: bytes, text: str, end: int) -> None:
        raw = data.decode()
        self.text = text
        self.mark = raw.startswith(_MARK)
        line_end = text.find("\n", end)
        self.end = len(text) if line_end < 0 else line_end + 1
        self.raw = raw[: self.mark + 2 * self.end]
        found = (match.start() for match in re.finditer("\r\n", self.raw))
        self.crlf = [start - self.mark - before for before, start in enumerate(found)]

    @property
    def lone_cr(self) -> int | None:
        """Where in the text a line ends in a lone CR, which editors and generators take for different things."""
        found = _LONE_CR.search(self.raw, 0, self._place(self.end))
        if found is None:
            return None
        return found.start() - self.mark - self.raw.count("\r\n", 0, found.start())

    def to_bytes(self, splice: Splice) -> BytesSplice:
        """Turn a splice of the text into one of the file; a new line ends as the line there does."""
        start, end = (len(self.raw[: self._place(place)].encode()) for place in splice[:2])
        below = self.text.find("\n", splice.end)
        near = below if below >= 0 else self.text.rfind("\n", 0, splice.start)
        place = bisect_left(self.crlf, near)
        is_crlf = place < len(self.crlf) and self.crlf[place] == near
        return BytesSplice(start, end, splice.text.replace("\n", "\r\n" if is_crlf else "\n").encode())

    def _place(self, place: int) -> int:
        return place + self.mark + bisect_left(self.crlf, place)


def spliced_bytes(data: bytes, splices: Sequence[BytesSplice]) -> bytes:
    """Return the bytes with all splices made, which are in order and do not overlap."""
    parts: list[bytes] = []
    done = 0
    for start, end, new in splices:
        parts += (data[done:start], new)
        done = end
    return b"".join((*parts, data[done:]))
