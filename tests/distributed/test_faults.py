"""What goes wrong in mid-run: the run ends in bounded time with one line, and the previous output stays whole."""

import resource
import shutil
import signal
import subprocess
import time

import pytest

from jobs import compare, render
from tests.distributed.runs import (
    LIMIT,
    WORKERS,
    Fault,
    download,
    ended,
    everything,
    external,
    flags,
    members,
    portable,
    reached,
    report_main,
    started,
    upload,
)
from tests.distributed.servers import free_port, wait_until
from tests.jobs.report.test_determinism import same
from tests.jobs.results import BLOG

FAILED = "postkin report: failed, the output is as it was (--verbose tells more): "
LOST = "a worker process ended before its work was done"
BUCKETS = pytest.mark.parametrize("bucket", ["gcs", "s3"], indirect=True)


@pytest.fixture
def fault_folder(tmp_path):
    folder = tmp_path / "fault"
    folder.mkdir()
    return folder


@pytest.fixture
def held(fault_folder):
    """A fault that holds the process that writes the first file of the results."""
    return Fault(fault_folder, "hold", "write", ".staging-")


def small_files():
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))


def results(folder):
    """Everything in a folder but what is left of a job elsewhere that was given up."""
    return {path: data for path, data in everything(folder).items() if ".staging-" not in str(path)}


def one_line(said):
    assert said.count("\n") == 1, said
    return said


@pytest.mark.parametrize("mode", [(), WORKERS], ids=["in this process", "worker processes"])
@pytest.mark.parametrize(
    ("number", "code", "word"), [(signal.SIGINT, 130, "interrupted"), (signal.SIGTERM, 143, "terminated")]
)
def test_a_signal(output, before, held, mode, number, code, word):
    with started(*flags(BLOG, output, *mode), **held.env) as process:
        reached(held, process)
        process.send_signal(number)
        assert ended(process) == (code, f"postkin report: {word}; the output is as it was\n")
        wait_until(lambda: not members(process.pid), LIMIT, "workers to end")
    assert everything(output) == before


def test_a_signal_to_the_group_as_a_terminal_sends_it(output, before, held):
    with started(*flags(BLOG, output, *WORKERS), **held.env) as process:
        reached(held, process)
        for pid in members(process.pid):
            subprocess.run(["kill", "-INT", str(pid)], check=False)
        code, said = ended(process)
    assert code == 130
    assert one_line(said) == "postkin report: interrupted; the output is as it was\n"
    assert everything(output) == before


def test_a_worker_process_of_this_run_is_killed(output, before, held):
    with started(*flags(BLOG, output, *WORKERS), **held.env) as process:
        pid = reached(held, process)
        assert pid != process.pid
        subprocess.run(["kill", "-KILL", str(pid)], check=True)
        held.go_on()
        code, said = ended(process)
    assert code == 1
    assert LOST in one_line(said)
    assert everything(output) == before


def test_a_worker_of_the_pool_is_killed(output, before, held, job_service, start_pool):
    arguments = flags(BLOG, output, *external(job_service, start_pool(**held.env)))
    with started(*arguments) as process:
        subprocess.run(["kill", "-KILL", str(reached(held, process))], check=True)
        assert ended(process) == (1, f"{FAILED}{LOST}\n")
    assert everything(output) == before


def test_a_worker_of_the_pool_is_killed_while_it_publishes(output, before, fault_folder, job_service, start_pool):
    """The runner waits for it for ever, so for the time to be up, which it is at once."""
    fault = Fault(fault_folder, "kill", "replace", "out/data/related.jsonl")
    arguments = flags(BLOG, output, *external(job_service, start_pool(**fault.env)), "--timeout", "9")
    with started(*arguments) as process:
        reached(fault, process)
        process.send_signal(signal.SIGALRM)
        assert ended(process) == (1, "postkin report: not done after 9 minutes (--timeout); the output is as it was\n")
    assert results(output) == before


def test_workers_that_never_begin(output, before, job_service, start_pool, tmp_path):
    """A pool whose `python` ends at once; no runner notices, so the time is limited."""
    folder = tmp_path / "path"
    folder.mkdir()
    (folder / "python").symlink_to("/bin/true")
    pool = start_pool(PATH=str(folder))
    arguments = flags(BLOG, output, *external(job_service, pool), "--timeout", "0.1")
    with started(*arguments) as process:
        assert ended(process) == (
            1,
            "postkin report: not done after 0.1 minutes (--timeout); the output is as it was\n",
        )
    assert results(output) == before


def test_a_job_service_that_is_not_there(output, before):
    gone = portable(f"localhost:{free_port()}", "--environment_type", "LOOPBACK", "--job_server_timeout", "3")
    with started(*flags(BLOG, output, *gone)) as process:
        code, said = ended(process)
    assert code == 1
    assert one_line(said).startswith(FAILED)
    assert everything(output) == before


def test_a_full_disk(output, before):
    """No file may grow beyond 20 kB, as the last bytes of a disk would have it."""
    with started(*flags(BLOG, output), preexec=small_files) as process:
        code, said = ended(process)
    assert code == 1
    assert one_line(said) == f"{FAILED}OSError: [Errno 27] File too large\n"
    assert everything(output) == before


@pytest.fixture
def tiny_disk(tmp_path):
    """A filesystem of 200 kB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=200k", "tmpfs", str(folder)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("filesystems cannot be mounted here")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


def test_a_disk_without_space(tiny_disk):
    with started(*flags(BLOG, tiny_disk / "out")) as process:
        code, said = ended(process)
    assert code == 1
    assert one_line(said) == f"{FAILED}OSError: [Errno 28] No space left on device\n"
    assert list((tiny_disk / "out").iterdir()) == []


@pytest.mark.skipif(shutil.which("chattr") is None, reason="needs chattr")
def test_a_folder_that_cannot_be_written_is_refused_at_once(output, before):
    if subprocess.run(["chattr", "+i", str(output)], capture_output=True, check=False).returncode:
        pytest.skip("folders cannot be made immutable here")
    try:
        with started(*flags(BLOG, output)) as process:
            code, said = ended(process)
    finally:
        subprocess.run(["chattr", "-i", str(output)], check=True)
    assert code == 2
    assert one_line(said).startswith(f"postkin report: --output '{output}' cannot be written: ")
    assert everything(output) == before


def test_a_file_in_place_of_a_folder_is_refused_at_once(tmp_path, before, output):
    (tmp_path / "file").write_text("mine")
    with started(*flags(BLOG, tmp_path / "file" / "out")) as process:
        code, said = ended(process)
    assert code == 2
    assert "is not a folder" in one_line(said)
    assert (tmp_path / "file").read_text() == "mine"


def test_two_runs_into_one_folder(output, before, held):
    with started(*flags(BLOG, output), **held.env) as first:
        reached(held, first)
        with started(*flags(BLOG, output)) as second:
            code, said = ended(second)
        assert code == 2
        assert "is being written by another run" in one_line(said)
        held.go_on()
        assert ended(first) == (0, "")


def test_a_run_that_is_killed_while_it_publishes_is_undone_by_the_next(output, before, fault_folder, capsys):
    fault = Fault(fault_folder, "kill", "replace", "out/data/related.jsonl")
    with started(*flags(BLOG, output), **fault.env) as process:
        assert ended(process) == (-signal.SIGKILL, "")
    assert render.main([str(output)]) == 2
    assert compare.main([str(output), str(output)]) == 2
    assert capsys.readouterr().out == ""
    with started(*flags(BLOG, output), preexec=small_files) as process:
        assert ended(process)[0] == 1
    assert everything(output) == before


@BUCKETS
def test_a_bucket_that_answers_503_for_a_while(bucket, few_posts, few, tmp_path):
    upload(few_posts, f"{bucket.url}/posts")
    bucket.proxy.refuse_next(3)
    output = f"{bucket.url}/after-a-while"
    assert report_main(f"{bucket.url}/posts", output, *bucket.flags) == 0
    assert bucket.proxy.refused == 3
    same(download(output, tmp_path), few)


def test_a_bucket_that_answers_503_in_mid_run(gcs, few_posts, few, tmp_path, monkeypatch):
    """The third file written, and what follows for two seconds."""
    output, url = "gs://blog/mid-run", f"{gcs.url}/posts"
    upload(few_posts, url)
    writes, since = [], []

    def refuse(method):
        writes.append(method)
        if len(writes) == 40:
            since.append(time.monotonic())
        return bool(since) and time.monotonic() - since[0] < 2

    gcs.proxy.refused = 0
    gcs.proxy.refuse = refuse
    assert report_main(url, output) == 0
    assert gcs.proxy.refused
    same(download(output, tmp_path), few)
