"""What Beam logs, kept from those who did not ask for it."""

from __future__ import annotations

import logging
import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

STDERR = 2


@contextmanager
def silenced_logs(*, unless: bool) -> Iterator[None]:
    """Silence Beam's log, its threads and what its worker processes write to the standard error, while the body runs.

    The body's own `sys.stderr` goes on.
    """
    if unless:
        yield
        return
    root, level = logging.getLogger(), logging.getLogger().level
    ours, saved = sys.stderr, os.dup(STDERR)
    root.setLevel(logging.CRITICAL)
    excepthook, threading.excepthook = threading.excepthook, lambda _: None
    with open(os.devnull, "w") as nowhere, os.fdopen(os.dup(STDERR), "w", buffering=1) as direct:  # noqa: PTH123
        if _writes_to_stderr():
            sys.stderr = direct
        os.dup2(nowhere.fileno(), STDERR)  # which worker processes inherit
        try:
            yield
        finally:
            os.dup2(saved, STDERR)
            os.close(saved)
            sys.stderr = ours
            threading.excepthook = excepthook
            root.setLevel(level)


def _writes_to_stderr() -> bool:
    try:
        return sys.stderr.fileno() == STDERR
    except (OSError, ValueError, AttributeError):
        return False
