"""What workers elsewhere cannot see, or Beam cannot submit, is refused in one line."""

import json
import subprocess
import sys

import pytest

from jobs.options.beam import is_dataflow, shares_folder, value_of
from jobs.report import command, config
from tests.jobs.results import BLOG, ROOT

BUCKET = ["--input", "gs://bucket/posts", "--output", "gs://bucket/out"]
DATAFLOW = ["--runner=DataflowRunner", "--temp_location=gs://bucket/tmp", "--region=us-central1"]
REFUSED = {
    "posts": (["--input", str(BLOG), "--output", "gs://bucket/out", *DATAFLOW], "--input"),
    "posts beside others": (["--input", "gs://bucket/x", "gone", "--output", "gs://bucket/out", *DATAFLOW], "--input"),
    "output": (["--input", "gs://bucket/posts", "--output", "out", *DATAFLOW], "--output 'out' is on this machine"),
    "a cache": ([*BUCKET, "--encoder", "use", "--model-dir", "gs://bucket/use", "--cache", "x", *DATAFLOW], "--cache"),
    "a copy of a model": ([*BUCKET, "--encoder", "use", "--model-dir", "use", *DATAFLOW], "--model-dir 'use'"),
    "an earlier run": ([*BUCKET, "--previous", "earlier", *DATAFLOW], "--previous 'earlier' is on this machine"),
    "pictures": ([*BUCKET, "--thumbnails", "--pictures", str(BLOG), *DATAFLOW], "--pictures"),
    "a download": ([*BUCKET, "--encoder", "use-large", *DATAFLOW], "give a copy in a bucket with --model-dir"),
    "a download beside others": ([*BUCKET, "--encoder", "lsa+labse", *DATAFLOW], "give a copy in a bucket"),
    "a local encoder": ([*BUCKET, "--encoder", str(BLOG), *DATAFLOW], "give a copy in a bucket with --model-dir"),
    "no staging": ([*BUCKET, "--runner=DataflowRunner"], "give --temp_location gs://BUCKET/tmp"),
    "local staging": ([*BUCKET, "--runner", "dataflow", "--temp_location", "/tmp"], "give --temp_location"),
}
FLINK = ["--runner=FlinkRunner", "--flink_master=localhost:8081", "--environment_type=EXTERNAL"]
RELATIVE = {
    "posts on Flink": (
        ["--input", "tests/data/blog", "--output", "/out", *FLINK],
        "--input 'tests/data/blog' is relative",
    ),
    "output on Flink": (["--input", str(BLOG), "--output", "out", *FLINK], "--output 'out' is relative to this folder"),
    "a pool": (
        ["--input", "x", "--output", "/out", "--runner=PortableRunner", "--environment_type=EXTERNAL"],
        "--input",
    ),
    "containers": ([*BUCKET, "--previous", "out", "--runner", "FlinkRunner", "--flink_master", "x:8081"], "--previous"),
}
REFUSED |= RELATIVE
REFUSED["a jar"] = ([*BUCKET, *FLINK, "--flink_job_server_jar=gone.jar"], "--flink_job_server_jar 'gone.jar' is not")
ASK = """
import contextlib, io, json, sys
from jobs.report.command import main
answers = {}
for name, argv in json.load(sys.stdin).items():
    with contextlib.redirect_stdout(io.StringIO()) as out, contextlib.redirect_stderr(io.StringIO()) as err:
        code = main(argv)
    answers[name] = [code, out.getvalue(), err.getvalue(), "apache_beam" in sys.modules]
json.dump(answers, sys.stdout)
"""


@pytest.fixture(scope="module")
def answers():
    questions = json.dumps({name: argv for name, (argv, _) in REFUSED.items()})
    command = [sys.executable, "-c", ASK]
    asked = subprocess.run(command, cwd=ROOT, input=questions, capture_output=True, text=True, check=True)
    return json.loads(asked.stdout)


@pytest.mark.parametrize("case", REFUSED)
def test_refused(answers, case):
    code, out, err, beam = answers[case]
    assert (code, out, beam) == (2, "", False)
    assert REFUSED[case][1] in err
    assert err.startswith("postkin report: ")
    assert err.count("\n") == 1


@pytest.mark.parametrize("runner", ["DataflowRunner", "dataflow", "apache_beam.runners.dataflow.DataflowRunner"])
def test_all_names_of_the_runner_are_known(runner):
    assert is_dataflow(runner)
    assert not is_dataflow(f"{runner}X")


def test_a_local_run_may_name_anything_local(tmp_path):
    assert not is_dataflow(None)
    assert config.parse_config(["--input", str(BLOG), "--output", str(tmp_path)]).beam_args == ()


@pytest.mark.parametrize("flags", [["--project=x"], ["--project=our-project", "--temp_location=gs://b/tmp"]])
def test_what_beam_cannot_submit_is_refused(capsys, monkeypatch, flags):
    monkeypatch.setattr("apache_beam.io.gcp.gcsio.get_or_create_default_gcs_bucket", lambda _: None)
    assert command.main([*BUCKET, *DATAFLOW, "--dry_run=True", *flags]) == 2
    err = capsys.readouterr().err.splitlines()[-1]
    assert err.startswith("postkin report: Pipeline has validations errors: Invalid ")


def test_the_last_value_of_a_flag_counts():
    assert value_of(["--runner", "a", "--runner=b", "--x"], "--runner") == "b"
    assert value_of(["--runner=b", "--runner", "a"], "--runner") == "a"
    assert value_of(["--runner"], "--runner") is None
    assert value_of([], "--runner") is None


@pytest.mark.parametrize(
    "flags",
    [
        [],
        ["--runner=DirectRunner"],
        ["--runner=PrismRunner"],
        ["--runner=FlinkRunner"],
        ["--runner=FlinkRunner", "--flink_master=[local]"],
        ["--runner=PortableRunner", "--job_endpoint=localhost:1", "--environment_type=loopback"],
    ],
)
def test_workers_in_the_folder_of_the_launch_may_be_given_relative_paths(flags):
    assert shares_folder(flags)
