"""One thread for the arithmetic of NumPy, SciPy and faiss: sums come out the same on any number of processors."""

from __future__ import annotations

import functools
import sys
from contextlib import AbstractContextManager
from typing import Any

from threadpoolctl import ThreadpoolController

LIBRARIES = ("numpy", "scipy.linalg", "faiss", "sklearn", "numba", "pyarrow")
"""What brings pools of threads with it."""


def one_thread() -> AbstractContextManager[Any]:
    """Keep the libraries that are loaded so far to one thread in the body.

    It looks for their pools again only when another of `LIBRARIES` was imported: a look takes some milliseconds.
    """
    limits: AbstractContextManager[Any] = _controller(tuple(name in sys.modules for name in LIBRARIES)).limit(limits=1)
    return limits


@functools.cache
def _controller(loaded: tuple[bool, ...]) -> ThreadpoolController:  # noqa: ARG001  what it depends on
    return ThreadpoolController()
