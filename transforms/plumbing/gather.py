"""Everything in one place: where a stage needs all of a collection at once."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import apache_beam as beam
from apache_beam.pvalue import AsSideInput, PCollection
from apache_beam.transforms.window import GlobalWindows
from apache_beam.typehints.decorators import no_annotations
from apache_beam.utils.windowed_value import WindowedValue

from transforms.plumbing.parts import Kept, Spill, parts_folder, pickled, put_down, take_up

PACK = 1 << 20
"""Elements are packed together until they have so many bytes."""


class Gather(beam.PTransform):
    """A PCollection -> what `make` makes of the list of all its elements, in any order; nothing when there are none.

    `side_inputs` are passed to `make` after the list. It has fewer stages than a CombineGlobally, which a small run
    feels. Elements that are many or large wait in files of the run.
    """

    def __init__(self, make: Callable[..., Any] = list, *side_inputs: AsSideInput) -> None:
        super().__init__()
        self.make = make
        self.side_inputs = side_inputs

    def expand(self, elements: PCollection[Any]) -> PCollection[Any]:
        """Group under one key, make."""
        return _grouped(elements) | "Make" >> beam.Map(_make, self.make, *self.side_inputs)


class GatherEach(Gather):
    """A PCollection -> each of those that `make` makes of the list of all its elements, as Gather does."""

    def expand(self, elements: PCollection[Any]) -> PCollection[Any]:
        """Group under one key, make."""
        return _grouped(elements) | "Make" >> beam.FlatMap(_make, self.make, *self.side_inputs)


class PackAllFn(beam.DoFn):
    """Elements -> packs of them under one key, each a list of pickled elements that is put down."""

    def __init__(self, folder: str | None) -> None:
        self.folder = folder

    def start_bundle(self) -> None:
        """Begin a file and a pack."""
        self.spill = Spill(self.folder)
        self.pack: list[bytes] = []
        self.size = 0

    def process(self, element: Any) -> Iterator[tuple[None, Kept]]:
        """Yield the pack that an element fills."""
        content = pickled(element)
        self.pack.append(content)
        self.size += len(content)
        if self.size >= PACK:
            yield self._put_down()

    def finish_bundle(self) -> Iterator[WindowedValue]:
        """Yield the last pack, and end the file: it can be read from now on."""
        if self.pack:
            yield GlobalWindows.windowed_value(self._put_down())
        self.spill.close()

    def _put_down(self) -> tuple[None, Kept]:
        content = pickled(self.pack)
        self.pack, self.size = [], 0
        return None, put_down(content, self.spill)


def _grouped(elements: PCollection[Any]) -> PCollection[tuple[None, Iterable[Kept]]]:
    return elements | "Pack" >> beam.ParDo(PackAllFn(parts_folder(elements))) | "Group" >> beam.GroupByKey()


@no_annotations  # Beam would take those of *side for one argument's
def _make(group: tuple[None, Iterable[Kept]], make: Callable[..., Any], *side: Any) -> Any:
    elements = [pickle.loads(content) for kept in group[1] for content in take_up(kept)]  # noqa: S301  as take_up
    return make(elements, *side)
