"""The same bytes on Prism, Beam's runner for one machine, with workers in the launch and in a pool."""

import os
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from tests.jobs.report.test_determinism import same
from tests.jobs.report.test_readings import write_logs
from tests.jobs.report.test_vectors import run as run_vectors
from tests.jobs.report.test_vectors import table
from tests.jobs.results import BLOG, Results, check_sound, postkin

PRISM = "POSTKIN_PRISM"
"""The variable that names Prism's binary."""
EXACT, CELLS = ("--search", "exact"), ("--search", "ivf")


@pytest.fixture(scope="module")
def prism():
    binary = os.environ.get(PRISM, "")
    if not Path(binary).is_file():
        pytest.skip(f"{PRISM} does not name the binary of Prism")
    return ["--runner", "PrismRunner", "--prism_location", binary]


@pytest.mark.parametrize("flags", [EXACT, CELLS], ids=["exact", "by cells"])
def test_workers_in_the_launch(flags, prism, tmp_path):
    results = postkin(BLOG, tmp_path / "there", *flags, *prism)
    check_sound(results)
    same(results, postkin(BLOG, tmp_path / "here", *flags), "shard_articles")


def test_readings(prism, tmp_path):
    flags = ("--readings", str(write_logs(tmp_path / "logs")))
    results = postkin(BLOG, tmp_path / "there", *flags, *prism)
    same(results, postkin(BLOG, tmp_path / "here", *flags), "shard_articles")


def test_given_vectors(prism, tmp_path):
    vectors = tmp_path / "v.parquet"
    pq.write_table(table(), vectors)
    for place, more in (("here", []), ("there", prism)):
        run_vectors(tmp_path / place, vectors, flags=("--map", "pca", "--themes", "4", *more))
    same(Results(tmp_path / "there"), Results(tmp_path / "here"), "shard_articles")


def test_a_pool_of_workers(prism, start_pool, tmp_path):
    there = ["--environment_type", "EXTERNAL", "--environment_config", start_pool()]
    same(
        postkin(BLOG, tmp_path / "there", *prism, *there),
        postkin(BLOG, tmp_path / "here"),
        "shard_articles",
    )
