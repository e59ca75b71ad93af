"""The runner that was asked for: Beam's options, and what they say of where a pipeline runs."""

from __future__ import annotations

import io
from collections.abc import Iterable
from contextlib import redirect_stderr

import apache_beam as beam
from apache_beam.io.filesystems import FileSystems
from apache_beam.options.pipeline_options import (
    DebugOptions,
    DirectOptions,
    PipelineOptions,
    PortableOptions,
    SetupOptions,
    StandardOptions,
    StreamingOptions,
    TypeOptions,
)
from apache_beam.runners.runner import create_runner

from jobs.options.beam import is_dataflow, is_flink, is_local_runner
from jobs.options.errors import UsageError
from transforms.plumbing.parts import PartsOptions
from transforms.plumbing.storage import is_remote, lacking, missing_package

PRE_OPTIMIZE = "pre_optimize"
"""The experiment that says what Beam's Python does to a graph; `all` fuses it. Left to Flink's runner (2.70), a Flatten
of which one input is written down and another is not gets two producers, and the job is refused."""
WORKER_MILLIS = 5_000
"""How long a worker of a job on Flink stays for the next step; else most steps start one of their own. It must be less
than Flink waits before it restarts a job: a worker that died would be asked again."""
WORKER_START = "transforms.plumbing.worker_start"
"""The module that workers import as they start."""


def make_options(beam_args: tuple[str, ...]) -> PipelineOptions:
    """Turn Beam's flags into its options; without a runner the job stays on this machine.

    Raises UsageError for a value that Beam does not take.
    """
    try:
        with redirect_stderr(io.StringIO()):  # argparse's usage, many lines of it
            options = PipelineOptions(list(beam_args))
            options.get_all_options()  # what is not asked for here, runners ask for later
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
    if is_local_runner(standard.runner):
        _send_when_full()
    debug = options.view_as(DebugOptions)
    if is_flink(standard.runner):
        if debug.lookup_experiment(PRE_OPTIMIZE) is None:
            debug.add_experiment(f"{PRE_OPTIMIZE}=all")
        portable = options.view_as(PortableOptions)
        portable.environment_cache_millis = portable.environment_cache_millis or WORKER_MILLIS
    types = options.view_as(TypeOptions)
    if "--pipeline_type_check" not in beam_args:
        types.pipeline_type_check = False  # the types are checked before the program ships; here it costs start-up time
    setup = options.view_as(SetupOptions)
    setup.beam_plugins = [*(setup.beam_plugins or []), WORKER_START]
    if setup.setup_file == "setup.py":
        # Beam changes into the file's folder, whose name must not be empty.
        setup.setup_file = "./setup.py"
    return options


def _send_when_full() -> None:
    """Let Beam's local runner send what it passes on when a buffer is full or complete, and not once a second too.

    That is done by another thread (2.77), and loses or tears what is written at the same time.
    """
    from apache_beam.runners.portability.fn_api_runner import worker_handlers

    worker_handlers.DATA_BUFFER_TIME_LIMIT_MS = 0


def is_submit_only(options: PipelineOptions) -> bool:
    """Tell whether the launcher ends once the job is submitted."""
    return is_dataflow(options.view_as(StandardOptions).runner)


def is_alone(options: PipelineOptions) -> bool:
    """Tell whether this process does all the work."""
    return bool(options.view_as(StandardOptions).runner == "FnApiRunner")


def is_local(options: PipelineOptions) -> bool:
    """Tell whether the pipeline runs in this process and its children."""
    return is_local_runner(options.view_as(StandardOptions).runner)


def keep_parts(options: PipelineOptions, staging: str) -> None:
    """Let large elements wait below the staging folder, which all workers reach.

    Dataflow's own shuffle does that better, and a runner on this machine would send them to a bucket and back.
    """
    if not (is_submit_only(options) or (is_local(options) and is_remote(staging))):
        options.view_as(PartsOptions).parts_folder = f"{staging}/parts"


def check_filesystems(paths: Iterable[str | None]) -> None:
    """Raise UsageError when Beam has no filesystem for a remote path, or what that needs is not installed."""
    for path in (path for path in paths if path and is_remote(path)):
        if package := missing_package(path):
            raise UsageError(lacking(path, package))
        try:
            FileSystems.get_filesystem(path)
        except ValueError:
            scheme = path.partition("://")[0]
            raise UsageError(
                f"{path!r} is on a filesystem that Beam does not know here; pip install 'postkin[gcp]' for gs://,"
                f" 'postkin[aws]' for s3:// (given: {scheme}://)"
            ) from None
