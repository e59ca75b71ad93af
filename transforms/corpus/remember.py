"""What was computed of texts, kept while it takes little memory."""

from __future__ import annotations

import functools
import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import Generic, TypeVar

Value = TypeVar("Value")


class Remember(Generic[Value]):
    """A function of texts that keeps its latest answers, as long as these and the texts take about `limit` bytes.

    `size` is what an answer takes, in bytes. A cache that counts its entries would hold gigabytes of long texts.
    """

    __wrapped__: Callable[..., Value]

    def __init__(self, function: Callable[..., Value], size: Callable[[Value], int], limit: int) -> None:
        functools.update_wrapper(self, function)
        self.size = size
        self.limit = limit
        self.held = 0
        self._kept: OrderedDict[tuple[str, ...], Value] = OrderedDict()
        self._lock = threading.Lock()

    def __call__(self, *texts: str) -> Value:
        """Answer; what is kept is not computed again."""
        with self._lock:
            if texts in self._kept:
                self._kept.move_to_end(texts)
                return self._kept[texts]
        return self.keep(self.__wrapped__(*texts), *texts)

    def keep(self, value: Value, *texts: str) -> Value:
        """Keep an answer, wherever it was computed, unless there is one already; returns the one that is kept."""
        with self._lock:
            if texts in self._kept:
                return self._kept[texts]
            self._kept[texts] = value
            self.held += self._bytes_of(texts, value)
            while self.held > self.limit:
                self.held -= self._bytes_of(*self._kept.popitem(last=False))
            return value

    def clear(self) -> None:
        """Keep nothing any more."""
        with self._lock:
            self._kept.clear()
            self.held = 0

    def _bytes_of(self, texts: tuple[str, ...], value: Value) -> int:
        return sum(len(text) if text.isascii() else 2 * len(text) for text in texts) + self.size(value)
