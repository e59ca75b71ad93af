"""Values as front matter has them written: what each one is, and where it stands in the source."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple, TypeAlias

Write: TypeAlias = Callable[[str, str], str]
"""Writes a string as a language has it, in the quotes of its siblings, or in none."""
Obstacle = Literal["alias", "anchor", "tagged", "block_scalar"]
"""What makes of a value of YAML more than its characters say."""


@dataclass(frozen=True)
class Written:
    """A value, from the character `start` of the source up to `end`.

    A scalar has its `text`, where that is known, and the sign that it is quoted with, if any. A list has `items`, a
    mapping `members`; both may be `flow`, between brackets.
    """

    kind: Literal["scalar", "list", "mapping"]
    start: int
    end: int
    text: str = ""
    quote: str = ""
    flow: bool = False
    items: tuple[Written, ...] = ()
    members: tuple[Member, ...] = ()
    obstacle: Obstacle | None = None


class Member(NamedTuple):
    """A key of a mapping, and its value."""

    key: Written
    value: Written


class Splice(NamedTuple):
    """New text for the characters of a source from `start` up to `end`."""

    start: int
    end: int
    text: str


def spliced(source: str, splices: Sequence[Splice]) -> str:
    """Return the source with all splices made, which are in order and do not overlap."""
    parts: list[str] = []
    done = 0
    for start, end, text in splices:
        parts += (source[done:start], text)
        done = end
    return "".join((*parts, source[done:]))


class RefusedError(Exception):
    """An edit that cannot be made: its kind, where in the source that shows, and what is said of it."""

    def __init__(self, kind: RefusalKind, place: int = 0, detail: str = "") -> None:
        super().__init__(kind, place, detail)
        self.kind = kind
        self.place = place
        self.detail = detail


RefusalKind = Literal[
    "unreadable",
    "no_front_matter",
    "lone_cr",
    "dots",
    "alias",
    "anchor",
    "tagged",
    "block_scalar",
    "duplicate_key",
    "nested",
    "mapping",
    "string",
    "separator",
    "comment",
    "character",
    "layout",
    "link",
    "field",
    "unproven",
]
"""Why a post is left as it is."""
