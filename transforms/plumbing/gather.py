"""Everything in one place: where a stage needs all of a collection at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import apache_beam as beam
from apache_beam.pvalue import AsSideInput, PCollection
from apache_beam.typehints.decorators import no_annotations


class Gather(beam.PTransform):
    """A PCollection -> what `make` makes of the list of all its elements, in any order; nothing when there are none.

    `side_inputs` are passed to `make` after the list. It has fewer stages than a CombineGlobally, which a small run
    feels.
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


def _grouped(elements: PCollection[Any]) -> PCollection[tuple[None, Iterable[Any]]]:
    return elements | "Key" >> beam.Map(_keyed) | "Group" >> beam.GroupByKey()


def _keyed(element: Any) -> tuple[None, Any]:
    return None, element


@no_annotations  # Beam would take those of *side for one argument's
def _make(group: tuple[None, Iterable[Any]], make: Callable[..., Any], *side: Any) -> Any:
    return make(list(group[1]), *side)
