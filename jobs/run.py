"""Run the main job's pipeline to its end on the runner that was asked for, and say how it went."""

from __future__ import annotations

import io
import json
import sys
import time
import uuid
from contextlib import redirect_stderr, suppress
from typing import Any

import apache_beam as beam
from apache_beam.io.filesystems import FileSystems
from apache_beam.metrics import MetricsFilter
from apache_beam.options.pipeline_options import (
    DirectOptions,
    PipelineOptions,
    SetupOptions,
    StandardOptions,
    StreamingOptions,
    TypeOptions,
)
from apache_beam.runners.runner import PipelineResult, create_runner

from jobs.encoder import SettledEncoder
from jobs.flags import UsageError
from jobs.logs import silenced_logs
from jobs.pipeline import build_pipeline
from jobs.progress import Progress
from jobs.report import Config
from reports.render import NO_POSTS, REPORT
from transforms import observe
from transforms.encoders import EncoderError
from transforms.publish import RUN, run_text, staging_folder
from transforms.storage import delete, is_remote, move, read_bytes, write_bytes

SUBMIT_ONLY = ("DataflowRunner",)
ENCODER_ERROR = f"{EncoderError.__name__}: "


def make_options(beam_args: tuple[str, ...]) -> PipelineOptions:
    """Turn Beam's flags into its options; without a runner the job stays on this machine.

    Raises UsageError for a value that Beam does not take.
    """
    try:
        with redirect_stderr(io.StringIO()):  # argparse's usage, many lines of it
            options = PipelineOptions(list(beam_args))
            mode = options.view_as(DirectOptions).direct_running_mode
    except SystemExit:
        raise UsageError(f"Beam does not take {' '.join(beam_args)}; see its pipeline options") from None
    standard = options.view_as(StandardOptions)
    if standard.runner is None:
        standard.runner = "FnApiRunner" if mode == "in_memory" else "DirectRunner"
    try:
        create_runner(standard.runner)
    except (ValueError, ImportError, AttributeError):
        raise UsageError(f"Beam has no runner {standard.runner!r}; leave --runner out to run locally") from None
    streaming = options.view_as(StreamingOptions)
    if standard.runner == "DirectRunner" and streaming.update_compatibility_version is None:
        # Else the runner asks the network for Prism first.
        streaming.update_compatibility_version = beam.__version__
    types = options.view_as(TypeOptions)
    if "--pipeline_type_check" not in beam_args:
        types.pipeline_type_check = False  # the types are checked before the program ships; here it costs start-up time
    setup = options.view_as(SetupOptions)
    if setup.setup_file == "setup.py":
        # Beam changes into the file's folder, whose name must not be empty.
        setup.setup_file = "./setup.py"
    return options


def run_report(config: Config, encoder: SettledEncoder, posts: int | None) -> int:
    """Run the job on `posts` files (None: not counted) with an encoder; returns the exit code."""
    options = make_options(config.beam_args)
    check_filesystems(config)
    observe.done.clear()
    start = time.monotonic()
    staging = staging_folder(config.output, uuid.uuid4().hex[:12])
    submit_only = options.view_as(StandardOptions).runner in SUBMIT_ONLY
    try:
        with silenced_logs(unless=config.verbose), Progress(lambda: observe.done, posts, quiet=config.quiet):
            result = submit(config, encoder, options, staging)
            if not submit_only:
                result.wait_until_finish()
    except KeyboardInterrupt:
        sys.stderr.write("postkin report: interrupted; the output is as it was\n")
        return 130
    except Exception as error:
        if config.verbose:
            raise
        return explain(error)
    finally:
        if not submit_only:
            with suppress(Exception):
                delete(staging)
    if submit_only:
        say(config, f"submitted; the report will be at {config.output}/{REPORT}")
        return 0
    run = add_stages(config.output, stage_costs(result))
    say(config, closing_line(run, time.monotonic() - start, config.output))
    return 0


def check_filesystems(config: Config) -> None:
    """Raise UsageError when Beam has no filesystem for a remote path."""
    encoding = config.encoding
    places = (*config.input, config.output, encoding.model, encoding.model_dir, encoding.cache)
    for path in (place for place in places if place and is_remote(place)):
        try:
            FileSystems.get_filesystem(path)
        except ValueError:
            scheme = path.partition("://")[0]
            raise UsageError(
                f"{path!r} is on a filesystem that Beam does not know here; pip install 'postkin[gcp]' for gs://,"
                f" 'postkin[aws]' for s3:// (given: {scheme}://)"
            ) from None


def submit(config: Config, encoder: SettledEncoder, options: PipelineOptions, staging: str) -> PipelineResult:
    """Build the pipeline and run it."""
    pipeline = beam.Pipeline(options=options)
    build_pipeline(pipeline, config, encoder, staging)
    return pipeline.run()


def explain(error: Exception) -> int:
    """Say in one line why a run failed; returns 2 when its input is to blame, 1 otherwise."""
    lines = f"{type(error).__name__}: {error}".splitlines()
    marks = [(line, mark) for line in lines for mark in (NO_POSTS, ENCODER_ERROR) if mark in line]
    if marks:
        line, mark = marks[-1]
        reason = line[line.index(mark) :].removeprefix(ENCODER_ERROR)
        sys.stderr.write(f"postkin report: {reason.partition(' [while')[0]}\n")
        return 2
    reason = " ".join(line.strip() for line in lines).partition(" [while running")[0]
    sys.stderr.write(f"postkin report: failed, the output is as it was (--verbose tells more): {reason[:500]}\n")
    return 1


def stage_costs(result: PipelineResult) -> dict[str, dict[str, float]]:
    """Read each stage's cost from a run's metrics: items, seconds and peak memory in MiB."""
    metrics = result.metrics().query(MetricsFilter().with_namespace(observe.NAMESPACE))
    costs: dict[str, dict[str, float]] = {}
    for metric in sorted(metrics["distributions"], key=lambda metric: metric.key.metric.name):
        stage, _, unit = metric.key.metric.name.rpartition(".")
        cost = costs.setdefault(stage, {"items": 0, "seconds": 0.0, "peak_mb": 0})
        if unit == "microseconds":
            cost["seconds"] = round(cost["seconds"] + metric.committed.sum / 1e6, 3)
        else:
            cost["peak_mb"] = max(cost["peak_mb"], metric.committed.max)
    for metric in metrics["counters"]:
        stage, _, unit = metric.key.metric.name.rpartition(".")
        if unit == "items" and stage in costs:
            costs[stage]["items"] += metric.committed
    return costs


def add_stages(output: str, stages: dict[str, Any]) -> dict[str, Any]:
    """Add the stages' costs to a published run.json; returns it."""
    run: dict[str, Any] = {**json.loads(read_bytes(f"{output}/{RUN}")), "stages": stages}
    write_bytes(f"{output}/{RUN}.new", run_text(run))
    move(f"{output}/{RUN}.new", f"{output}/{RUN}")
    return run


def closing_line(run: dict[str, Any], seconds: float, output: str) -> str:
    """Say what was done, how long it took and where the report is."""
    counts = run["counts"]
    skipped = sum(counts["skipped"].values())
    left_out = ", ".join(f"{n:,} {what}" for n, what in ((counts["rejected"], "rejected"), (skipped, "skipped")) if n)
    posts = f"{counts['parsed']:,} posts" + (f" ({left_out})" if left_out else "")
    clusters = run["tables"]["clusters"]["rows"]
    return f"{posts}, {clusters} clusters in {seconds:.1f} s; report: {output}/{REPORT}"


def say(config: Config, line: str) -> None:
    """Print a line unless the run is quiet."""
    if not config.quiet:
        sys.stdout.write(f"postkin: {line}\n")
