"""What readers taught as files: the tables of arrays that a run with reading logs has."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

import apache_beam as beam
from apache_beam.pvalue import PCollection

from transforms.output.layout import table_file
from transforms.output.reader_tables import next_parquet, vectors_parquet
from transforms.output.tables import TableFile
from transforms.plumbing.composite import Composite
from transforms.plumbing.metrics import measured
from transforms.plumbing.storage import write_bytes
from transforms.readings.learned import Learned


@dataclass(eq=False, repr=False)
class WriteLearned(Composite):
    """What readers taught -> TableFiles, written below `folder`."""

    folder: str

    def expand(self, learned: PCollection[Learned]) -> PCollection[TableFile]:
        """Write."""
        return learned | beam.FlatMap(_write, self.folder)


def _write(learned: Learned, folder: str) -> Iterator[TableFile]:
    with measured("write what readers taught"):
        for name, (rows, content) in (
            ("next_weights", next_parquet(learned)),
            ("reading_vectors", vectors_parquet(learned)),
        ):
            file = table_file(name)
            write_bytes(f"{folder}/{file}", content)
            yield TableFile(name, file, rows, hashlib.sha256(content).hexdigest())
