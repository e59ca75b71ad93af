"""Which reading logs a job reads, how, and of how many readers something must be to be published."""

from __future__ import annotations

import argparse
import importlib.util
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from jobs.options.errors import UsageError
from jobs.options.parser import Parser, whole_number
from transforms.plumbing.storage import is_remote
from transforms.reading.dates import instant
from transforms.readings.files import LogError, LogReader, list_logs
from transforms.readings.formats import FORMAT_NAMES, NAMES
from transforms.readings.times import LATEST
from transforms.readings.together import LEAST_READERS, READER_THEMES

AUTO = "auto"
DAY = 24 * 3600


@dataclass(frozen=True)
class Readings:
    """What was said of reading logs; raises UsageError when it cannot be met."""

    paths: tuple[str, ...] = ()
    format: str = AUTO
    columns: tuple[str, ...] = ()
    least_readers: int = LEAST_READERS
    reader_themes: int = READER_THEMES

    def __post_init__(self) -> None:
        if self.format not in (AUTO, *FORMAT_NAMES):
            raise UsageError(
                f"--readings-format {self.format!r} is unknown; give {AUTO} or one of {', '.join(FORMAT_NAMES)}"
            )
        for column in self.columns:
            role, _, names = column.partition("=")
            if role.strip() not in NAMES or not _split(names):
                ways = " or ".join(f"{role}=NAME" for role in NAMES)
                raise UsageError(f"--readings-field {column!r} names no column; give it as {ways}")
        if not self.paths:
            for flag, value, usual in (
                ("--readings-format", self.format, AUTO),
                ("--readings-field", self.columns, ()),
                ("--least-readers", self.least_readers, LEAST_READERS),
                ("--reader-themes", self.reader_themes, READER_THEMES),
            ):
                if value != usual:
                    raise UsageError(f"{flag} is about reading logs; give them with --readings")

    def reader(self, as_of: str | None = None) -> LogReader:
        """What reads the logs, up to a day (YYYY-MM-DD) and the next: times without a zone may be of the east."""
        end = LATEST if as_of is None else int(instant(as_of)) + 2 * DAY
        given = {role.strip(): _split(names) for role, _, names in (column.partition("=") for column in self.columns)}
        return LogReader(None if self.format == AUTO else self.format, {**NAMES, **given}, end)

    def check(self) -> None:
        """Raise UsageError when a local path names no file, or a file is no log that can be read."""
        if "" in self.paths:
            raise UsageError("--readings is empty; give a log, a folder of logs or a glob")
        local = [path for path in self.paths if not is_remote(path)]
        try:
            for path in list_logs(local):
                self.reader().check(path)
        except LogError as error:
            raise UsageError(f"--readings {error}") from None
        except OSError as error:
            reason = str(error) if error.errno is None else f"{str(error.filename)!r} cannot be read: {error.strerror}"
            raise UsageError(f"--readings {reason}") from None

    def as_row(self) -> Mapping[str, Any]:
        """What the row of the configuration has of it: nothing where there are no logs."""
        if not self.paths:
            return {}
        return {
            "readings": self.paths,
            "readings_format": self.format,
            "readings_field": self.columns,
            "least_readers": self.least_readers,
            "reader_themes": self.reader_themes,
        }


def add_reading_flags(parser: Parser, *, published: bool = True) -> None:
    """Add the flags of Readings to a parser, with the one of what is published where anything is."""
    add = parser.add_argument_group("readings").add_argument
    add(
        "--readings",
        nargs="+",
        default=(),
        metavar="PATH",
        help="logs of who read what, to tell which posts are read together: files, folders or globs (quote them);"
        " readers are never written",
    )
    add(
        "--readings-format",
        default=AUTO,
        metavar="FORMAT",
        help=f"the format of the logs: {', '.join(FORMAT_NAMES)}, or {AUTO} (default: told by each file)",
    )
    add(
        "--readings-field",
        action="append",
        default=[],
        metavar="FIELD=NAMES",
        help="the column of a table that is the reader, the time, the path or the session, as in reader=visitor_no",
    )
    if not published:
        return
    add(
        "--least-readers",
        type=whole_number(LEAST_READERS),
        default=LEAST_READERS,
        metavar="N",
        help="publish only what at least N readers have in common, 3 or more (default: %(default)s)",
    )
    add(
        "--reader-themes",
        type=whole_number(1),
        default=READER_THEMES,
        metavar="N",
        help="group readers into N themes at most, of 20 readers or more each (default: %(default)s)",
    )


def reading_flags(flags: argparse.Namespace) -> Readings:
    """Turn parsed flags into Readings."""
    least = getattr(flags, "least_readers", LEAST_READERS)
    themes = getattr(flags, "reader_themes", READER_THEMES)
    return Readings(tuple(flags.readings), flags.readings_format, tuple(flags.readings_field), least, themes)


def comparison_notice(readings: Readings) -> str | None:
    """Say what readings are not judged by because it is not installed; None where nothing is missing."""
    if not readings.paths or importlib.util.find_spec("gensim") is not None:
        return None
    return "leaves Word2Vec out of what is compared, which needs gensim: pip install 'postkin[gensim]'"


def _split(names: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in names.split(",") if name.strip())
