"""Build a job's pipeline and run it on the runner that was asked for, to its end or until it is submitted."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from typing import Any

import apache_beam as beam
from apache_beam.io.filesystems import FileSystems
from apache_beam.options.pipeline_options import (
    PipelineOptions,
)
from apache_beam.runners.runner import PipelineResult

from jobs.options.errors import UsageError
from jobs.running.give_up import give_up, goes_on
from jobs.running.logs import silenced_logs
from jobs.running.output_lock import clean, output_lock
from jobs.running.progress import Progress
from jobs.running.runners import is_local, is_submit_only
from jobs.running.stop import INTERRUPTED, LOST_WORKER, Stop, stoppable
from reports.render import NO_POSTS
from transforms.encoders.base import EncoderError
from transforms.plumbing import metrics
from transforms.plumbing.free_memory import give_back_memory
from transforms.plumbing.large_elements import large_elements_in
from transforms.plumbing.parts import PartsOptions
from transforms.plumbing.printable import printable
from transforms.vectors.files import VectorsError

MINUTES = 240.0
"""After how long a run elsewhere fails: a worker that dies before it has begun is noticed by no runner."""
INPUT_ERRORS = tuple(f"{error.__name__}: " for error in (EncoderError, VectorsError))
LOST_CONNECTION = ("Channel closed prematurely", "data_plane.py")
"""What Beam says of a worker process that it cannot reach any more."""
NO_ANSWER = re.compile(
    r"HTTPS?ConnectionPool\(host='(.+?)', port=(\d+)\): .*(?:NewConnection|NameResolution|ConnectTimeout)Error"
)
"""What is said of a job manager that is not where a flag says."""
JAVA_FRAME = re.compile(r"\s+(at \S+\(.*\)|\.\.\. \d+ more)")
"""A line of a Java traceback, of which a runner on Flink sends many."""

Build = Callable[[beam.Pipeline], None]


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
    metrics.done.clear()
    FileSystems.set_options(options)  # as a pipeline does, later
    output = staging.rpartition("/")[0]
    submit_only = is_submit_only(options)
    limit = timeout if timeout is not None or is_local(options) else MINUTES
    stop, whole = Stop(), True
    result: Any = None
    failure: BaseException | None = None
    with silenced_logs(unless=verbose), nullcontext() if submit_only else output_lock(output, staging):
        over = give_back_memory()
        try:
            with stoppable(stop, limit), Progress(lambda: metrics.done, posts, quiet=quiet):
                result = submit(build, options)
                if not submit_only:
                    result.wait_until_finish()
        except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001  whatever a runner raises
            failure = error
            if isinstance(error, KeyboardInterrupt):
                stop.ask(*INTERRUPTED)
        finally:
            over.set()
            if failure is not None and not is_local(options) and (stop.reason if result is None else goes_on(result)):
                whole = give_up(result, output, staging)
            elif not submit_only:
                whole = clean(output, staging)
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
    with large_elements_in(options.view_as(PartsOptions).parts_folder):
        return pipeline.run()


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
        sys.stderr.write(f"{command}: {printable(reason.partition(' [while')[0])}\n")
        return 2
    sys.stderr.write(f"{command}: failed, {output} (--verbose tells more): {printable(root_cause(lines)[:500])}\n")
    return 1


def root_cause(lines: Sequence[str]) -> str:
    """Say in one line what an error's text says, or the last of the tracebacks in it."""
    if any(mark in line for line in lines for mark in LOST_CONNECTION):
        return LOST_WORKER
    if unanswered := next(filter(None, map(NO_ANSWER.search, lines)), None):
        return "nothing answers at {}:{}".format(*unanswered.groups())
    lines = [line for line in lines if not JAVA_FRAME.fullmatch(line)]
    frames = [number for number, line in enumerate(lines) if line.startswith("  ")]
    if frames and any(line.startswith("Traceback") for line in lines):
        lines = lines[frames[-1] + 1 :] or lines
    cause = " ".join(line.strip() for line in lines).partition(" [while running")[0]
    return re.sub(r"^RuntimeError: (?=\w+: )", "", cause)  # in which Beam wraps what a function raises
