"""How a run is stopped, what it says of it, and who may write into an output folder."""

import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path

import pytest
import requests

from jobs.options.errors import UsageError
from jobs.options.source import Source
from jobs.report import run
from jobs.report.config import Config
from jobs.running import costs
from jobs.running import stop as module
from jobs.running.launch import explain, root_cause
from jobs.running.output_lock import clean, folder_lock, output_lock
from jobs.running.stop import LOST_WORKER, Stop, stoppable
from tests.jobs.report.test_output import everything
from tests.jobs.results import ROOT

HANDLED = (signal.SIGINT, signal.SIGTERM, signal.SIGALRM)


@pytest.fixture(autouse=True)
def as_before():
    """Whatever is handled during a run is handled as before after it."""
    before = [signal.getsignal(number) for number in HANDLED], threading.excepthook
    yield
    assert ([signal.getsignal(number) for number in HANDLED], threading.excepthook) == before
    assert signal.getitimer(signal.ITIMER_REAL) == (0, 0)


@pytest.mark.parametrize(
    ("number", "reason", "code"), [(signal.SIGINT, "interrupted", 130), (signal.SIGTERM, "terminated", 143)]
)
def test_signals(number, reason, code):
    stop = Stop()
    with pytest.raises(KeyboardInterrupt), stoppable(stop, None):
        signal.raise_signal(number)
    assert (stop.reason, stop.code) == (reason, code)


def test_time_that_is_up():
    stop = Stop()
    with pytest.raises(KeyboardInterrupt), stoppable(stop, 0.05 / 60):
        time.sleep(10)
    assert (stop.reason, stop.code) == ("not done after 0.000833333 minutes (--timeout)", 1)


def test_a_stop_that_is_caught_comes_again(monkeypatch):
    monkeypatch.setattr(module, "AGAIN_SECONDS", 0.05)

    def sleep_on():
        with suppress(KeyboardInterrupt):
            time.sleep(10)
        time.sleep(10)

    with pytest.raises(KeyboardInterrupt), stoppable(Stop(), 0.05 / 60):
        sleep_on()


def lose_worker(name, *, wait=0.0):
    def die():
        raise RuntimeError("Worker subprocess exited with return code 137")

    thread = threading.Thread(target=die, name=name)
    thread.start()
    thread.join()
    time.sleep(wait)


def test_a_worker_process_that_died(monkeypatch):
    monkeypatch.setattr(module, "GRACE_SECONDS", 0.05)
    stop = Stop()
    with pytest.raises(KeyboardInterrupt), stoppable(stop, None):
        lose_worker("run_worker", wait=10)
    assert (stop.reason, stop.code) == (f"{LOST_WORKER} (Worker subprocess exited with return code 137)", 1)


def test_a_run_that_notices_its_dead_worker_by_itself():
    stop = Stop()
    with stoppable(stop, None):
        lose_worker("run_worker")
    assert stop.code == 1


def test_other_threads_die_as_ever(monkeypatch):
    deaths = []
    monkeypatch.setattr(threading, "excepthook", deaths.append)
    stop = Stop()
    with stoppable(stop, None):
        lose_worker("another")
    assert (len(deaths), stop.reason) == (1, "")


def test_the_first_reason_counts():
    stop = Stop()
    stop.ask("one", 1)
    stop.ask("two", 2)
    assert (stop.reason, stop.code) == ("one", 1)


TRACEBACK = """RuntimeError: Pipeline job-1 failed in state FAILED: Error running pipeline.
Traceback (most recent call last):
  File "a.py", line 1, in run
    go()
    ^^^^
RuntimeError: Error received from SDK harness for instruction 9: Traceback (most recent call last):
  File "b.py", line 2, in write
    raise OSError(28, "No space left on device")
OSError: [Errno 28] No space left on device [while running 'WriteTables']
"""
OF_JAVA = """RuntimeError: Pipeline job-1 failed in state FAILED: java.io.IOException: Record too large.
\tat org.apache.flink.runtime.operators.chaining.ChainedMapDriver.collect(ChainedMapDriver.java:78)
\tat java.base/java.util.concurrent.ThreadPoolExecutor$Worker.run(ThreadPoolExecutor.java:635)
\t... 1 more
"""
OF_BOTH = TRACEBACK.replace(
    "WriteTables']",
    """WriteTables']
\tat java.base/java.util.concurrent.CompletableFuture.get(CompletableFuture.java:2073)
\t... 12 more""",
)


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        ("OSError: the disk is full\nat the second line", "OSError: the disk is full at the second line"),
        ("RuntimeError: OSError: [Errno 28] full [while running 'Write']", "OSError: [Errno 28] full"),
        ("OSError: full [while running 'Write']", "OSError: full"),
        (TRACEBACK, "OSError: [Errno 28] No space left on device"),
        (OF_JAVA, "RuntimeError: Pipeline job-1 failed in state FAILED: java.io.IOException: Record too large."),
        (OF_BOTH, "OSError: [Errno 28] No space left on device"),
        ("RuntimeError: Channel closed prematurely.", LOST_WORKER),
        ("KeyError: 'x'\n  indented", "KeyError: 'x' indented"),
    ],
)
def test_the_cause_is_told_in_one_line(text, cause):
    assert root_cause(text.splitlines()) == cause


def test_a_master_that_does_not_answer_is_named():
    with pytest.raises(requests.ConnectionError) as raised:
        requests.get("http://localhost:1/v1/config", timeout=5)
    assert root_cause(str(raised.value).splitlines()) == "nothing answers at localhost:1"


def test_an_output_that_is_not_whole_is_told(capsys):
    assert explain("postkin report", OSError("gone"), Stop(), whole=False) == 1
    assert "the output is not whole, which the next run will mend" in capsys.readouterr().err


HOLD = """
import sys
from jobs.running.output_lock import folder_lock
with folder_lock(sys.argv[1]):
    print("locked", flush=True)
    sys.stdin.read()
"""


def test_a_folder_is_locked_until_its_process_is_killed(tmp_path):
    out = str(tmp_path / "out")
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD, out], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    try:
        assert holder.stdout.readline() == "locked\n"
        with pytest.raises(UsageError, match="is being written by another run"), folder_lock(out):
            pass
    finally:
        holder.kill()
        holder.communicate(timeout=30)
    with folder_lock(out) as alone:
        assert alone


def test_a_remote_folder_has_no_lock():
    with folder_lock("gs://bucket/out") as alone:
        assert not alone


def test_what_is_left_of_killed_runs_goes_first_and_of_this_one_last(tmp_path):
    (tmp_path / ".staging-killed/data").mkdir(parents=True)
    (tmp_path / "mine.txt").write_text("mine")
    staging = f"{tmp_path}/.staging-this"
    with output_lock(str(tmp_path), staging):
        assert {path.name for path in tmp_path.iterdir()} == {".staging-this", "mine.txt"}
        assert clean(str(tmp_path), staging)
    assert list(everything(tmp_path)) == [tmp_path / "mine.txt"]


def test_what_cannot_be_undone_stays_to_be_mended(tmp_path, monkeypatch):
    def fail(*_):
        raise OSError("gone")

    (tmp_path / ".staging-this/replaced").mkdir(parents=True)
    monkeypatch.setattr("jobs.running.output_lock.undo", fail)
    assert not clean(str(tmp_path), f"{tmp_path}/.staging-this")
    assert (tmp_path / ".staging-this/replaced").exists()


def test_an_output_that_cannot_be_written_is_refused(tmp_path, monkeypatch):
    def fail(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("jobs.running.output_lock.write_bytes", fail)
    with (
        pytest.raises(UsageError, match="cannot be written: No space left on device"),
        output_lock(str(tmp_path), f"{tmp_path}/.staging-this"),
    ):
        pass


def test_costs_that_cannot_be_added_leave_the_run_as_it_was(tmp_path, monkeypatch, capsys):
    def fill_up(path, content):
        Path(path).write_bytes(content[:5])
        raise OSError(28, "No space left on device")

    (tmp_path / "run.json").write_text('{"counts": {}}')
    monkeypatch.setattr(costs, "write_bytes", fill_up)
    assert run.close(Config(Source(("posts",)), str(tmp_path)), lambda: {"stages": {}}, 1.0) == 1
    said = capsys.readouterr()
    assert (said.out, said.err.count("\n")) == ("", 1)
    assert "No space left on device" in said.err
    assert [path.read_text() for path in everything(tmp_path)] == ['{"counts": {}}']
