"""Which posts a job reads, and how."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import takewhile
from pathlib import Path

from jobs.options.errors import UsageError
from jobs.options.parser import Parser, check_day, is_flag, words
from transforms.plumbing.storage import is_remote
from transforms.reading.dates import today
from transforms.reading.fields import FIELDS, override_fields
from transforms.reading.files import SUFFIXES, list_all, list_files
from transforms.reading.shown import INCLUDABLE

ABOUT_TEXTS = (
    *("--include", "--as-of", "--field", "--encoder", "--model", "--model-dir", "--output-key", "--offline"),
    *("--text", "--cache", "--thumbnails", "--pictures", "--popularity", "--site-generator", "--site", "--export"),
)
"""Flags that make no sense beside --vectors."""
_SUFFIXES = f"{', '.join(SUFFIXES[:-1])} or {SUFFIXES[-1]}"


@dataclass(frozen=True)
class Source:
    """The posts to read, or the vectors instead of them; raises UsageError for what cannot be met."""

    input: tuple[str, ...] = ()
    include: tuple[str, ...] = ()
    as_of: str = field(default_factory=today)
    field_names: tuple[str, ...] = ()
    vectors: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.input and self.vectors:
            raise UsageError("--input and --vectors are both given; give one of them")
        if not self.input and not self.vectors:
            raise UsageError("no posts are given; give a folder or a glob, as in --input posts")
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

    @property
    def names_tags(self) -> bool:
        """Whether it was said which fields have the tags."""
        return any(option.partition("=")[0].strip() == "tags" for option in self.field_names)

    @property
    def patterns(self) -> tuple[str, ...]:
        """What to read, of either kind."""
        return self.input or self.vectors


def add_source_flags(parser: Parser, *, vectors: bool = False) -> None:
    """Add the flags of a Source to a parser, with --vectors where these may be given."""
    group = parser.add_argument_group("posts")
    one_of = group.add_mutually_exclusive_group()
    one_of.add_argument(
        "--input",
        nargs="+",
        metavar="PATH",
        help="a folder, a glob (quote it) or several of them",
    )
    if vectors:
        one_of.add_argument(
            "--vectors",
            nargs="+",
            metavar="PATH",
            help="instead of posts, Parquet files of their vectors: a file, a folder or a glob (quote it)",
        )
    add = group.add_argument
    add("--include", type=words, default=(), metavar="KINDS", help=f"bring in what is skipped: {','.join(INCLUDABLE)}")
    add(
        "--as-of",
        default=None,
        metavar="YYYY-MM-DD",
        help="the day for which future and expired posts are told (default: today in UTC)",
    )
    add(
        "--field",
        action="append",
        default=[],
        metavar="FIELD=NAMES",
        help="front matter names of a field, as in tags=topics,tag",
    )


def name_posts(argv: Sequence[str]) -> list[str]:
    """Put --input before posts that stand before all flags; raises UsageError where --input is given too."""
    posts = list(takewhile(lambda argument: not is_flag(argument), argv))
    rest = argv[len(posts) :]
    if posts and any(argument.partition("=")[0] == "--input" for argument in rest):
        raise UsageError(f"{posts[0]!r} and --input are both given; give all posts behind --input")
    return ["--input", *posts, *rest] if posts else list(argv)


def source_flags(flags: argparse.Namespace) -> Source:
    """Turn parsed flags into a Source."""
    vectors = tuple(getattr(flags, "vectors", None) or ())
    return Source(tuple(flags.input or ()), flags.include, flags.as_of or today(), tuple(flags.field), vectors)


def check_vector_flags(argv: Iterable[str]) -> None:
    """Raise UsageError when flags stand beside --vectors that are about the texts of posts."""
    given = {argument.partition("=")[0] for argument in argv}
    for flag in ABOUT_TEXTS if "--vectors" in given else ():
        if flag in given:
            raise UsageError(f"{flag} is about the files or texts of posts, which --vectors replaces; leave one out")


def count_posts(source: Source, output: str, previous: str | None = None) -> int | None:
    """Count the posts of local patterns, None where one is remote; raises UsageError when a pattern has none.

    Vectors count as posts, and what lies in the folder of the output or of the `previous` run does not.
    """
    if source.vectors:
        return count_vectors(source, output)
    local = [pattern for pattern in source.input if not is_remote(pattern)]
    for pattern in local:
        if not pattern:
            raise UsageError("--input is empty; give a folder, a glob or a file")
        try:
            posts, others = list_files([pattern])
        except OSError as error:
            raise UsageError(f"--input {pattern!r}: {error}") from None
        if not posts:
            found = ", ".join(f"{count:,} {suffix}" for suffix, count in others.items())
            but = f", but {found}" if found else ""
            raise UsageError(f"--input {pattern!r} holds no {_SUFFIXES} file{but}; give a folder or glob of posts")
        if not list_all([pattern], outside=(output,)):
            raise UsageError(f"--output {output!r} holds the posts; give a folder of its own")
        if previous and not list_all([pattern], outside=(previous,)):
            raise UsageError(f"--previous {previous!r} holds the posts; give an output folder of postkin report")
    outside = [folder for folder in (output, previous) if folder]
    return len(list_all(local, outside)) if local == list(source.input) else None


def count_vectors(source: Source, output: str) -> int | None:
    """Count the rows of local files of vectors, None where one is remote; raises UsageError when one has none."""
    from transforms.vectors.files import VectorsError, list_row_groups

    local = [pattern for pattern in source.vectors if not is_remote(pattern)]
    try:
        groups = list_row_groups(local) if local else []
    except (VectorsError, OSError) as error:
        raise UsageError(f"--vectors {error}") from None
    if any(Path(group.path).resolve().is_relative_to(Path(output).resolve()) for group in groups):
        raise UsageError(f"--output {output!r} holds the vectors; give a folder of its own")
    return sum(group.rows for group in groups) if len(local) == len(source.vectors) else None
