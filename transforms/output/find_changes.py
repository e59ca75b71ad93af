"""What is another in a run than in the one before it, found in a pipeline."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import apache_beam as beam
from apache_beam.pvalue import AsDict, AsSingleton, PCollection

from transforms.output.changes import COMPARED_TABLES, Key, Value, add_cause, compare, facts_of
from transforms.output.stored import open_run
from transforms.plumbing.composite import Composite
from transforms.previous import PreviousRun
from transforms.results import Change, ChangeKind

Side = Literal["before", "now"]


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
            | "Before" >> beam.FlatMap(_before, self.previous)
        )
        changes = (
            (*now, before)
            | beam.Flatten()
            | "Join" >> beam.GroupByKey()
            | "Compare" >> beam.FlatMap(_compare, self.previous)
        )
        posts = changes | "Posts" >> beam.FlatMap(_post)
        return changes | "AddCause" >> beam.Map(add_cause, AsDict(posts))


def _now(record: Any) -> Iterator[tuple[Key, tuple[Side, Value]]]:
    for key, value in facts_of(record):
        yield key, ("now", value)


def _before(folder: str, previous: PreviousRun) -> Iterator[tuple[Key, tuple[Side, Value]]]:
    if previous.is_there:
        run = open_run(folder)
        for table in COMPARED_TABLES:
            for record in run.table(table):
                for key, value in facts_of(record):
                    yield key, ("before", value)


def _compare(facts: tuple[Key, Iterable[tuple[Side, Value]]], previous: PreviousRun) -> Iterator[Change]:
    if not previous.is_there:
        return iter(())
    key, found = facts[0], list(facts[1])
    sides = [{value for side, value in found if side == of} for of in ("before", "now")]
    return compare(key, *sides)


def _post(change: Change) -> Iterator[tuple[str, ChangeKind]]:
    if change.kind.startswith("post-"):
        yield change.id, change.kind
