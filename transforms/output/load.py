"""A published run, read back: run.json, and of its tables what a report is made of."""

from __future__ import annotations

import hashlib
import json
import types
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from functools import cache
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from transforms.output.extract import Extract, shows
from transforms.output.layout import FORMAT, RUN
from transforms.plumbing.storage import read_bytes
from transforms.records import Article
from transforms.results import (
    Cluster,
    Collision,
    Coverage,
    Dendrogram,
    Duplicate,
    Links,
    MapPoint,
    Member,
    Metric,
    Recommended,
    Rejected,
    Related,
    Skipped,
    TagIssue,
    TagTree,
    Thumbnail,
)

RECORDS: Mapping[str, type[Any]] = {
    "articles": Article,
    "related": Related,
    "tags": Recommended,
    "clusters": Cluster,
    "members": Member,
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
COUNTED = ("articles", "links")
"""The tables of which every row is counted, whether the report shows it or not."""

Record = TypeVar("Record")


class LoadError(ValueError):
    """A folder holds no run that can be read; its message says in one line why."""


def load_run(folder: str) -> tuple[dict[str, Any], Extract]:
    """Read run.json and what a report is made of, shard by shard, from every table that it describes but the vectors.

    Raises LoadError when a file is missing, was changed since, or is not as this version of postkin writes it.
    """
    try:
        run: dict[str, Any] = json.loads(_read(f"{folder}/{RUN}"))
        check_format(run, folder)
        described = {name: _shards(run["tables"][name]) for name in RECORDS}
        files = run["counts"]["read"]
        extract = Extract()
        for name, shards in described.items():
            if name not in ("articles", "members"):
                for shard in shards:
                    for record in load_records(folder, name, shard, files):
                        extract.add(name, record, files)
        for articles, members in zip(described["articles"], described["members"], strict=True):
            _add_articles(extract, folder, articles, members, files)
        return run, extract.close()
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        if isinstance(error, LoadError):
            raise
        raise LoadError(f"{folder!r} holds no run of this version of postkin: {error!r}") from None


def check_format(run: Mapping[str, Any], folder: str) -> None:
    """Raise LoadError unless a folder's run.json has the format that this version writes."""
    found = run.get("format")
    if found != FORMAT:
        written = f"format {found}" if isinstance(found, int) else "an earlier format"
        raise LoadError(
            f"{folder!r} holds a run of {written}, and this version of postkin reads format {FORMAT};"
            " run postkin report again with this version"
        )


def load_records(folder: str, name: str, described: Mapping[str, Any], corpus_size: int) -> Iterator[Any]:
    """Read the records of a file that run.json describes, those that a report of so many files counts or shows.

    Raises LoadError as `load_run` does.
    """
    for row in load_rows(folder, name, described):
        if name in COUNTED or shows(name, row.get("id", ""), corpus_size):
            yield to_record(RECORDS[name], row)


def load_rows(folder: str, name: str, described: Mapping[str, Any]) -> Iterator[Any]:
    """Read the rows of a table's file that run.json describes; raises LoadError as `load_run` does."""
    content = load_file(folder, described)
    yield from json.loads(content)[INSIDE[name]] if name in INSIDE else map(json.loads, content.splitlines())


def load_file(folder: str, described: Mapping[str, Any]) -> bytes:
    """Read a table's file that run.json describes; raises LoadError as `load_run` does."""
    file = f"data/{described['file'].removeprefix('data/')}"
    if ".." in file.split("/"):
        raise LoadError(f"{folder}/{RUN} names {file!r}, which is not below the folder")
    content = _read(f"{folder}/{file}")
    if hashlib.sha256(content).hexdigest() != described["sha256"]:
        raise LoadError(f"{folder}/{file} is not the file that {RUN} describes; run postkin report again")
    return content


def to_record(kind: type[Record], row: Any) -> Record:
    """Make a record of what `as_row` made of one, nested ones included; raises ValueError where the row is another."""
    if not isinstance(row, dict):
        raise ValueError(f"{row!r} is no row of {kind.__name__}")  # noqa: TRY004  a file's fault
    hints = _hints(kind)  # type: ignore[arg-type]
    return kind(**{name: _value(hints[name], value) for name, value in row.items()})


def _shards(described: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The files of a table, in their order."""
    return described.get("shards") or [described]


def _add_articles(
    extract: Extract, folder: str, articles: Mapping[str, Any], members: Mapping[str, Any], corpus_size: int
) -> None:
    """Take in a shard of the articles with that of their clusters: both hold the same ids."""
    clusters: dict[str, int] = {}
    for row in load_rows(folder, "members", members):
        member = to_record(Member, row)
        clusters[member.id] = member.cluster
        extract.add("members", member, corpus_size)
    found = list(load_records(folder, "articles", articles, corpus_size))
    extract.totals.add_articles(found, clusters)
    for article in found:
        extract.add("articles", article, corpus_size)


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
    if get_origin(hint) in (Union, types.UnionType):  # of a kind and None: no record has another
        return None if value is None else _value(get_args(hint)[0], value)
    if get_origin(hint) is Literal:
        fits = value in get_args(hint)
    else:
        fits = isinstance(value, bool) == (hint is bool) and isinstance(value, hint)
    if not fits:
        raise ValueError(f"{value!r} is not {hint}")
    return value


def _read(path: str) -> bytes:
    try:
        return read_bytes(path)
    except Exception as error:  # noqa: BLE001  a filesystem's own
        raise LoadError(f"{path!r} cannot be read: {str(error).strip() or type(error).__name__}") from None
