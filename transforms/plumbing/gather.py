"""Everything in one place: where a stage needs all of a collection at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

import apache_beam as beam
from apache_beam.pvalue import AsSideInput, PCollection
from apache_beam.typehints.decorators import no_annotations

from transforms.plumbing.group_on_disk import PackFn, StoredGroup
from transforms.plumbing.parts import Kept, parts_folder


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


class PackAllFn(PackFn):
    """Elements -> packs of them under one key."""

    def process(self, element: Any) -> Iterator[tuple[None, Kept]]:
        """Take an element; yield what is full."""
        yield from self.take(None, element)


def _grouped(elements: PCollection[Any]) -> PCollection[tuple[None, Iterable[Kept]]]:
    return elements | "Pack" >> beam.ParDo(PackAllFn(parts_folder(elements))) | "Group" >> beam.GroupByKey()


@no_annotations  # Beam would take those of *side for one argument's
def _make(group: tuple[None, Iterable[Kept]], make: Callable[..., Any], *side: Any) -> Any:
    return make(list(StoredGroup(group[1])), *side)
