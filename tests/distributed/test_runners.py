"""The same digest, and the same bytes, on every runner that is supported."""

import random

import pytest
from apache_beam.coders.coder_impl import create_InputStream, create_OutputStream
from apache_beam.runners.portability.fn_api_runner import execution

from jobs.report import run
from tests.distributed.runs import external, portable
from tests.jobs.report.test_determinism import same
from tests.jobs.results import BLOG, postkin

EXTRA = {"default": ("--map", "tsne,pca"), "ivf": ("--search", "ivf")}
"""Flags of ways to compute the results, each of which must give the same on all runners."""


@pytest.fixture(scope="module", params=EXTRA)
def extra(request):
    return EXTRA[request.param]


@pytest.fixture(scope="module")
def expected(extra, tmp_path_factory):
    """The results of one process that keeps all articles in one shard."""
    return postkin(BLOG, tmp_path_factory.mktemp("expected") / "out", *extra)


@pytest.fixture(autouse=True)
def few_in_a_shard(monkeypatch, expected):
    """Cells are kept in four shards, wherever a run works."""
    monkeypatch.setattr(run, "SHARD_ARTICLES", 20)
    monkeypatch.setattr(run, "is_alone", lambda _: False)


def same_in_shards(results, expected):
    """Assert that two runs differ in nothing but what they cost and how many articles were kept where."""
    shards = [of.run["distributions"]["shard_articles"]["count"] for of in (results, expected)]
    assert shards == [4 if expected.run["search"]["method"] == "ivf" else 1, 1]
    same(results, expected, "shard_articles")


@pytest.mark.parametrize("workers", [1, 2])
def test_worker_processes(expected, extra, tmp_path, workers):
    mode = ["--direct_running_mode", "multi_processing", "--direct_num_workers", str(workers)]
    same_in_shards(postkin(BLOG, tmp_path, *extra, *mode), expected)


def test_the_job_service_with_the_launcher_as_worker(expected, extra, tmp_path, job_service):
    same_in_shards(postkin(BLOG, tmp_path, *extra, *portable(job_service, "--environment_type", "LOOPBACK")), expected)


def test_the_job_service_with_a_pool_of_workers(expected, extra, tmp_path, job_service, start_pool):
    same_in_shards(postkin(BLOG, tmp_path / "out", *extra, *external(job_service, start_pool())), expected)


def shuffle_bundles(monkeypatch, seed):
    """Make Beam's local runner deal elements, keys, their values and side inputs out in another order."""
    rng = random.Random(seed)
    lists, groups = execution.ListBuffer, execution.GroupingBuffer
    partition_groups = groups.partition

    def elements(buffer):
        found = []
        for data in buffer._inputs:
            stream = create_InputStream(data)
            while stream.size() > 0:
                element = create_OutputStream()
                buffer._coder_impl.encode_to_stream(buffer._coder_impl.decode_from_stream(stream, True), element, True)
                found.append(element.get())
        rng.shuffle(found)
        return found

    def partition(buffer, n):
        parts = [[] for _ in range(n)]
        for element in elements(buffer):
            rng.choice(parts).append(element)
        return parts

    def partition_shuffled(buffer, n):
        keys = list(buffer._table)
        rng.shuffle(keys)
        for key in keys:
            buffer._table[key] = buffer._table.pop(key)
            rng.shuffle(buffer._table[key])
        shuffled.append(len(keys))
        return partition_groups(buffer, n)

    shuffled = []
    monkeypatch.setattr(lists, "partition", partition)
    monkeypatch.setattr(lists, "__iter__", lambda buffer: iter(elements(buffer)))
    monkeypatch.setattr(groups, "partition", partition_shuffled)
    return shuffled


@pytest.mark.parametrize(("seed", "workers"), [(1, 1), (2, 3)])
def test_shuffled_bundles(expected, extra, tmp_path, monkeypatch, seed, workers):
    shuffled = shuffle_bundles(monkeypatch, seed)
    mode = ["--direct_running_mode", "multi_threading", "--direct_num_workers", str(workers)]
    same_in_shards(postkin(BLOG, tmp_path, *extra, "--runner", "FnApiRunner", *mode), expected)
    assert sum(shuffled) > 100, "nothing was shuffled"
