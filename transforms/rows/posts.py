"""Posts that were read, left out, or not taken as they are."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True)
class Rejected:
    """A file that could not be read as a post; `line` is 1-based, None where the fault has no line."""

    path: str
    line: int | None
    reason: str


SkippedKind = Literal["draft", "private", "hidden", "future", "expired", "page", "empty"]
"""Why a post is left out on purpose."""


@dataclass(frozen=True)
class Skipped:
    """A post that was left out on purpose.

    `date` and `address_fields` are as an Article has them: they say where links to it lead, and stand in no table.
    """

    path: str
    kind: SkippedKind
    reason: str
    date: str | None = field(default=None, compare=False)
    address_fields: tuple[tuple[str, str], ...] = field(default=(), compare=False)


NoteKind = Literal[
    "dated_by_field",
    "dated_by_path",
    "dated_by_change",
    "dated_first_day",
    "dated_without_time",
    "undated",
    "passed_over",
    "cut",
]
"""What was done instead of taking a post at its word; docs/files.md says what each means."""


@dataclass(frozen=True)
class Note:
    """What an article gives that could not be taken as it is.

    `line` is 1-based, None where it is not known; `field` is the front matter's name for it, or the part of the post;
    `given` is what stands there, on one line and cut.
    """

    path: str
    line: int | None
    field: str
    given: str
    done: NoteKind


CollisionKind = Literal["id", "address"]
"""What a post wanted that another already has: an id, or an address on the site."""


@dataclass(frozen=True)
class Collision:
    """A post that wanted what another post already has.

    `given` is the id that tells it apart, or for an address, which it shares, the path of the first post that has it.
    """

    path: str
    wanted: str
    given: str
    kind: CollisionKind = "id"
