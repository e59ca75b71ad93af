"""What a worker makes of a bundle before it passes it on, so that few elements are grouped, and small ones."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Sequence
from typing import Any

import apache_beam as beam
from apache_beam.transforms.window import GlobalWindows
from apache_beam.utils.windowed_value import WindowedValue

AT_ONCE = 64
"""Elements are joined whenever there are so many, which bounds what is held."""
JOINED = 256
"""Joined elements of so large a size are passed on."""

PACKED = 1 << 14
"""Items of so large a size in all go into one list."""
HELD = 1 << 19
"""Of all keys together no more is held."""


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


class PackFn(beam.DoFn):
    """(key, item) -> (key, list of items), those of a bundle together, up to a size of about `PACKED`.

    `size` is that of an item, such as the strings in it. So the number of lists grows with what there is to say and
    with the number of bundles, and not with the number of items.
    """

    def __init__(self, size: Callable[[Any], int] = len) -> None:
        self.size = size

    def start_bundle(self) -> None:
        """Begin anew."""
        self.held: dict[Hashable, list[Any]] = {}
        self.sizes: dict[Hashable, int] = {}
        self.total = 0

    def process(self, keyed: tuple[Hashable, Any]) -> Iterator[tuple[Hashable, list[Any]]]:
        """Take an item; yield what is full."""
        key, item = keyed
        size = self.size(item)
        self.held.setdefault(key, []).append(item)
        self.sizes[key] = self.sizes.get(key, 0) + size
        self.total += size
        if self.sizes[key] >= PACKED:
            self.total -= self.sizes.pop(key)
            yield key, self.held.pop(key)
        elif self.total >= HELD:
            yield from self.held.items()
            self.start_bundle()

    def finish_bundle(self) -> Iterator[WindowedValue]:
        """Yield the rest."""
        for packed in self.held.items():
            yield GlobalWindows.windowed_value(packed)
        self.start_bundle()
