"""One thread for the arithmetic of NumPy, SciPy and faiss: sums come out the same on any number of processors."""

from __future__ import annotations

import functools
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from threadpoolctl import OpenBLASController, ThreadpoolController

LIBRARIES = ("numpy", "scipy.linalg", "faiss", "sklearn", "numba", "pyarrow")
"""What brings pools of threads with it."""


@contextmanager
def one_thread() -> Iterator[None]:
    """Keep the libraries that are loaded so far to one thread in the body, in any number of bodies at a time.

    It looks for their pools again only when another of `LIBRARIES` was imported: a look takes some milliseconds.
    """
    loaded = tuple(name in sys.modules for name in LIBRARIES)
    with _controller(loaded, "openmp").limit(limits=1), _shared.held(loaded):  # OpenMP counts for each thread
        yield


class _SharedLimit:
    """BLAS counts its threads for the whole process: the first body that enters sets them, the last puts them back.

    A body that put them back while another computes would change the sums of that one, and the memory below it.
    """

    def __init__(self) -> None:
        """Nothing is limited."""
        self._lock = threading.Lock()
        self._bodies = 0
        self._undo: dict[tuple[bool, ...], Callable[[], None]] = {}

    @contextmanager
    def held(self, loaded: tuple[bool, ...]) -> Iterator[None]:
        """One thread at least as long as the body."""
        with self._lock:
            self._bodies += 1
            if loaded not in self._undo:
                self._undo[loaded] = self._limit(_controller(loaded, "blas"))
        try:
            yield
        finally:
            with self._lock:
                self._bodies -= 1
                if not self._bodies:
                    self._restore()

    def _limit(self, controller: ThreadpoolController) -> Callable[[], None]:
        # Without this, what another thread than the first one sets is passed over.
        OpenBLASController.clear_controlling_thread(force=True)
        undo: Callable[[], None] = controller.limit(limits=1).restore_original_limits
        return undo

    def _restore(self) -> None:
        OpenBLASController.clear_controlling_thread(force=True)
        while self._undo:
            self._undo.popitem()[1]()
        OpenBLASController.clear_controlling_thread(force=True)


_shared = _SharedLimit()


@functools.cache
def _controller(loaded: tuple[bool, ...], interface: str) -> ThreadpoolController:  # noqa: ARG001  what it depends on
    return ThreadpoolController().select(user_api=interface)
