"""Given vectors, searched by cells, give the same bytes in this process and in worker processes."""

import pyarrow.parquet as pq

from tests.distributed.runs import WORKERS
from tests.jobs.report.test_determinism import same
from tests.jobs.report.test_vectors import run, table
from tests.jobs.results import Results


def test_worker_processes(tmp_path):
    pq.write_table(table(), tmp_path / "v.parquet")
    flags = ("--search", "ivf", "--map", "pca", "--themes", "4")
    for place, more in (("here", ()), ("there", WORKERS)):
        run(tmp_path / place, tmp_path / "v.parquet", flags=(*flags, *more))
    same(Results(tmp_path / "there"), Results(tmp_path / "here"))
