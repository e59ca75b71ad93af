"""What a worker makes of a bundle before it passes it on, so that few elements are grouped, and small ones."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import apache_beam as beam
from apache_beam.transforms.window import GlobalWindows
from apache_beam.utils.windowed_value import WindowedValue

AT_ONCE = 64
"""Elements are joined whenever there are so many, which bounds what is held."""


class JoinFn(beam.DoFn):
    """Elements -> one a bundle, by `join`, which joins a list of them to another such element.

    The result must not depend on their order, nor on which were joined before.
    """

    def __init__(self, join: Callable[[Sequence[Any]], Any]) -> None:
        self.join = join
        self.parts: list[Any] = []

    def start_bundle(self) -> None:
        """Begin anew."""
        self.parts = []

    def process(self, element: Any) -> None:
        """Take an element."""
        self.parts.append(element)
        if len(self.parts) == AT_ONCE:
            self.parts = [self.join(self.parts)]

    def finish_bundle(self) -> Iterator[WindowedValue]:
        """Yield the bundle's."""
        if self.parts:
            yield GlobalWindows.windowed_value(self.join(self.parts))
