"""The tables of a published run, read back into records."""

from __future__ import annotations

import hashlib
import json
import types
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from functools import cache
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

from transforms.layout import RUN
from transforms.records import (
    Article,
    Cluster,
    Collision,
    Coverage,
    Dendrogram,
    Duplicate,
    Links,
    MapPoint,
    Metric,
    Recommended,
    Rejected,
    Related,
    Skipped,
    TagIssue,
    TagTree,
    Thumbnail,
)
from transforms.storage import read_bytes

RECORDS: Mapping[str, type[Any]] = {
    "articles": Article,
    "related": Related,
    "tags": Recommended,
    "clusters": Cluster,
    "dendrogram": Dendrogram,
    "tag_tree": TagTree,
    "map": MapPoint,
    "links": Links,
    "thumbnails": Thumbnail,
    "duplicates": Duplicate,
    "metrics": Metric,
    "coverage": Coverage,
    "tag_issues": TagIssue,
    "rejected": Rejected,
    "skipped": Skipped,
    "collisions": Collision,
}
INSIDE = {"metrics": "metrics", "clusters": "clusters"}
"""The tables whose rows stand inside of one JSON document, and where."""

Record = TypeVar("Record")


class LoadError(ValueError):
    """A folder holds no run that can be read; its message says in one line why."""


def load_run(folder: str) -> tuple[dict[str, Any], dict[str, list[Any]]]:
    """Read run.json and the records of every table that it describes, all but the vectors.

    Raises LoadError when a file is missing, was changed since, or is not as postkin writes it.
    """
    try:
        run: dict[str, Any] = json.loads(_read(f"{folder}/{RUN}"))
        described = {name: run["tables"][name] for name in RECORDS}
        return run, {name: load_table(folder, name, table) for name, table in described.items()}
    except (KeyError, TypeError, ValueError) as error:
        if isinstance(error, LoadError):
            raise
        raise LoadError(f"{folder!r} holds no run of this version of postkin: {error!r}") from None


def load_table(folder: str, name: str, described: Mapping[str, Any]) -> list[Any]:
    """Read a table's records from the file that run.json describes; raises LoadError as `load_run` does."""
    file = f"data/{described['file'].removeprefix('data/')}"
    if ".." in file.split("/"):
        raise LoadError(f"{folder}/{RUN} names {file!r}, which is not below the folder")
    content = _read(f"{folder}/{file}")
    if hashlib.sha256(content).hexdigest() != described["sha256"]:
        raise LoadError(f"{folder}/{file} is not the file that {RUN} describes; run postkin report again")
    rows = json.loads(content)[INSIDE[name]] if name in INSIDE else map(json.loads, content.splitlines())
    return [to_record(RECORDS[name], row) for row in rows]


def to_record(kind: type[Record], row: Any) -> Record:
    """Make a record of what `as_row` made of one, nested ones included; raises ValueError where the row is another."""
    if not isinstance(row, dict):
        raise ValueError(f"{row!r} is no row of {kind.__name__}")  # noqa: TRY004  a file's fault
    hints = _hints(kind)  # type: ignore[arg-type]
    return kind(**{name: _value(hints[name], value) for name, value in row.items()})


@cache
def _hints(kind: Any) -> dict[str, Any]:
    hints = get_type_hints(kind)
    return {field.name: hints[field.name] for field in fields(kind)}


def _value(hint: Any, value: Any) -> Any:
    if get_origin(hint) is tuple:
        if not isinstance(value, list):
            raise ValueError(f"{value!r} is no list")
        return tuple(_value(get_args(hint)[0], item) for item in value)
    if is_dataclass(hint) and isinstance(hint, type):
        return to_record(hint, value)
    one_of = get_origin(hint) in (Union, types.UnionType)
    kinds = get_args(hint) if one_of else (str,) if get_args(hint) else (hint,)  # a Literal is text
    if isinstance(value, bool) != (bool in kinds) or not isinstance(value, kinds):
        raise ValueError(f"{value!r} is not {hint}")
    return value


def _read(path: str) -> bytes:
    try:
        return read_bytes(path)
    except Exception as error:  # noqa: BLE001  a filesystem's own
        raise LoadError(f"{path!r} cannot be read: {str(error).strip() or type(error).__name__}") from None
