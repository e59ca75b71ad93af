"""What a worker makes of a bundle before it passes it on, so that few elements are grouped, and small ones."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import apache_beam as beam
from apache_beam.transforms.window import GlobalWindows
from apache_beam.utils.windowed_value import WindowedValue

AT_ONCE = 64
"""Elements are joined whenever there are so many, which bounds what is held."""
JOINED = 256
"""Joined elements of so large a size are passed on."""


class JoinFn(beam.DoFn):
    """Elements -> one a bundle, by `join`, which joins a list of them to another such element.

    The result must not depend on their order, nor on which were joined before. Where the `size` of an element is told,
    such as its rows, a bundle has several, of about `JOINED` or of the size that one came with.
    """

    def __init__(self, join: Callable[[Sequence[Any]], Any], size: Callable[[Any], int] | None = None) -> None:
        self.join = join
        self.size = size
        self.parts: list[Any] = []
        self.total = 0

    def start_bundle(self) -> None:
        """Begin anew."""
        self.parts, self.total = [], 0

    def process(self, element: Any) -> Iterator[Any]:
        """Take an element; yield what is large enough."""
        self.parts.append(element)
        self.total += self.size(element) if self.size else 0
        if self.total >= JOINED:
            yield self.join(self.parts)
            self.start_bundle()
        elif len(self.parts) == AT_ONCE:
            self.parts = [self.join(self.parts)]

    def finish_bundle(self) -> Iterator[WindowedValue]:
        """Yield the bundle's."""
        if self.parts:
            yield GlobalWindows.windowed_value(self.join(self.parts))
