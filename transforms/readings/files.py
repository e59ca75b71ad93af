"""Reading logs as files: found, told apart, and read row by row, whatever their size and whatever is in them."""

from __future__ import annotations

import csv
import glob
import gzip
import io
import itertools
import os
import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

import msgspec

from transforms.limits import LOG_ARRAY_BYTES, LOG_BYTES, LOG_EXPANSION, LOG_ROW_BYTES
from transforms.plumbing.storage import is_remote, match, open_file
from transforms.readings.access_logs import is_access_line, read_access_line
from transforms.readings.formats import (
    COLUMNS,
    COMBINED,
    FORMATS,
    NAMES,
    TABLE,
    AggregatedError,
    Fields,
    Names,
    Reader,
    find_columns,
    format_of,
    table_reader,
)
from transforms.readings.page_view import Drop, PageView, Row
from transforms.readings.times import LATEST

LOOKED_AT = 20
"""Rows that tell what a file is."""
_HEAD_BYTES = 1 << 16
_GZIP, _PARQUET = b"\x1f\x8b", b"PAR1"
_BATCH_ROWS = 1024
_SLACK = 64 << 20
"""So many bytes may come of a file of any size."""
_DAMAGE = (EOFError, zlib.error, gzip.BadGzipFile)


class LogError(ValueError):
    """A file holds no reading log; its message says in one line why, without quoting what is in it."""


class Log(NamedTuple):
    """A log that is open: its format, and what each of its rows is, with the number of its line or row, from 1."""

    format: str
    rows: Iterator[tuple[int, Row]]


@dataclass(frozen=True)
class LogReader:
    """What was told of logs: their format (None: to be told by each file), and the columns of plain tables.

    Views are before the second `end`, whatever a log says: a clock that is wrong would be the log's last day.
    """

    format: str | None = None
    names: Names = field(default_factory=lambda: NAMES)
    end: int = LATEST

    def check(self, path: str) -> None:
        """Raise LogError when a file is no log that can be read, and OSError when it cannot be opened."""
        with self.opened(path):
            pass

    @contextmanager
    def opened(self, path: str) -> Iterator[Log]:
        """Open a file; raises LogError and OSError as `check` does. An empty one has no format."""
        with _opened(path) as stream:
            head = stream.peek()
            if not head.strip():
                yield Log("empty", iter([(1, stream.cut)] if stream.cut else ()))
                return
            rows = _rows(path, stream, self._kind(head), self.names)
            first = list(itertools.islice(rows, LOOKED_AT))
            name, read = self._format(path, [row for _, row in first])
            first = [(number, row) for number, row in first if not isinstance(row, _Header)]
            _check_rows(path, name, _read_rows(first, read, self.end))
            yield Log(name, _read_rows(itertools.chain(first, rows), read, self.end))

    def _kind(self, head: bytes) -> str:
        if head.startswith(_PARQUET):
            return "parquet"
        lines = head.decode("utf-8-sig", errors="replace").splitlines()[:LOOKED_AT]
        if self.format in (None, COMBINED) and any(map(is_access_line, lines)):
            return "lines"
        start = head.removeprefix(b"\xef\xbb\xbf").lstrip()[:1]
        return {b"[": "array", b"{": "objects"}.get(start, "table")

    def _format(self, path: str, first: Sequence[Any]) -> tuple[str, Reader]:
        """The format of a file by its first rows, and what reads them."""
        if any(isinstance(row, bytes) for row in first):
            return COMBINED, _read_line
        if first == ["beyond_limit"]:
            raise LogError(f"{path!r} is a JSON array of more than {LOG_ARRAY_BYTES >> 20} MiB; give it in parts")
        names = list(dict.fromkeys(name for row in first if isinstance(row, dict) for name in row))
        try:
            found = self.format or format_of(names, self.names)
        except AggregatedError as error:
            raise LogError(f"{path!r} {error}") from None
        if found == TABLE:
            columns = find_columns(names, self.names)
            columns.setdefault("reader", columns.get("session", ""))
            for role in (role for role in ("reader", "time", "path") if not columns.get(role)):
                raise LogError(f"{path!r} has no column of the {role}; name it as --readings-field {role}=NAME")
            return TABLE, table_reader(names, self.names)
        if found and found in FORMATS and all(name in names for name in FORMATS[found].known_by):
            return found, FORMATS[found].read
        of = f" of {self.format}" if self.format else " that is known"
        raise LogError(
            f"{path!r} is no reading log{of}; give one of Google Analytics 4, GoatCounter, Umami, Matomo, Cloudflare, a"
            " web server's in the combined format, or a table of reader, time and path"
        )


def _check_rows(path: str, name: str, rows: Iterable[tuple[int, Row]]) -> None:
    """Raise LogError when no row is a view and most are unreadable: columns have other names than the format says."""
    found = [row for _, row in rows]
    if 2 * found.count("unreadable") > len(found) and not any(isinstance(row, PageView) for row in found):
        raise LogError(
            f"{path!r} looks like {name}, but none of its first rows has an address and a time that can be read; where"
            " columns have other names, give --readings-format table and --readings-field path=NAME"
        )


def _read_rows(rows: Iterable[tuple[int, Any]], read: Reader, end: int) -> Iterator[tuple[int, Row]]:
    """Read rows; whatever is wrong with one it is `unreadable`, and what is wrong is not said: it may quote the row."""
    for number, row in rows:
        try:
            found: Row | list[Row] = row if isinstance(row, str) else read(row)  # type: ignore[assignment]
        except Exception:  # noqa: BLE001  whatever it is, it is of this row
            found = "unreadable"
        for one in found if isinstance(found, list) else (found,):
            yield number, "future" if isinstance(one, PageView) and one.second >= end else one


def list_logs(patterns: Iterable[str]) -> list[str]:
    """List the files that patterns name, each once and in order: a file, a folder (all files below it) or a glob.

    Hidden files are passed over. Raises FileNotFoundError for a pattern that names none.
    """
    found: dict[str, None] = {}
    for pattern in patterns:
        paths = _list_remote(pattern) if is_remote(pattern) else _list_local(pattern)
        if not paths:
            raise FileNotFoundError(f"{pattern!r} names no file; give a log, a folder of logs or a glob (quote it)")
        found.update(dict.fromkeys(paths))
    return sorted(found)


def _list_local(pattern: str) -> list[str]:
    if os.path.isfile(pattern):  # noqa: PTH113  patterns are text
        return [os.path.normpath(pattern)]
    everything = f"{glob.escape(pattern)}/**" if Path(pattern).is_dir() else pattern
    paths = map(os.path.normpath, glob.iglob(everything, recursive=True))  # noqa: PTH207
    return [path for path in paths if Path(path).is_file()]


def _list_remote(pattern: str) -> list[str]:
    found = match(pattern) or match(f"{pattern.rstrip('/')}/**")
    return [path for path, _, _ in found if not path.rpartition("/")[2].startswith(".") and not path.endswith("/")]


class _Opened(io.BufferedReader):
    """A file, unpacked where it is packed, that ends where it is damaged or larger than any that is read."""

    raw: _Limited

    def peek(self, size: int = _HEAD_BYTES) -> bytes:
        """Return the first bytes."""
        return super().peek(size)

    @property
    def cut(self) -> Drop | None:
        """Why the rest was left out, None where nothing was."""
        return self.raw.cut


class _Limited(io.RawIOBase):
    """At most LOG_BYTES of a file, and LOG_EXPANSION times as many as it has packed."""

    def __init__(self, packed: BinaryIO) -> None:
        self.packed = packed
        head = packed.read(2)
        packed.seek(0)
        self.unpacked: Any = gzip.GzipFile(fileobj=packed) if head == _GZIP else packed
        self.size = 0
        self.cut: Drop | None = None

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        try:
            content = b"" if self.cut else self.unpacked.read(len(buffer))
        except _DAMAGE:
            self.cut, content = "unreadable", b""
        self.size += len(content)
        packed = self.unpacked is not self.packed
        if self.size > LOG_BYTES or (packed and self.size > _SLACK + LOG_EXPANSION * self.packed.tell()):
            self.cut, content = "beyond_limit", b""
        buffer[: len(content)] = content
        return len(content)


@contextmanager
def _opened(path: str) -> Iterator[_Opened]:
    with open_file(path, "rb") as packed, _Opened(_Limited(packed), _HEAD_BYTES) as stream:
        yield stream


def _rows(path: str, stream: _Opened, kind: str, names: Names) -> Iterator[tuple[int, Any]]:
    """The rows of a file with their numbers: a dict, the bytes of a line of text, or why there is none."""
    if kind == "parquet":
        return _parquet_rows(path, names)
    if kind == "array":
        return _array_rows(stream)
    lines = _lines(stream)
    if kind == "table":
        return _table_rows(lines)
    return (
        (number, _object(line) if kind == "objects" and isinstance(line, bytes) else line) for number, line in lines
    )


def _lines(stream: _Opened) -> Iterator[tuple[int, bytes | str]]:
    number = 0
    while line := stream.readline(LOG_ROW_BYTES):
        number += 1
        if len(line) == LOG_ROW_BYTES and not line.endswith(b"\n"):
            while line and not line.endswith(b"\n"):
                line = stream.readline(LOG_ROW_BYTES)
            yield number, "too_long"
        elif line.strip():
            yield number, line
    if stream.cut:
        yield number + 1, stream.cut


def _read_line(line: bytes) -> Row:
    return read_access_line(line.decode(errors="replace").rstrip("\r\n"))


def _object(line: bytes) -> Any:
    try:
        row = msgspec.json.decode(line.removeprefix(b"\xef\xbb\xbf"))
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
        return "unreadable"
    return row if isinstance(row, dict) else "unreadable"


def _array_rows(stream: _Opened) -> Iterator[tuple[int, Any]]:
    """The objects of a JSON array, which is read whole."""
    content = stream.read(LOG_ARRAY_BYTES + 1)
    if len(content) > LOG_ARRAY_BYTES or stream.cut:
        yield 1, stream.cut or "beyond_limit"
        return
    try:
        rows = msgspec.json.decode(content.removeprefix(b"\xef\xbb\xbf"), type=list[msgspec.Raw])
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
        yield 1, "unreadable"
        return
    for number, row in enumerate(rows, start=1):
        yield number, "too_long" if len(row) > LOG_ROW_BYTES << 4 else _object(bytes(row))


class _Header(dict[str, None]):
    """The names of a table's columns, in the place of its first row."""


def _table_rows(lines: Iterator[tuple[int, bytes | str]]) -> Iterator[tuple[int, Any]]:
    """The rows of CSV by the names of the columns, which stand in the first line."""
    at = [0]
    wrong: list[tuple[int, str]] = []

    def texts() -> Iterator[str]:
        for number, line in lines:
            at[0] = number
            if isinstance(line, bytes):
                yield line.decode("utf-8-sig" if number == 1 else "utf-8", errors="replace").replace("\0", "")
            else:
                wrong.append((number, line))

    source = texts()
    header = next(source, "")
    delimiter = max(",;\t", key=header.count)
    try:
        names = next(csv.reader([header], delimiter=delimiter), [])
    except csv.Error:
        names = []
    yield 1, _Header.fromkeys(names)
    rows = csv.reader(source, delimiter=delimiter)
    while True:
        try:
            row = next(rows)
        except StopIteration:
            yield from wrong
            return
        except csv.Error:
            yield at[0], "unreadable"
            continue
        yield at[0], dict(zip(names, row, strict=True)) if len(row) == len(names) else "unreadable"


def _parquet_rows(path: str, names: Names) -> Iterator[tuple[int, Fields | str]]:
    """The rows of a Parquet file, of which the columns are read that any format has, or a plain table.

    Raises LogError for a damaged file.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    number = 1
    try:
        with open_file(path, "rb") as stream, pq.ParquetFile(stream) as parquet:
            groups = range(parquet.metadata.num_row_groups)
            there = parquet.schema_arrow.names
            known = COLUMNS.union(find_columns(there, names).values())
            columns = [name for name in there if name in known] or there
            sizes = [parquet.metadata.row_group(group).total_byte_size for group in groups]
            for group in groups:
                if sum(sizes[: group + 1]) > LOG_BYTES or sizes[group] > LOG_ARRAY_BYTES << 2:
                    yield number, "beyond_limit"
                    return
                for batch in parquet.iter_batches(_BATCH_ROWS, row_groups=[group], columns=columns, use_threads=False):
                    for row in batch.to_pylist():
                        yield number, row
                        number += 1
    except (pa.ArrowException, UnicodeDecodeError, OSError) as error:
        if isinstance(error, OSError) and error.errno is not None:  # it cannot be reached now
            raise
        if number == 1:
            raise LogError(f"{path!r} is no Parquet file that can be read") from None
        yield number, "unreadable"
