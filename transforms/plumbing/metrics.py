"""What a stage costs, as Beam metrics: they show in a runner's console and, after a local run, in run.json."""

from __future__ import annotations

import functools
import logging
import resource
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from apache_beam.metrics import Metrics

from transforms.plumbing.printable import printable

NAMESPACE = "postkin"
log = logging.getLogger(NAMESPACE)
"""What workers log: where they are, by stages and the ids of articles, never by what these say."""
_RSS_UNITS_PER_MB = 1 << 20 if sys.platform == "darwin" else 1 << 10

done: dict[str, int] = {}
"""How many items each stage has finished in this process, for a local run's status line."""


def peak_mb() -> int:
    """Return the process's peak resident memory so far, in MiB."""
    return int(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // _RSS_UNITS_PER_MB)


def count(name: str, items: int = 1) -> None:
    """Add to a counter."""
    _counter(name).inc(items)


def record(name: str, value: int) -> None:
    """Add a value to a distribution."""
    _distribution(name).update(value)


@functools.cache
def _counter(name: str) -> Any:
    return Metrics.counter(NAMESPACE, name)


@functools.cache
def _distribution(name: str) -> Any:
    return Metrics.distribution(NAMESPACE, name)


@contextmanager
def measured(stage: str, items: int = 1, at: str | None = None) -> Iterator[None]:
    """Measure the body as work of a stage on so many items: microseconds and, at its end, peak memory.

    When it fails, the log says `at` which article, the first of the items.
    """
    start = time.perf_counter_ns()
    try:
        yield
    except Exception:
        log.exception("%s failed on %d items from %s on", stage, items, printable(at or "?"))
        raise
    _distribution(f"{stage}.microseconds").update((time.perf_counter_ns() - start) // 1000)
    _distribution(f"{stage}.peak_mb").update(peak_mb())
    count(f"{stage}.items", items)
    done[stage] = done.get(stage, 0) + items
