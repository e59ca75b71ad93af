"""What is another in a run than in the one before it, found in a pipeline."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import apache_beam as beam
from apache_beam.pvalue import AsSingleton, PCollection

from transforms.output.changes import COMPARED_TABLES, Key, Value, add_cause, compare, facts_of, possible_causes
from transforms.output.stored import StoredFile, open_run
from transforms.plumbing.composite import Composite
from transforms.previous import PreviousRun
from transforms.results import Change, ChangeKind

Sides = tuple[Value | None, Value | None]
"""What the run before says of a key, and what this one says."""


@dataclass(eq=False, repr=False)
class FindChanges(Composite):
    """A dict of PCollections of records, by table -> the Changes since the run in `folder`.

    `previous` is the PreviousRun; where it is not there, nothing has changed.
    """

    folder: str
    previous: AsSingleton

    def expand(self, tables: Mapping[str, PCollection[Any]]) -> PCollection[Change]:
        """Take the facts of both runs, join them by key, compare, and then say why related posts are others."""
        now = [tables[name] | f"Now {name}" >> beam.FlatMap(_now) for name in COMPARED_TABLES]
        before = (
            now[0].pipeline
            | "Previous" >> beam.Create([self.folder], reshuffle=False)
            | "Files" >> beam.FlatMap(_files, self.previous)
            | "Spread" >> beam.Reshuffle()
            | "Before" >> beam.FlatMap(_before, self.folder)
        )
        others, related = (
            (*now, before)
            | beam.Flatten()
            | "Join" >> beam.CombinePerKey(_join)
            | "Compare" >> beam.FlatMap(_compare, self.previous)
            | "Related" >> beam.Partition(_is_related, 2)
        )
        became = (
            (others | "Posts" >> beam.FlatMap(_post), related | "Ask" >> beam.FlatMap(_asks))
            | "PostsAndAsking" >> beam.Flatten()
            | "ByPost" >> beam.GroupByKey()
            | "Tell" >> beam.FlatMap(_tell)
        )
        explained = (
            (related | "ById" >> beam.Map(_by_id), became)
            | "RelatedAndTold" >> beam.Flatten()
            | "ByRelated" >> beam.GroupByKey()
            | "AddCause" >> beam.Map(_add_cause)
        )
        return (others, explained) | "Changes" >> beam.Flatten()


def _now(record: Any) -> Iterator[tuple[Key, Sides]]:
    for key, value in facts_of(record):
        yield key, (None, value)


def _files(folder: str, previous: PreviousRun) -> Iterator[tuple[str, StoredFile]]:
    if previous.is_there:
        run = open_run(folder)
        yield from ((table, file) for table in COMPARED_TABLES for file in run.files(table))


def _before(file: tuple[str, StoredFile], folder: str) -> Iterator[tuple[Key, Sides]]:
    for record in open_run(folder).all_records(*file):
        for key, value in facts_of(record):
            yield key, (value, None)


def _join(sides: Iterable[Sides]) -> Sides:
    """Join what is said of a key, by many posts of a tag: the last of it is compared."""
    before: Value | None = None
    now: Value | None = None
    for one, other in sides:
        before = one if before is None or (one is not None and one > before) else before
        now = other if now is None or (other is not None and other > now) else now
    return before, now


def _compare(found: tuple[Key, Sides], previous: PreviousRun) -> Iterator[Change]:
    if not previous.is_there:
        return iter(())
    key, sides = found
    return compare(key, *(() if side is None else (side,) for side in sides))


def _is_related(change: Change, _: int) -> int:
    return int(change.kind == "related-changed")


def _post(change: Change) -> Iterator[tuple[str, ChangeKind]]:
    if change.kind.startswith("post-"):
        yield change.id, change.kind


def _asks(change: Change) -> Iterator[tuple[str, tuple[str]]]:
    for id_ in possible_causes(change):
        yield id_, (change.id,)


def _tell(group: tuple[str, Iterable[ChangeKind | tuple[str]]]) -> Iterator[tuple[str, tuple[str, ChangeKind]]]:
    here = list(group[1])
    for kind in (one for one in here if isinstance(one, str)):
        yield from ((asking[0], (group[0], kind)) for asking in here if isinstance(asking, tuple))


def _by_id(change: Change) -> tuple[str, Change]:
    return change.id, change


def _add_cause(group: tuple[str, Iterable[Change | tuple[str, ChangeKind]]]) -> Change:
    here = list(group[1])
    change = next(one for one in here if isinstance(one, Change))
    return add_cause(change, dict(one for one in here if not isinstance(one, Change)))
