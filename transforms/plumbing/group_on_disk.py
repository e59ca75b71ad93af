"""Bulky elements grouped by key: what runners would hold at once waits in files of the run."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import apache_beam as beam
from apache_beam.pvalue import PCollection

from transforms.plumbing.composite import Composite
from transforms.plumbing.parts import Kept, Spill, parts_folder, pickled, put_down, take_up

Keyed: TypeAlias = PCollection[tuple[Any, Any]]


class StoredGroup(Iterable[Any]):
    """The elements of one key, in any order; each is read when it is its turn, as often as they are gone through.

    `kept` is gone through as often, which a group of Beam's may be. Raises RuntimeError for bytes that are not those
    that were put down.
    """

    def __init__(self, kept: Iterable[Kept]) -> None:
        self.kept = kept  # not listed: of a large group a runner hands out a part at a time

    def __iter__(self) -> Iterator[Any]:
        return map(take_up, self.kept)


@dataclass(eq=False, repr=False)
class GroupOnDisk(Composite):
    """Keyed elements of one or several PCollections -> (key, StoredGroup), as GroupByKey has them."""

    def expand(self, keyed: Keyed | Sequence[Keyed]) -> PCollection[tuple[Any, StoredGroup]]:
        """Put down before anything is flattened, which keeps it, and group what says where."""
        several = [keyed] if isinstance(keyed, PCollection) else keyed
        folder = parts_folder(several[0])
        put = [part | f"PutDown {number}" >> beam.ParDo(PutDownFn(folder)) for number, part in enumerate(several)]
        return (
            (put[0] if len(put) == 1 else put | beam.Flatten())
            | "Group" >> beam.GroupByKey()
            | "TakeUp" >> beam.MapTuple(_take_up)
        )


class PutDownFn(beam.DoFn):
    """Pickles elements, and writes those of a bundle into one file."""

    def __init__(self, folder: str | None) -> None:
        self.folder = folder

    def start_bundle(self) -> None:
        """Begin a file."""
        self.spill = Spill(self.folder)

    def process(self, keyed: tuple[Any, Any]) -> Iterator[tuple[Any, Kept]]:
        """Yield the key, and where its element is."""
        key, element = keyed
        yield key, put_down(pickled(element), self.spill)

    def finish_bundle(self) -> None:
        """End the file: it can be read from now on."""
        self.spill.close()


def _take_up(key: Any, kept: Iterable[Kept]) -> tuple[Any, StoredGroup]:
    return key, StoredGroup(kept)
