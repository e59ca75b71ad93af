"""Where the values of metadata stand, which are lines of `Key: value`."""

from __future__ import annotations

import re

from transforms.editing.written import Member, Written

_LINE = re.compile(r"^[ \t]*(?:\.\. )?([\w-]+)[ \t]*(:)(?:[ \t]+(\S.*?))?[ \t]*$", re.MULTILINE)


def read_lines(source: str) -> Written:
    """Read the keys, in small letters as the reader has them, and the values on the lines of their keys."""
    members = tuple(
        Member(
            Written("scalar", found.start(1), found.end(1), found[1].lower()),
            Written("scalar", *(found.span(3) if found[3] else (found.end(2), found.end())), found[3] or ""),
        )
        for found in _LINE.finditer(source)
    )
    return Written("mapping", 0, len(source.rstrip()), members=members)
