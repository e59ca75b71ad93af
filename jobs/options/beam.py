"""What is known of Beam's own flags without importing it, which takes longer than a refusal should."""

from __future__ import annotations

import importlib.util
import re
from collections.abc import Sequence
from pathlib import Path

from jobs.options.errors import UsageError

UNSUPPORTED_RUNNERS = {"DaskRunner": "it loses data silently"}


def beam_flags() -> frozenset[str]:
    """Return the names of Beam's flags, read from its source: importing it takes longer than a refusal should."""
    spec = importlib.util.find_spec("apache_beam")
    if spec is None or spec.origin is None:
        raise UsageError("apache-beam is not installed; run: pip install postkin")
    source = Path(spec.origin).parent / "options" / "pipeline_options.py"
    return frozenset(re.findall(r"""['"](--\w+)['"]""", source.read_text(encoding="utf-8")))


def value_of(arguments: Sequence[str], flag: str) -> str | None:
    """Return the last value that arguments give a flag, as `--flag=value` or `--flag value`; None without one."""
    value = None
    for argument, after in zip(arguments, [*arguments[1:], None], strict=False):
        name, equals, given = argument.partition("=")
        if name == flag:
            value = given if equals else after
    return value


LOCAL = ("fnapirunner", "directrunner")
"""The runners that work on this machine alone, in small letters."""
RUNNERS = ("dataflow", "dataflowrunner")
"""What Beam takes for its runner on Dataflow, in small letters."""


def is_dataflow(runner: str | None) -> bool:
    """Tell whether a runner's name, or its class's, is that of the runner on Dataflow."""
    return runner is not None and runner.lower().rpartition(".")[2] in RUNNERS


def is_flink(runner: str | None) -> bool:
    """Tell whether a runner's name, or its class's, is that of the runner on Flink."""
    return runner is not None and runner.lower().rpartition(".")[2] == "flinkrunner"


def is_local_runner(runner: str | None) -> bool:
    """Tell whether a runner's name, or its class's, is of one that works on this machine; None is the usual one."""
    return runner is None or runner.lower().rpartition(".")[2] in LOCAL


def shares_folder(beam_args: Sequence[str]) -> bool:
    """Tell whether the workers are processes of this machine that work in the folder of the launch."""
    runner, environment = value_of(beam_args, "--runner"), value_of(beam_args, "--environment_type")
    if is_local_runner(runner):
        return True
    if environment is not None:
        return environment.upper() == "LOOPBACK"
    alone = is_flink(runner) and (value_of(beam_args, "--flink_master") or "[auto]") in ("[auto]", "[local]")
    return alone or str(runner).lower().rpartition(".")[2] == "prismrunner"
