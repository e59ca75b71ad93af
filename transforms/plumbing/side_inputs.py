"""Side inputs that every runner fills."""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import Any

import apache_beam as beam
from apache_beam.pvalue import AsIter, AsSingleton, PCollection

from transforms.plumbing.parts import SMALL, Kept, Spill, parts_folder, pickled, put_down, take_up

AT_HAND = 4
"""So many large side inputs a process keeps: a runner hands them out anew to each bundle."""


def as_singleton(elements: PCollection[Any], label: str) -> AsSingleton:
    """Hand a PCollection's only element to a stage, from a copy of its own."""
    return AsSingleton(_copy(elements, label))


def as_iter(elements: PCollection[Any], label: str) -> AsIter:
    """Hand a PCollection's elements to a stage, from a copy of their own."""
    return AsIter(_copy(elements, label))


def _copy(elements: PCollection[Any], label: str) -> PCollection[Any]:
    """Copy a PCollection under a label, for side inputs alone; a large element waits in a file of the run.

    Beam's FnApiRunner (2.77) may take a stage that reads a PCollection as its main input for the one that makes it.
    It then fills the side input when that stage ends, which can be too late: others have seen it empty by then.
    """
    return elements | f"Share {label}" >> beam.Map(share, parts_folder(elements))


class Shared:
    """An element in a file, which is the element itself wherever it is unpickled."""

    def __init__(self, kept: Kept) -> None:
        self.kept = kept

    def __reduce__(self) -> tuple[Any, tuple[Kept]]:
        return at_hand, (self.kept,)


def share(element: Any, folder: str | None) -> Any:
    """Put a large element into a file below a folder; a small one, or any without a folder, stays as it is."""
    if folder is None or len(content := pickled(element)) < SMALL:
        return element
    spill = Spill(folder)
    kept = put_down(content, spill)
    spill.close()
    return Shared(kept)


_at_hand: OrderedDict[bytes, Any] = OrderedDict()
_lock = threading.Lock()


def at_hand(kept: Kept) -> Any:
    """Read a shared element, once for some time: nobody may change it."""
    digest = kept[1]
    with _lock:
        if digest not in _at_hand:
            _at_hand[digest] = take_up(kept)
        _at_hand.move_to_end(digest)
        while len(_at_hand) > AT_HAND:
            _at_hand.popitem(last=False)
        return _at_hand[digest]
