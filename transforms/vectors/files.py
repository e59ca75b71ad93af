"""Parquet files of given vectors: finding them, checking their columns, and reading their rows a batch at a time."""

from __future__ import annotations

import glob
import itertools
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from pyarrow import compute, types

from transforms.plumbing.storage import is_remote, match, open_file

SUFFIX = ".parquet"
BATCH_BYTES = 16 * 2**20
"""About so many bytes of float32 vectors are read at a time."""
MAX_ROWS = 2**16
MAX_ROWS_PER_BYTE = 8
"""A file that claims more rows is damaged, or was made to keep readers busy: a row takes more than a bit."""
MAX_DIM = 2**12
"""Memory grows with the square of a vector's length: these take about 7 GB, and few models have longer ones."""
_READ_AHEAD = 2**20
_LOOKED_AT = 1024
"""The vectors of a file have the length that most of so many of its first rows have."""


class VectorsError(ValueError):
    """Vectors cannot be read from what was given; its message says in one line why."""


@dataclass(frozen=True)
class RowGroup:
    """A part of a Parquet file: its number, that of its first row (from 1), its rows, and the length of a vector.

    `file` is the file's path below the folder that all of the files are in.
    """

    path: str
    file: str
    number: int
    first: int
    rows: int
    dim: int


def list_row_groups(patterns: Iterable[str]) -> list[RowGroup]:
    """List the row groups of every Parquet file that the patterns name, in the order of files and rows.

    A pattern is a file, a folder (all .parquet files below it) or a glob. Raises VectorsError where there is no such
    file, one cannot be read, its columns are not those of vectors, or vectors differ in length between files.
    """
    found = {_place(path): path for pattern in patterns for path in list_files(pattern)}
    paths = sorted(found.values())
    folders = zip(*(path.split("/")[:-1] for path in paths), strict=False)
    shared = sum(1 for _ in itertools.takewhile(lambda names: len(set(names)) == 1, folders))
    groups = [group for path in paths for group in _row_groups(path, "/".join(path.split("/")[shared:]))]
    dims = sorted({(group.dim, group.path) for group in groups})
    if not groups:
        raise VectorsError(f"{paths[0]!r} has no rows; give a file of vectors")
    if dims[0][0] != dims[-1][0]:
        (least, short), (most, long) = dims[0], dims[-1]
        raise VectorsError(
            f"{short!r} has vectors of {least} dimensions and {long!r} of {most}; give those of one model"
        )
    return groups


def list_files(pattern: str) -> list[str]:
    """List the Parquet files that a pattern names; raises VectorsError when there are none."""
    found = _list_remote(pattern) if is_remote(pattern) else _list_local(pattern)
    if not found:
        raise VectorsError(f"{pattern!r} names no {SUFFIX} file; give a file, a folder or a glob (quote it)")
    return found


def check_schema(schema: pa.Schema, path: str) -> None:
    """Raise VectorsError unless a file's columns are those of vectors; columns of other names do not matter."""
    for name in ("id", "vector"):
        if name not in schema.names:
            raise VectorsError(f"{path!r} has no column {name}; give id (string) and vector (list of floats)")
    for name, (is_right, wanted) in COLUMNS.items():
        fields = [field for field in schema if field.name == name]
        if len(fields) > 1:
            raise VectorsError(f"{path!r} has {len(fields)} columns {name}; give one")
        for kind in (field.type for field in fields):
            if not is_right(kind) and not (_holds_nothing(kind) and name not in ("id", "vector")):
                raise VectorsError(f"{path!r}: column {name} holds {kind}; give {wanted}")


def read_batches(group: RowGroup) -> Iterator[tuple[int, pa.RecordBatch]]:
    """Read a row group's known columns in batches, each with the number of its first row.

    Raises pyarrow's errors where the file is damaged. A column of a type without values is left out: pyarrow cannot
    read each of them.
    """
    size = min(MAX_ROWS, max(1, BATCH_BYTES // (4 * group.dim)))
    first = group.first
    with _opened(group.path) as file:
        schema = file.schema_arrow
        columns = [name for name in COLUMNS if name in schema.names and not _holds_nothing(schema.field(name).type)]
        for batch in file.iter_batches(size, row_groups=[group.number], columns=columns, use_threads=False):
            yield first, batch
            first += len(batch)


def is_damage(error: Exception) -> bool:
    """Tell a damaged file from one that cannot be reached now, by the error that reading it has raised."""
    return isinstance(error, pa.ArrowInvalid | pa.ArrowNotImplementedError) or (
        type(error) is OSError and error.errno is None
    )


def lists_of(column: pa.Array) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """Return a column of lists as the numbers of all its rows, NaN for null, and the length of each row, 0 for null."""
    if isinstance(column, pa.ExtensionArray):
        column = column.storage
    lengths = compute.list_value_length(column).fill_null(0)
    return column.flatten().to_numpy(zero_copy_only=False), lengths.to_numpy()


def _row_groups(path: str, file: str) -> Iterator[RowGroup]:
    with _opened(path) as parquet:
        check_schema(parquet.schema_arrow, path)
        dim = _dim(parquet)
        if parquet.metadata.num_rows and not dim:
            raise VectorsError(f"{path!r} has no vectors in its first rows; give vectors of one length")
        if dim > MAX_DIM:
            raise VectorsError(f"{path!r} has vectors of {dim:,} dimensions; give at most {MAX_DIM:,}")
        first = 1
        for number, rows in enumerate(_row_counts(parquet)):
            if rows:
                yield RowGroup(path, file, number, first, rows, dim)
            first += rows


def _row_counts(parquet: pq.ParquetFile) -> list[int]:
    return [parquet.metadata.row_group(number).num_rows for number in range(parquet.num_row_groups)]


def _dim(parquet: pq.ParquetFile) -> int:
    """The length of a file's vectors, 0 where it has none."""
    kind = _plain(parquet.schema_arrow.field("vector").type)
    if types.is_fixed_size_list(kind):
        return int(kind.list_size)
    for number in range(parquet.num_row_groups):
        try:
            batches = parquet.iter_batches(_LOOKED_AT, row_groups=[number], columns=["vector"], use_threads=False)
            lengths = lists_of(next(batches).column(0))[1]
        except (pa.ArrowException, OSError, StopIteration) as error:
            if isinstance(error, StopIteration) or is_damage(error):
                continue
            raise
        found, counts = np.unique(lengths[lengths > 0], return_counts=True)
        return int(found[np.argmax(counts)]) if len(found) else 0
    return 0


@contextmanager
def _opened(path: str) -> Iterator[pq.ParquetFile]:
    try:
        with open_file(path, "rb") as stream:
            try:
                file = pq.ParquetFile(stream, buffer_size=_READ_AHEAD)
                _ = file.schema_arrow.names
            except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
                raise VectorsError(f"{path!r} is not a Parquet file: {_line(error)}") from None
            counts, size = _row_counts(file), stream.seek(0, os.SEEK_END)
            if min(counts, default=0) < 0 or sum(counts) > MAX_ROWS_PER_BYTE * size:
                raise VectorsError(f"{path!r} claims {sum(counts):,} rows in {size:,} bytes; write it anew")
            yield file
    except OSError as error:
        if error.errno is None:
            raise
        raise VectorsError(f"{path!r} cannot be read: {error.strerror}") from None


def _line(error: Exception) -> str:
    return " ".join(str(error).split())[:120]


def _place(path: str) -> str:
    return path if is_remote(path) else os.path.realpath(path)


def _list_local(pattern: str) -> list[str]:
    path = Path(pattern)
    if path.is_file():
        return [str(path)]
    if path.is_dir():
        found = (file.relative_to(path) for file in path.rglob(f"*{SUFFIX}"))
        return [str(path / file) for file in found if (path / file).is_file() and _is_shown(file.parts)]
    matched = glob.glob(pattern, recursive=True)  # noqa: PTH207  Path.glob takes no absolute pattern
    return [file for file in matched if file.endswith(SUFFIX) and Path(file).is_file()]


def _list_remote(pattern: str) -> list[str]:
    if pattern.endswith(SUFFIX) or any(sign in pattern for sign in "*?["):
        return [path for path, _, _ in match(pattern) if path.endswith(SUFFIX)]
    folder = f"{pattern.rstrip('/')}/"
    found = [path for path, _, _ in match(f"{folder}**{SUFFIX}")]
    return [path for path in found if _is_shown(path.removeprefix(folder).split("/"))]


def _is_shown(names: Sequence[str]) -> bool:
    return not any(name.startswith((".", "_")) for name in names)


def _plain(kind: pa.DataType) -> pa.DataType:
    """The type of the values themselves, however they are encoded and whatever they mean."""
    if isinstance(kind, pa.BaseExtensionType):
        return _plain(kind.storage_type)
    return kind.value_type if types.is_dictionary(kind) else kind


def _is_text(kind: pa.DataType) -> bool:
    plain = _plain(kind)
    return bool(types.is_string(plain) or types.is_large_string(plain) or types.is_string_view(plain))


def _is_date(kind: pa.DataType) -> bool:
    return _is_text(kind) or bool(types.is_date(kind)) or (types.is_timestamp(kind) and _has_known_zone(kind))


def _has_known_zone(kind: pa.DataType) -> bool:
    try:
        pa.scalar(0, kind).as_py()
    except Exception:  # noqa: BLE001  whatever library knows the zones has errors of its own
        return False
    return True


def _items(kind: pa.DataType) -> pa.DataType | None:
    """The type of a list's items, None of what is no list."""
    kind = _plain(kind)
    is_list = (
        types.is_list(kind)
        or types.is_large_list(kind)
        or types.is_fixed_size_list(kind)
        or types.is_list_view(kind)
        or types.is_large_list_view(kind)
    )
    return kind.value_type if is_list else None


def _holds_nothing(kind: pa.DataType) -> bool:
    items = _items(kind)
    return bool(types.is_null(kind)) or (items is not None and _holds_nothing(items))


def _are_texts(kind: pa.DataType) -> bool:
    items = _items(kind)
    return items is not None and _is_text(items)


def _are_numbers(kind: pa.DataType) -> bool:
    items = _items(kind)
    return items is not None and bool(types.is_floating(items) or types.is_integer(items))


def _is_whole(kind: pa.DataType) -> bool:
    return bool(types.is_integer(kind))


COLUMNS: Mapping[str, tuple[Callable[[pa.DataType], bool], str]] = {
    "id": (_is_text, "strings"),
    "vector": (_are_numbers, "lists of floats"),
    "title": (_is_text, "strings"),
    "date": (_is_date, "strings such as 2022-05-06"),
    "tags": (_are_texts, "lists of strings"),
    "categories": (_are_texts, "lists of strings"),
    "language": (_is_text, "strings"),
    "url": (_is_text, "strings"),
    "path": (_is_text, "strings"),
    "views": (_is_whole, "whole numbers"),
}
"""What each known column may hold, and how to say so; only id and vector must be there."""
