"""The earlier run in a pipeline."""

from __future__ import annotations

from dataclasses import dataclass

import apache_beam as beam
from apache_beam.pvalue import PBegin, PCollection

from transforms.output.previous_run import find_previous
from transforms.plumbing.composite import Composite
from transforms.plumbing.metrics import measured
from transforms.previous import NO_PREVIOUS, PreviousRun


@dataclass(eq=False, repr=False)
class ReadPrevious(Composite):
    """The start of a pipeline -> the PreviousRun in a folder, NO_PREVIOUS without one.

    A worker reads it, before anything is published into the folder: a bucket is read from where the work is done, and
    the job's description stays small however large the run was.
    """

    folder: str | None

    def expand(self, begin: PBegin) -> PCollection[PreviousRun]:
        """Read."""
        return begin | "Folder" >> beam.Create([self.folder], reshuffle=False) | "Load" >> beam.Map(_load)


def _load(folder: str | None) -> PreviousRun:
    if folder is None:
        return NO_PREVIOUS
    with measured("read previous run"):
        return find_previous(folder)
