"""What goes wrong on Flink in mid-run: the run ends right or with one line, and the previous output stays whole."""

import os
import signal
import time

import pytest

from tests.distributed.runs import Fault, download, ended, everything, flags, reached, report_main, started, upload
from tests.distributed.servers import wait_until
from tests.flink.cluster import LIMIT, SECONDS
from tests.jobs.results import BLOG, Results, check_sound, postkin

FAILED = "postkin report: failed, the output is as it was (--verbose tells more): "
STOPPED = "the output is as it was"


@pytest.fixture(scope="module")
def expected(tmp_path_factory):
    """The results of one process."""
    return postkin(BLOG, tmp_path_factory.mktemp("expected") / "out")


@pytest.fixture
def held(tmp_path):
    """A fault that holds the Python worker that writes the first file of the results."""
    folder = tmp_path / "fault"
    folder.mkdir()
    return Fault(folder, "hold", "write", ".staging-")


def published(folder):
    """All in an output folder but what a job that was given up has left."""
    return {path: data for path, data in everything(folder).items() if ".staging-" not in str(path)}


def one_line(said):
    assert said.count("\n") == 1, said
    return said


def is_right(output, expected):
    """Assert that a run's results are those of an undisturbed one; what was done twice may be counted twice."""
    results = Results(output)
    check_sound(results)
    assert results.run["digest"] == expected.run["digest"]
    files, others = results.files(), expected.files()
    assert [file for file in others if files.get(file) != others[file]] == ["run.json"]
    assert files.keys() == others.keys()


def test_a_task_manager_is_killed(cluster, on_flink, output, before, held, expected):
    """The job is restarted on the slots that are left and on those of the one that takes its place."""
    with started(*flags(BLOG, output, *on_flink(**held.env))) as process:
        lost = cluster.owner(reached(held, process, LIMIT))
        cluster.kill(lost)
        held.go_on()
        cluster.start(lost)
        assert ended(process, LIMIT) == (0, "")
    is_right(output, expected)


def test_a_python_worker_is_killed(cluster, on_flink, output, before, held, expected):
    with started(*flags(BLOG, output, *on_flink(**held.env))) as process:
        os.kill(reached(held, process, LIMIT), signal.SIGKILL)
        held.go_on()
        assert ended(process, LIMIT) == (0, "")
    is_right(output, expected)


def test_the_job_manager_is_restarted(cluster, on_flink, output, before, held):
    """One that keeps nothing of its jobs, as it does where Flink is not set up for high availability."""
    with started(*flags(BLOG, output, *on_flink(**held.env))) as process:
        reached(held, process, LIMIT)
        cluster.kill("jm")
        cluster.start("jm")
        held.go_on()
        code, said = ended(process, LIMIT)
    assert code == 1
    assert one_line(said).startswith(FAILED)
    assert published(output) == before


def test_a_run_that_is_interrupted(cluster, on_flink, output, before, held):
    others = cluster.jobs().keys()
    with started(*flags(BLOG, output, *on_flink(**held.env))) as process:
        reached(held, process, LIMIT)
        process.send_signal(signal.SIGINT)
        assert ended(process, LIMIT) == (130, f"postkin report: interrupted; {STOPPED}\n")
        held.go_on()
        (job,) = cluster.jobs().keys() - others
        wait_until(lambda: cluster.jobs()[job] == "CANCELED", SECONDS, "the job to be cancelled")
    assert published(output) == before


def test_a_cluster_that_is_not_there(cluster, on_flink, output, before):
    gone = on_flink()
    gone[gone.index(cluster.address)] = "localhost:1"
    with started(*flags(BLOG, output, *gone)) as process:
        code, said = ended(process)
    assert code == 1
    assert one_line(said).startswith(FAILED)
    assert everything(output) == before


def test_a_bucket_that_answers_503_in_mid_run(gcs, on_flink, tmp_path, monkeypatch):
    """The fortieth request that writes, and all that follow for two seconds."""
    posts, output = BLOG / "2019", "gs://blog/mid-run"
    upload(posts, "gs://blog/posts")
    writes, since = [], []

    def refuse(method):
        if method == "POST":
            writes.append(method)
        if len(writes) == 40 and not since:
            since.append(time.monotonic())
        return bool(since) and time.monotonic() - since[0] < 2

    gcs.proxy.refused, gcs.proxy.refuse = 0, refuse
    assert report_main("gs://blog/posts", output, *on_flink()) == 0
    assert gcs.proxy.refused
    is_right(download(output, tmp_path / "there").folder, postkin(posts, tmp_path / "here"))
