"""Build a job's pipeline and run it on the runner that was asked for, to its end or until it is submitted."""

from __future__ import annotations

import io
import re
import sys
from collections.abc import Callable, Iterable, Sequence
from contextlib import nullcontext, redirect_stderr, suppress
from typing import Any

import apache_beam as beam
from apache_beam.io.filesystems import FileSystems
from apache_beam.options.pipeline_options import (
    DirectOptions,
    PipelineOptions,
    SetupOptions,
    StandardOptions,
    StreamingOptions,
    TypeOptions,
)
from apache_beam.runners.runner import PipelineResult, create_runner

from jobs.dataflow.reach import is_dataflow
from jobs.flags import UsageError
from jobs.hold import clean, held
from jobs.logs import silenced_logs
from jobs.progress import Progress
from jobs.stop import INTERRUPTED, LOST_WORKER, Stop, stoppable
from reports.render import NO_POSTS
from transforms import observe
from transforms.encoders import EncoderError
from transforms.publish import call_off
from transforms.storage import is_remote
from transforms.vector_files import VectorsError

LOCAL = ("fnapirunner", "directrunner")
MINUTES = 240.0
"""After how long a run elsewhere fails: a worker that dies before it has begun is noticed by no runner."""
INPUT_ERRORS = tuple(f"{error.__name__}: " for error in (EncoderError, VectorsError))
LOST_CONNECTION = ("Channel closed prematurely", "data_plane.py")
"""What Beam says of a worker process that it cannot reach any more."""

Build = Callable[[beam.Pipeline], None]


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


def is_submit_only(options: PipelineOptions) -> bool:
    """Tell whether the launcher ends once the job is submitted."""
    return is_dataflow(options.view_as(StandardOptions).runner)


def is_alone(options: PipelineOptions) -> bool:
    """Tell whether this process does all the work."""
    return bool(options.view_as(StandardOptions).runner == "FnApiRunner")


def is_local(options: PipelineOptions) -> bool:
    """Tell whether the pipeline runs in this process and its children."""
    return str(options.view_as(StandardOptions).runner).rpartition(".")[2].lower() in LOCAL


def launch(
    command: str,
    build: Build,
    options: PipelineOptions,
    *,
    staging: str,
    posts: int | None,
    quiet: bool,
    verbose: bool,
    timeout: float | None = None,
) -> PipelineResult | int:
    """Run a pipeline on `posts` files (None: not counted); returns its result, or the exit code when it failed.

    It fails after `timeout` minutes (None: no limit on this machine, MINUTES elsewhere). Whatever is left in its
    staging folder is deleted, unless the job goes on after the launch. Raises UsageError when the output cannot be
    written.
    """
    observe.done.clear()
    FileSystems.set_options(options)  # as a pipeline does, later
    output = staging.rpartition("/")[0]
    submit_only = is_submit_only(options)
    limit = timeout if timeout is not None or is_local(options) else MINUTES
    stop, whole = Stop(), True
    result: Any = None
    failure: BaseException | None = None
    with silenced_logs(unless=verbose), nullcontext() if submit_only else held(output, staging):
        try:
            with stoppable(stop, limit), Progress(lambda: observe.done, posts, quiet=quiet):
                result = submit(build, options)
                if not submit_only:
                    result.wait_until_finish()
        except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001  whatever a runner raises
            failure = error
            if isinstance(error, KeyboardInterrupt):
                stop.ask(*INTERRUPTED)
        finally:
            if not submit_only:
                whole = clean(output, staging)
        if failure is not None and stop.reason and not is_local(options):
            with suppress(Exception):
                call_off(staging)
                if result is not None:
                    result.cancel()
    if failure is None:
        return result
    if isinstance(failure, UsageError) or (verbose and not stop.reason):
        raise failure
    return explain(command, failure, stop, whole=whole)


def submit(build: Build, options: PipelineOptions) -> PipelineResult:
    """Build the pipeline and run it; raises UsageError when its runner cannot do with the options."""
    try:
        pipeline = beam.Pipeline(options=options)
    except ValueError as error:
        raise UsageError(" ".join(str(error).split())) from None
    build(pipeline)
    return pipeline.run()


def check_filesystems(paths: Iterable[str | None]) -> None:
    """Raise UsageError when Beam has no filesystem for a remote path."""
    for path in (path for path in paths if path and is_remote(path)):
        try:
            FileSystems.get_filesystem(path)
        except ValueError:
            scheme = path.partition("://")[0]
            raise UsageError(
                f"{path!r} is on a filesystem that Beam does not know here; pip install 'postkin[gcp]' for gs://,"
                f" 'postkin[aws]' for s3:// (given: {scheme}://)"
            ) from None


def explain(command: str, error: BaseException, stop: Stop, *, whole: bool) -> int:
    """Say in one line why a run failed; returns 2 when its input is to blame, 1 otherwise, or as it was stopped."""
    output = "the output is as it was" if whole else "the output is not whole, which the next run will mend"
    if stop.reason:
        sys.stderr.write(f"{command}: {stop.reason}; {output}\n")
        return stop.code
    lines = f"{type(error).__name__}: {error}".splitlines()
    marks = [(line, mark) for line in lines for mark in (NO_POSTS, *INPUT_ERRORS) if mark in line]
    if marks:
        line, mark = marks[-1]
        reason = line[line.index(mark) :].removeprefix(mark if mark in INPUT_ERRORS else "")
        sys.stderr.write(f"{command}: {reason.partition(' [while')[0]}\n")
        return 2
    sys.stderr.write(f"{command}: failed, {output} (--verbose tells more): {root_cause(lines)[:500]}\n")
    return 1


def root_cause(lines: Sequence[str]) -> str:
    """Say in one line what an error's text says, or the last of the tracebacks in it."""
    if any(mark in line for line in lines for mark in LOST_CONNECTION):
        return LOST_WORKER
    frames = [number for number, line in enumerate(lines) if line.startswith("  ")]
    if frames and any(line.startswith("Traceback") for line in lines):
        lines = lines[frames[-1] + 1 :] or lines
    cause = " ".join(line.strip() for line in lines).partition(" [while running")[0]
    return re.sub(r"^RuntimeError: (?=\w+: )", "", cause)  # in which Beam wraps what a function raises
