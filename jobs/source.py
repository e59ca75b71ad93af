"""Which posts a job reads, and how."""

from __future__ import annotations

import argparse
import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field

from jobs.encoder import words
from jobs.flags import Parser, UsageError, check_day
from transforms.fields import FIELDS, override_fields
from transforms.files import list_all
from transforms.storage import is_remote

INCLUDABLE = ("drafts", "hidden", "future")


@dataclass(frozen=True)
class Source:
    """The posts to read; raises UsageError for what cannot be met."""

    input: tuple[str, ...]
    include: tuple[str, ...] = ()
    as_of: str = field(default_factory=lambda: datetime.date.today().isoformat())
    field_names: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        check_day("--as-of", self.as_of)
        if unknown := set(self.include) - set(INCLUDABLE):
            raise UsageError(f"--include {sorted(unknown)[0]!r} is unknown; give any of {', '.join(INCLUDABLE)}")
        try:
            override_fields(self.field_names)
        except ValueError as error:
            raise UsageError(str(error)) from None

    @property
    def fields(self) -> Mapping[str, tuple[str, ...]]:
        """The front matter's names, by field."""
        return override_fields(self.field_names) if self.field_names else FIELDS


def add_source_flags(parser: Parser) -> None:
    """Add the flags of a Source to a parser."""
    add = parser.add_argument_group("posts").add_argument
    add("--input", nargs="+", required=True, metavar="PATH", help="a folder, a glob (quote it) or several of them")
    add("--include", type=words, default=(), metavar="KINDS", help=f"bring in what is skipped: {','.join(INCLUDABLE)}")
    add("--as-of", default=None, metavar="YYYY-MM-DD", help="posts dated later are future posts (default: today)")
    add(
        "--field",
        action="append",
        default=[],
        metavar="FIELD=NAMES",
        help="front matter names of a field, as in tags=topics,tag",
    )


def source_flags(flags: argparse.Namespace) -> Source:
    """Turn parsed flags into a Source."""
    as_of = flags.as_of or datetime.date.today().isoformat()
    return Source(tuple(flags.input), flags.include, as_of, tuple(flags.field))


def count_posts(source: Source, output: str) -> int | None:
    """Count the posts of local patterns, None where one is remote; raises UsageError when a pattern has none."""
    local = [pattern for pattern in source.input if not is_remote(pattern)]
    for pattern in local:
        if not pattern:
            raise UsageError("--input is empty; give a folder, a glob or a file")
        try:
            posts = list_all([pattern])
        except OSError as error:
            raise UsageError(f"--input {pattern!r}: {error}") from None
        if not posts:
            raise UsageError(
                f"--input {pattern!r} holds no .md, .markdown or .mdx file; give a folder or glob of posts"
            )
        if not list_all([pattern], outside=output):
            raise UsageError(f"--output {output!r} holds the posts; give a folder of its own")
    return len(list_all(local, outside=output)) if local == list(source.input) else None
