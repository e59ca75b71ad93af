"""What a Flex Template's launcher runs: submits the report with a launch's parameters, and ends."""

from __future__ import annotations

import sys
from pathlib import Path

try:
    import jobs
except ImportError:  # run by its path from a checkout that is not installed
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
    import jobs  # noqa: F401

from jobs.dataflow.arguments import from_template
from jobs.options.errors import UsageError, refuse
from jobs.report import command, config


def main(arguments: list[str]) -> int:
    """Submit the job; returns the exit code."""
    try:
        argv = from_template(arguments, config.make_parser())
    except UsageError as error:
        return refuse(error, "postkin report")
    return command.main([*argv, "--no-config"])  # what is in the image is no blog


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
