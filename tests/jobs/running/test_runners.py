"""What is filled in of Beam's options for the runner that was asked for."""

import subprocess
import sys

import pytest
from apache_beam.options.pipeline_options import DebugOptions, PortableOptions, SetupOptions
from apache_beam.runners.portability.fn_api_runner import worker_handlers
from apache_beam.runners.worker.data_plane import ClosableOutputStream, TimeBasedBufferingClosableOutputStream

from jobs.running.runners import WORKER_MILLIS, WORKER_START, keep_parts, make_options
from tests.jobs.results import ROOT
from transforms.plumbing.free_memory import STATM, _malloc_trim
from transforms.plumbing.parts import PartsOptions


def experiments(*flags):
    return make_options(flags).view_as(DebugOptions).experiments or []


@pytest.mark.parametrize(
    "runner", ["FlinkRunner", "flinkrunner", "apache_beam.runners.portability.flink_runner.FlinkRunner"]
)
def test_a_graph_for_flink_is_fused_before_it_is_sent(runner):
    assert experiments("--runner", runner) == ["pre_optimize=all"]


def test_how_a_graph_for_flink_is_fused_may_be_said():
    assert experiments("--runner=FlinkRunner", "--experiments=pre_optimize=none") == ["pre_optimize=none"]
    assert experiments("--runner=FlinkRunner", "--experiments=x") == ["x", "pre_optimize=all"]


def test_workers_on_flink_stay_from_step_to_step():
    def millis(*flags):
        return make_options(flags).view_as(PortableOptions).environment_cache_millis

    assert millis("--runner=FlinkRunner") == WORKER_MILLIS
    assert millis("--runner=FlinkRunner", "--environment_cache_millis=5") == "5"
    assert not millis()


@pytest.mark.parametrize("flags", [(), ("--runner=PortableRunner", "--job_endpoint=localhost:1")])
def test_other_graphs_are_sent_as_they_are(flags):
    assert experiments(*flags) == []


@pytest.mark.parametrize(
    ("flags", "staging", "folder"),
    [
        ((), "out/.staging-1", "out/.staging-1/parts"),
        ((), "gs://bucket/out/.staging-1", None),
        (("--runner=FlinkRunner",), "gs://bucket/out/.staging-1", "gs://bucket/out/.staging-1/parts"),
        (("--runner=DataflowRunner",), "gs://bucket/out/.staging-1", None),
    ],
)
def test_large_elements_wait_where_all_workers_reach_them(flags, staging, folder):
    options = make_options(flags)
    keep_parts(options, staging)
    assert options.view_as(PartsOptions).parts_folder == folder


def test_the_local_runner_has_no_thread_that_sends_what_is_being_written(monkeypatch):
    monkeypatch.setattr(worker_handlers, "DATA_BUFFER_TIME_LIMIT_MS", 1_000)
    make_options(("--direct_running_mode=multi_threading",))
    limit = worker_handlers.DATA_BUFFER_TIME_LIMIT_MS
    stream = ClosableOutputStream.create(None, None, limit)
    assert not isinstance(stream, TimeBasedBufferingClosableOutputStream)


def test_workers_import_what_gives_memory_back():
    plugins = make_options(("--beam_plugins", "json")).view_as(SetupOptions).beam_plugins
    assert plugins == ["json", WORKER_START]
    begin = (
        "import threading; from apache_beam.runners.worker import sdk_worker_main as worker;"
        f"worker._import_beam_plugins({plugins}); print(*(thread.name for thread in threading.enumerate()), sep=',')"
    )
    done = subprocess.run([sys.executable, "-c", begin], cwd=ROOT, capture_output=True, text=True, check=True)
    assert ("free memory" in done.stdout.strip().split(",")) == (_malloc_trim() is not None and STATM.exists())
