"""A post's lede, found among the lines of its text."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum


class LineKind(Enum):
    """What a line of a post's text is."""

    HEADING = 1
    PARAGRAPH = 2
    ITEM = 3
    """A paragraph in a list, a quote or a table."""
    ASIDE = 4
    """Pictures alone, the title of a container, or the language of a code block: nothing to begin with."""
    MORE = 5
    """Where the lede ends."""


Line = tuple[LineKind, str, tuple[str, ...], tuple[str, ...]]
"""A line: its kind, its text, what it links to, and of its text what is in links, pictures and code."""


def find_lede(lines: Sequence[Line]) -> str:
    """Find what stands before `<!-- more -->`, else the first paragraph, else the first item; "" without any."""
    kinds = [line[0] for line in lines]
    texts = (LineKind.PARAGRAPH, LineKind.ITEM)
    if LineKind.MORE in kinds:
        lede = "\n".join(line for kind, line, *_ in lines[: kinds.index(LineKind.MORE)] if kind in texts)
        if lede:
            return lede
    return next((line for wanted in texts for kind, line, *_ in lines if kind is wanted), "")
