"""Everything in one place: where a stage needs all of a collection at once."""

from __future__ import annotations

import pickle
import uuid
from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeAlias

import apache_beam as beam
from apache_beam.pvalue import AsSideInput, PCollection
from apache_beam.typehints.decorators import no_annotations

PIECE = 1 << 20
"""So many bytes of an element travel at once."""

Piece: TypeAlias = tuple[bytes, int, bytes]
"""A token of the element, where in its bytes the piece begins, and the piece."""


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


class GatherLarge(Gather):
    """The same for elements that grow with the corpus: they travel in pieces.

    Flink divides a slot's memory among all sorts of a job, and what is passed on at once must fit into such a share.
    """

    def expand(self, elements: PCollection[Any]) -> PCollection[Any]:
        """Cut, group under one key, join, make."""
        pieces = _grouped(elements | "Cut" >> beam.FlatMap(cut))
        return pieces | "Make" >> beam.Map(_make_of_pieces, self.make, *self.side_inputs)


def cut(element: Any) -> Iterator[Piece]:
    """Pickle an element, and cut that into pieces of at most `PIECE` bytes."""
    content, token = pickle.dumps(element, pickle.HIGHEST_PROTOCOL), uuid.uuid4().bytes
    for begin in range(0, len(content), PIECE):
        yield token, begin, content[begin : begin + PIECE]


def join(pieces: Iterable[Piece]) -> list[Any]:
    """Put pieces, in any order, together to the elements that were cut; these are in any order too."""
    of_one: dict[bytes, list[tuple[int, bytes]]] = {}
    for token, begin, piece in pieces:
        of_one.setdefault(token, []).append((begin, piece))
    return [
        pickle.loads(b"".join(piece for _, piece in sorted(parts)))  # noqa: S301  what a worker of this run has made
        for parts in of_one.values()
    ]


def _grouped(elements: PCollection[Any]) -> PCollection[tuple[None, Iterable[Any]]]:
    return elements | "Key" >> beam.Map(_keyed) | "Group" >> beam.GroupByKey()


def _keyed(element: Any) -> tuple[None, Any]:
    return None, element


@no_annotations  # Beam would take those of *side for one argument's
def _make(group: tuple[None, Iterable[Any]], make: Callable[..., Any], *side: Any) -> Any:
    return make(list(group[1]), *side)


@no_annotations
def _make_of_pieces(group: tuple[None, Iterable[Piece]], make: Callable[..., Any], *side: Any) -> Any:
    return make(join(group[1]), *side)
