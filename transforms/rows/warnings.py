"""What a run warns of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

WarningCode = Literal[
    "undated",
    "untagged",
    "categories_as_tags",
    "unresolved_links",
    "broken_links",
    "shared_addresses",
    "rejected_files",
    "other_files",
    "previous_missing",
    "previous_format",
    "previous_damaged",
    "previous_state",
    "themes_refitted",
    "themes_unshared",
    "themes_outgrown",
    "themes_worse",
]
"""What a run warns of; docs/files.md says what each means."""


@dataclass(frozen=True)
class RunWarning:
    """What is probably not as meant: in `count` of so many posts, links or files.

    `names` are the fields of front matter that look like what is missing, or the suffixes of the files. Warnings of
    an earlier run count its themes, or nothing.
    """

    code: WarningCode
    count: int
    of: int
    names: tuple[str, ...] = ()
