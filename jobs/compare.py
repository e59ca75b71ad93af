"""The comparison of runs: output folders in, a table of what they measured and how far they agree out."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from jobs.environment import prepare_for_beam
from jobs.options.errors import UsageError, refuse
from jobs.options.parser import Parser, folder
from reports.comparison import compare_runs, comparison_markdown
from transforms.output.compared_runs import load_compared
from transforms.output.stored import LoadError
from transforms.plumbing.storage import is_remote

FORMATS = ("markdown", "json")


@dataclass(frozen=True)
class Config:
    """What is compared; raises UsageError when there is nothing to compare."""

    runs: tuple[str, ...]
    format: str = "markdown"

    def __post_init__(self) -> None:
        if len(self.runs) < 2:
            raise UsageError("one run has nothing beside it; give two or more output folders of postkin report")


def make_parser() -> Parser:
    """Make the parser of the job's flags."""
    parser = Parser(
        prog="postkin compare",
        description="Put runs side by side: what they measured, what they cost, how far their related posts agree.",
    )
    parser.add_argument("runs", nargs="+", metavar="RUN", help="an output folder of postkin report; two or more")
    parser.add_argument("--format", choices=FORMATS, default="markdown", help="what to print (default: %(default)s)")
    return parser


def parse_config(argv: Sequence[str]) -> Config:
    """Turn flags into a Config; raises UsageError when they cannot be met."""
    flags = make_parser().parse_args(argv)
    return Config(tuple(flags.runs), flags.format)


def main(argv: Sequence[str] | None = None) -> int:
    """Run the job; returns the exit code."""
    try:
        config = parse_config(sys.argv[1:] if argv is None else argv)
        if any(map(is_remote, config.runs)):
            prepare_for_beam()
        comparison = compare_runs([load_compared(folder(run), run) for run in config.runs])
    except LoadError as error:
        return refuse(UsageError(str(error)), "postkin compare")
    except UsageError as error:
        return refuse(error, "postkin compare")
    if config.format == "json":
        sys.stdout.write(json.dumps(asdict(comparison), indent=2) + "\n")
    else:
        sys.stdout.write(comparison_markdown(comparison))
    return 0
