"""A page view, as a reading log has it, and why one is left out."""

from __future__ import annotations

from typing import Literal, NamedTuple

Drop = Literal[
    "unreadable",
    "too_long",
    "beyond_limit",
    "not_a_view",
    "failed",
    "future",
    "bot",
    "no_reader",
    "no_post",
    "reload",
    "outlier",
]
"""Why a row is no read.

`unreadable`: it cannot be read, or has no time or address; `too_long`: the row is longer than any that is read;
`beyond_limit`: the rest of a file that is too large, counted once; `not_a_view`: an event of another kind; `failed`:
another method than GET, or no page was sent; `future`: later than anything can have been read; `bot`: a program;
`no_reader`: nobody is named, as where there is no consent; `no_post`: the address of no post; `reload`: the reader had
just read the post; `outlier`: the reader, or the visit, has more posts than people read.
"""


class PageView(NamedTuple):
    """What somebody looked at, and when, in seconds since 1970.

    `reader` and `session` are as the log has them: they stay in the memory of the worker that reads it, and are hashed
    before anything else is done. A reader who is told by address and browser alone is one for a `daily` hash: known for
    a day (UTC), and not followed to the next. A session of None is told by the times of views.
    """

    reader: str
    second: int
    address: str
    session: str | None = None
    daily: bool = False

    def __repr__(self) -> str:
        """Say nothing of what it holds: an error's message or a log may quote it."""
        return "PageView(...)"


Row = PageView | Drop
