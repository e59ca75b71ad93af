"""Bulky elements grouped by key: what runners would hold at once waits in files of the run."""

from __future__ import annotations

import pickle
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import apache_beam as beam
from apache_beam.pvalue import PCollection
from apache_beam.transforms.window import GlobalWindows
from apache_beam.utils.windowed_value import WindowedValue

from transforms.plumbing.composite import Composite
from transforms.plumbing.parts import Kept, Spill, parts_folder, pickled, put_down, take_up

Keyed: TypeAlias = PCollection[tuple[Any, Any]]


PACK = 1 << 20
"""Elements of a key are packed together until they have so many bytes."""
HELD = 1 << 26
"""Of all keys together no more bytes are held."""


class StoredGroup(Iterable[Any]):
    """The elements of one key, in any order; each pack is read when it is its turn, as often as they are gone through.

    `kept` is gone through as often, which a group of Beam's may be. Raises RuntimeError for bytes that are not those
    that were put down.
    """

    def __init__(self, kept: Iterable[Kept]) -> None:
        self.kept = kept  # not listed: of a large group a runner hands out a part at a time

    def __iter__(self) -> Iterator[Any]:
        for pack in map(take_up, self.kept):
            yield from map(pickle.loads, pack)  # bytes of this very run, as `take_up` makes sure of


@dataclass(eq=False, repr=False)
class GroupOnDisk(Composite):
    """Keyed elements of one or several PCollections -> (key, StoredGroup), as GroupByKey has them."""

    def expand(self, keyed: Keyed | Sequence[Keyed]) -> PCollection[tuple[Any, StoredGroup]]:
        """Pack before anything is flattened, which keeps it, and group what says where the packs are."""
        several = [keyed] if isinstance(keyed, PCollection) else keyed
        folder = parts_folder(several[0])
        packed = [part | f"Pack {number}" >> beam.ParDo(PackFn(folder)) for number, part in enumerate(several)]
        return (
            (packed[0] if len(packed) == 1 else packed | beam.Flatten())
            | "Group" >> beam.GroupByKey()
            | "TakeUp" >> beam.MapTuple(_take_up)
        )


class PackFn(beam.DoFn):
    """(key, element) -> (key, Kept): packs of pickled elements of a key, those of a bundle in one file.

    So the number of what is grouped grows with its bytes and with the number of bundles, not with that of elements.
    """

    def __init__(self, folder: str | None) -> None:
        self.folder = folder

    def start_bundle(self) -> None:
        """Begin a file."""
        self.spill = Spill(self.folder)
        self.packs: dict[Any, list[bytes]] = {}
        self.sizes: dict[Any, int] = {}
        self.total = 0

    def process(self, keyed: tuple[Any, Any]) -> Iterator[tuple[Any, Kept]]:
        """Take an element; yield what is full."""
        yield from self.take(*keyed)

    def take(self, key: Any, element: Any) -> Iterator[tuple[Any, Kept]]:
        """Take an element of a key; yield what is full."""
        content = pickled(element)
        self.packs.setdefault(key, []).append(content)
        self.sizes[key] = self.sizes.get(key, 0) + len(content)
        self.total += len(content)
        if self.sizes[key] >= PACK:
            yield self._put_down(key)
        elif self.total >= HELD:
            yield from self._put_down_all()

    def finish_bundle(self) -> Iterator[WindowedValue]:
        """Yield the rest, and end the file: it can be read from now on."""
        yield from map(GlobalWindows.windowed_value, self._put_down_all())
        self.spill.close()

    def _put_down_all(self) -> list[tuple[Any, Kept]]:
        return [self._put_down(key) for key in list(self.packs)]

    def _put_down(self, key: Any) -> tuple[Any, Kept]:
        self.total -= self.sizes.pop(key)
        return key, put_down(pickled(self.packs.pop(key)), self.spill)


def _take_up(key: Any, kept: Iterable[Kept]) -> tuple[Any, StoredGroup]:
    return key, StoredGroup(kept)
