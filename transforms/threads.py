"""One thread for the arithmetic of NumPy and faiss: sums come out the same however many processors there are."""

from __future__ import annotations

import functools
from contextlib import AbstractContextManager
from typing import Any

import faiss  # noqa: F401  its pools of threads must be there to be found
import numpy as np  # noqa: F401
from threadpoolctl import ThreadpoolController


def one_thread() -> AbstractContextManager[Any]:
    """Keep NumPy and faiss to one thread in the body; libraries that are imported later are not seen.

    For what is done block by block: `threadpool_limits` looks for all libraries each time, some milliseconds long.
    """
    limits: AbstractContextManager[Any] = _controller().limit(limits=1)
    return limits


@functools.cache
def _controller() -> ThreadpoolController:
    return ThreadpoolController()
