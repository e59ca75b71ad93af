"""A published run, read back: its run.json and the rows of its tables, sizes capped, digests and shapes checked."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

import msgspec

from transforms.output.extract import shows
from transforms.output.layout import FORMAT, OPTIONAL, RUN, table_file
from transforms.plumbing.storage import exists, read_bytes
from transforms.records import Article
from transforms.results import (
    AlsoRead,
    Change,
    Cluster,
    Collision,
    Coverage,
    Dendrogram,
    Duplicate,
    Links,
    LinkToSet,
    MapPoint,
    Member,
    Metric,
    NextMethod,
    Note,
    ProposedTag,
    ReaderThemes,
    ReadingGaps,
    Recommended,
    Rejected,
    Related,
    Skipped,
    TagIssue,
    TagTree,
    Thumbnail,
    Translated,
    UnresolvedLink,
    as_row,
)

RECORDS: Mapping[str, type[Any]] = {
    "articles": Article,
    "related": Related,
    "tags": Recommended,
    "proposed_tags": ProposedTag,
    "clusters": Cluster,
    "members": Member,
    "dendrogram": Dendrogram,
    "tag_tree": TagTree,
    "map": MapPoint,
    "links": Links,
    "suggested_links": LinkToSet,
    "unresolved_links": UnresolvedLink,
    "translations": Translated,
    "thumbnails": Thumbnail,
    "duplicates": Duplicate,
    "metrics": Metric,
    "coverage": Coverage,
    "tag_issues": TagIssue,
    "rejected": Rejected,
    "skipped": Skipped,
    "notes": Note,
    "collisions": Collision,
    "changes": Change,
    "also_read": AlsoRead,
    "next": NextMethod,
    "reader_themes": ReaderThemes,
    "reading_gaps": ReadingGaps,
}
DOCUMENTS = ("metrics", "clusters")
"""The tables whose rows stand inside of one JSON document, under their own name."""
COUNTED = ("articles", "links", "unresolved_links", "translations", "members", "changes")
"""The tables of which every row is read, whether the report shows it or not."""
LIMITS: Mapping[str, int] = {RUN: 4 << 20, table_file("metrics"): 1 << 20}
TABLE_LIMIT = 512 << 20
"""The bytes that are read of a file, and of one of a table; one that has more is not what postkin writes."""
MAX_CHARS = 200
"""So much is quoted of what is wrong with a file."""
OBJECT = msgspec.json.Decoder(dict[str, Any])

Kind = TypeVar("Kind")


class LoadError(ValueError):
    """A folder holds no run that can be read; its message says in one line why."""


class NoRunError(LoadError):
    """A folder holds no run."""


class OtherFormatError(LoadError):
    """A folder holds a run of another format than this version writes."""


@dataclass(frozen=True)
class StoredFile:
    """A file of a table as run.json describes it; `file` is below the run's folder."""

    file: str
    sha256: str


@dataclass(frozen=True)
class StoredRun:
    """A run's folder, and its run.json of the format that this version writes."""

    folder: str
    content: dict[str, Any]

    def read_as(self, kind: type[Kind], *keys: str) -> Kind:
        """Return run.json, or what it has under keys inside of each other, as a kind; raises LoadError if it is none.

        Fields that the kind does not have are passed over.
        """
        value: Any = self.content
        for key in keys:
            value = value.get(key) if isinstance(value, dict) else None
        place = ", ".join((RUN, ".".join(keys))) if keys else RUN
        found: Kind = _parse(self.folder, place, msgspec.convert, value, kind)
        return found

    @property
    def corpus_size(self) -> int:
        """The number of posts of the run; raises LoadError when run.json does not say it."""
        return self.read_as(int, "counts", "parsed")

    @property
    def tables(self) -> tuple[str, ...]:
        """The tables of rows that the run has; raises LoadError when run.json describes none."""
        described = self.read_as(dict[str, Any], "tables")
        return tuple(table for table in RECORDS if table in described or table not in OPTIONAL)

    def files(self, table: str) -> tuple[StoredFile, ...]:
        """Return the files of a table in their order; raises LoadError when run.json describes none."""
        if "shards" in self.read_as(dict[str, Any], "tables", table):
            return self.read_as(tuple[StoredFile, ...], "tables", table, "shards")
        return (self.read_as(StoredFile, "tables", table),)

    def records(self, table: str, file: StoredFile) -> Iterator[Any]:
        """Read the records of a table's file, those that a report of the run counts or shows.

        Raises LoadError when the file is missing, was changed since, or has a row of another shape.
        """
        kind, corpus_size = RECORDS[table], self.corpus_size
        for place, row in self._rows(table, file):
            if table in COUNTED or shows(table, row.get("id", ""), corpus_size):
                yield _parse(self.folder, place, to_record, kind, row)

    def all_records(self, table: str, file: StoredFile) -> Iterator[Any]:
        """Read all records of a table's file; raises LoadError as above."""
        for place, row in self._rows(table, file):
            yield _parse(self.folder, place, to_record, RECORDS[table], row)

    def table(self, table: str) -> Iterator[Any]:
        """Read all records of a table; raises LoadError as above."""
        for file in self.files(table):
            yield from self.all_records(table, file)

    def rows(self, table: str, file: StoredFile) -> Iterator[dict[str, Any]]:
        """Read all rows of a table's file; raises LoadError when it is missing, was changed since, or has none."""
        for _, row in self._rows(table, file):
            yield row

    def read_rows(self, table: str, kind: type[Kind]) -> Iterator[Kind]:
        """Read all rows of a table as a kind, passing over fields that it does not have; raises LoadError as above."""
        for file in self.files(table):
            for place, row in self._rows(table, file):
                found: Kind = _parse(self.folder, place, msgspec.convert, row, kind)
                yield found

    def read(self, file: StoredFile) -> bytes:
        """Read a table's file; raises LoadError when it is missing or was changed since."""
        path = _path_of(self.folder, file)
        content = _read(self.folder, path)
        if hashlib.sha256(content).hexdigest() != file.sha256:
            raise LoadError(f"{self.folder}/{path} is not the file that {RUN} describes; run postkin report again")
        return content

    def _rows(self, table: str, file: StoredFile) -> Iterator[tuple[str, dict[str, Any]]]:
        """Read the rows of a table's file, each with the place where it stands."""
        path, content = _path_of(self.folder, file), self.read(file)
        if table in DOCUMENTS:
            rows = _read_object(self.folder, path, content).get(table)
            for row in _parse(self.folder, f"{path}, {table}", msgspec.convert, rows, list[dict[str, Any]]):
                yield path, row
        else:
            for number, line in enumerate(content.splitlines(), start=1):
                place = f"{path}, line {number}"
                yield place, _read_object(self.folder, place, line)


def open_run(folder: str) -> StoredRun:
    """Read a folder's run.json; raises LoadError when there is none, or none of the format that this version writes."""
    content = _read_object(folder, RUN, _read(folder, RUN))
    found = content.get("format")
    if found != FORMAT:
        written = f"format {found}" if isinstance(found, int) else "an earlier format"
        raise OtherFormatError(
            f"{folder!r} holds a run of {written}, and this version of postkin reads format {FORMAT};"
            " run postkin report again with this version"
        )
    return StoredRun(folder, content)


def to_record(kind: type[Kind], row: Mapping[str, Any]) -> Kind:
    """Make a record of the row that `as_row` makes of it, nested records included; JSON's lists become tuples.

    Raises msgspec.ValidationError where the row has another shape, or other fields in it than the record has.
    """
    record = msgspec.convert(row, kind)
    if not row.items() <= as_row(record).items():
        raise msgspec.ValidationError(f"Its fields are not those of {kind.__name__}")
    return record


def _path_of(folder: str, described: StoredFile) -> str:
    """Return a table's file below the run's folder; raises LoadError for one that is not below it."""
    file = f"data/{described.file.removeprefix('data/')}"
    if ".." in file.split("/") or not file.isprintable():
        raise LoadError(f"{folder}/{RUN} names {file!r}, which is not below the folder")
    return file


def _read_object(folder: str, place: str, content: bytes) -> dict[str, Any]:
    return _parse(folder, place, OBJECT.decode, content)


def _parse(folder: str, place: str, parse: Callable[..., Kind], *values: Any) -> Kind:
    """Parse what stands at a place in a run's folder; raises LoadError where it is not as postkin writes it."""
    try:
        return parse(*values)
    except msgspec.ValidationError as error:
        raise LoadError(f"{folder!r} holds no run of this version of postkin: {place}: {_line(error)}") from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise LoadError(f"{f'{folder}/{place}'!r} is not JSON: {_line(error)}") from None


def _line(error: Exception) -> str:
    """What is wrong, in one line, whatever it quotes."""
    return repr(str(error))[1:-1][:MAX_CHARS]


def _read(folder: str, file: str) -> bytes:
    path, limit = f"{folder}/{file}", LIMITS.get(file, TABLE_LIMIT)
    try:
        content = read_bytes(path, limit + 1) if exists(path) else None
    except Exception as error:  # noqa: BLE001  a filesystem's own
        reason = (str(error).strip().splitlines() or [type(error).__name__])[0]
        raise LoadError(f"{path!r} cannot be read: {reason}") from None
    if content is None:
        kind = NoRunError if file == RUN else LoadError
        raise kind(f"{folder!r} holds no {file}; give an output folder of postkin report")
    if len(content) > limit:
        raise LoadError(f"{path!r} is larger than {limit >> 20} MiB, which no run's is")
    return content
