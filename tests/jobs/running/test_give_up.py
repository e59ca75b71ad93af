"""A job elsewhere that its launch gives up, on a server that answers as Flink's job manager does."""

import hashlib
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from apache_beam.options.pipeline_options import PipelineOptions
from apache_beam.portability.api import beam_runner_api_pb2
from apache_beam.runners.portability.flink_uber_jar_job_server import FlinkBeamJob, FlinkUberJarJobServer
from apache_beam.runners.portability.portable_runner import PipelineResult
from google.protobuf.struct_pb2 import Struct

from jobs.running import give_up as give_up_module
from jobs.running import launch as module
from jobs.running.give_up import give_up, goes_on
from jobs.running.launch import launch
from tests.jobs.report.test_output import everything
from transforms.output.journal import Journal, write_journal
from transforms.output.publish import CALLED_OFF
from transforms.plumbing.storage import move, write_bytes


class Flink:
    """One job, which runs until it is cancelled; whatever else is asked for is not there."""

    def __init__(self):
        self.status, self.broken, self.mute = "RUNNING", False, threading.Event()
        self.mute.set()
        self.when_cancelled = lambda: None
        flink = self

        class Handler(BaseHTTPRequestHandler):
            def handle_any(self):
                code, answer = flink.answer(self.command, self.path)
                self.send_response(code)
                self.end_headers()
                self.wfile.write(json.dumps(answer).encode())

            do_GET = do_POST = do_PATCH = do_DELETE = handle_any  # noqa: N815

            def log_message(self, *args):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def answer(self, method, path):
        self.mute.wait()
        if self.broken and method == "GET":
            self.broken = False
            return 503, {}
        match method, path:
            case "PATCH", "/v1/jobs/flink-job?mode=cancel":
                self.when_cancelled()
                self.status = "CANCELED"
                return 202, {}
            case "GET", "/v1/jobs/flink-job":
                return 200, {"state": self.status}
            case "GET", "/v1/jobs/flink-job/execution-result":
                return 200, {"status": {"id": "IN_PROGRESS" if self.status == "RUNNING" else "COMPLETED"}}
            case "GET", "/v1/jobs/flink-job/exceptions":
                return 200, {"all-exceptions": []}
        return 404, {}


@pytest.fixture
def flink():
    flink = Flink()
    yield flink
    flink.mute.set()
    flink.server.shutdown()
    flink.server.server_close()


@pytest.fixture
def result(flink):
    """What a launch has of a job that it has sent to Flink."""
    url = f"http://127.0.0.1:{flink.server.server_port}"
    server = FlinkUberJarJobServer(url, PipelineOptions([]))
    job = FlinkBeamJob(url, "launch.jar", "job", "name", beam_runner_api_pb2.Pipeline(), Struct())
    job._flink_job_id = "flink-job"
    server._jobs["job"] = job
    return PipelineResult(server, "job", job.get_message_stream(), job.get_state_stream())


def test_a_job_on_flink_is_cancelled_and_what_it_wrote_is_deleted(flink, result, tmp_path):
    output, staging = tmp_path / "out", tmp_path / "out" / ".staging-1"
    (staging / "parts").mkdir(parents=True)
    (staging / "parts" / "1").write_bytes(b"written by a worker")
    assert goes_on(result)
    assert give_up(result, str(output), str(staging))
    assert flink.status == "CANCELED"
    assert not goes_on(result)
    assert {path.name for path in everything(output)} == {staging.name, CALLED_OFF}


def test_a_job_manager_that_does_not_answer_is_not_waited_for(flink, result, tmp_path, monkeypatch):
    """A process that is stopped, or a machine that is lost behind a proxy, takes a question and says nothing."""
    monkeypatch.setattr(give_up_module, "SECONDS", 0.2)
    flink.mute.clear()
    assert goes_on(result)
    assert give_up(result, f"{tmp_path}/out", f"{tmp_path}/out/.staging-1")
    assert (tmp_path / "out" / ".staging-1" / CALLED_OFF).exists()


@pytest.fixture
def launched(result, tmp_path, monkeypatch, capsys):
    """Launches the job, which fails; returns what was said."""

    def fail(work=lambda: None):
        monkeypatch.setattr(module, "submit", lambda *_: work() or result)
        options, staging = PipelineOptions(["--runner", "FlinkRunner"]), f"{tmp_path}/out/.staging-1"
        assert launch("postkin report", None, options, staging=staging, posts=1, quiet=True, verbose=False) == 1
        return capsys.readouterr().err

    return fail


def test_a_launch_that_hears_nothing_of_its_job_gives_it_up(flink, launched, tmp_path):
    """Beam fails at the first question that is not answered, and the job would go on and publish."""
    flink.broken = True
    assert launched().startswith("postkin report: failed, the output is as it was")
    assert flink.status == "CANCELED"
    assert (tmp_path / "out" / ".staging-1" / CALLED_OFF).exists()


def test_a_job_that_has_failed_by_itself_leaves_nothing(flink, launched, tmp_path):
    flink.status = "FAILED"
    assert launched().startswith("postkin report: failed, the output is as it was")
    assert not list((tmp_path / "out").iterdir())


def test_what_a_job_has_published_in_part_is_undone_once_it_has_ended(flink, launched, tmp_path):
    output, staging = tmp_path / "out", tmp_path / "out" / ".staging-1"
    files = ("report.html", "run.json")

    def publish_some():
        for name in files:
            write_bytes(f"{staging}/{name}", b"new")
            write_bytes(f"{staging}/replaced/{name}", b"old")
        write_journal(str(staging), Journal(files, files, hashlib.sha256(b"new").hexdigest()))
        move(f"{staging}/report.html", f"{output}/report.html")

    def publish_more():
        move(f"{staging}/run.json", f"{output}/run.json")

    flink.broken, flink.when_cancelled = True, publish_more
    assert launched(publish_some).startswith("postkin report: failed, the output is as it was")
    assert flink.status == "CANCELED"
    assert [(output / name).read_bytes() for name in files] == [b"old", b"old"]
