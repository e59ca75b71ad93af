"""The same digest, the same bytes and the same counts on Flink as in this process."""

import pyarrow.parquet as pq
import pytest

from jobs.report import run
from tests.distributed.runs import download, report_main, upload
from tests.jobs.report.test_determinism import same
from tests.jobs.report.test_readings import write_logs
from tests.jobs.report.test_vectors import run as run_vectors
from tests.jobs.report.test_vectors import table
from tests.jobs.results import BLOG, Results, check_sound, postkin

WAYS = {
    "exact": ("--search", "exact"),
    "by cells": ("--search", "ivf"),
    "with readings": ("--readings", "LOGS"),
}
CASES = [("exact", 1), ("exact", 2), ("exact", 4), ("by cells", 2), ("by cells", 4), ("with readings", 2)]
PER_SHARD = 20
"""So few articles in a shard that the small blog has several of them."""


@pytest.fixture(autouse=True)
def few_in_a_shard(monkeypatch):
    monkeypatch.setattr(run, "SHARD_ARTICLES", PER_SHARD)


@pytest.fixture(scope="module")
def readings(tmp_path_factory):
    return write_logs(tmp_path_factory.mktemp("readings") / "logs")


@pytest.fixture(scope="module")
def expected(readings, tmp_path_factory):
    """The results of one process, by the way they are computed; each way is computed once."""
    found = {}

    def of(way):
        if way not in found:
            found[way] = postkin(BLOG, tmp_path_factory.mktemp("here") / "out", *flags_of(way, readings))
        return found[way]

    return of


def flags_of(way, readings):
    return [str(readings) if flag == "LOGS" else flag for flag in WAYS[way]]


@pytest.mark.parametrize(("way", "parallelism"), CASES)
def test_posts(way, parallelism, expected, readings, on_flink, tmp_path):
    results = postkin(BLOG, tmp_path / "out", *flags_of(way, readings), *on_flink(parallelism))
    check_sound(results)
    assert results.run["digest"] == expected(way).run["digest"]
    same(results, expected(way), "shard_articles")


@pytest.mark.parametrize("search", ["exact", "ivf"])
def test_given_vectors(search, on_flink, tmp_path):
    vectors = tmp_path / "v.parquet"
    pq.write_table(table(), vectors)
    flags = ("--search", search, "--map", "pca", "--themes", "4")
    here, there = (
        run_vectors(tmp_path / place, vectors, flags=(*flags, *more)) for place, more in (("a", ()), ("b", on_flink()))
    )
    assert there["digest"] == here["digest"]
    same(Results(tmp_path / "b"), Results(tmp_path / "a"), "shard_articles")


@pytest.mark.parametrize("bucket", ["gcs", "s3"], indirect=True)
def test_from_a_bucket_to_a_bucket(bucket, on_flink, tmp_path):
    posts = BLOG / "2019"
    output = f"{bucket.url}/from-flink"
    upload(posts, f"{bucket.url}/posts")
    assert report_main(f"{bucket.url}/posts", output, *bucket.flags, *on_flink()) == 0
    there = download(output, tmp_path / "there")
    same(there, postkin(posts, tmp_path / "here"), "shard_articles")


def test_a_pool_of_workers(on_flink, start_pool, expected, readings, tmp_path):
    """Both task managers ask the same pool, as they are on one machine."""
    pool = ["--environment_type", "EXTERNAL", "--environment_config", start_pool()]
    results = postkin(BLOG, tmp_path / "out", *flags_of("exact", readings), *on_flink(), *pool)
    same(results, expected("exact"), "shard_articles")
