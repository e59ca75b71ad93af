"""The rendering job: the report of a run again, from the tables that it wrote and nothing else."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path

from jobs.environment import prepare_for_beam
from jobs.options.errors import UsageError, refuse
from jobs.options.page import Page, add_page_flags
from jobs.options.parser import Parser, folder
from reports.assemble import report_tables, write_report
from transforms.output.layout import REPORT, RUN, SUMMARY
from transforms.output.load import load_tables
from transforms.output.publish import RENDERING, refuse_links
from transforms.output.stored import LoadError
from transforms.plumbing.storage import delete, is_remote, move

PAGE = tuple(field.name for field in fields(Page))


@dataclass(frozen=True)
class Config:
    """Which run is rendered, and what of its page is changed: `asked` has a value for what is."""

    run: str
    asked: Mapping[str, str]
    quiet: bool = False


def make_parser() -> Parser:
    """Make the parser of the job's flags."""
    parser = Parser(
        prog="postkin render",
        description="Make report.html and summary.md again from the tables of a run, without running anything else.",
    )
    parser.add_argument("run", metavar="RUN", help="an output folder of postkin report")
    add_page_flags(parser)
    parser.add_argument("--quiet", action="store_true", help="print nothing but errors")
    return parser


def parse_config(argv: Sequence[str]) -> Config:
    """Turn flags into a Config; raises UsageError when they cannot be met."""
    flags = make_parser().parse_args(argv)
    asked = {name: value for name in PAGE if (value := getattr(flags, name)) is not None}
    Page(**asked)
    return Config(folder(flags.run), asked, flags.quiet)


def render_run(config: Config) -> None:
    """Render a run's pages in place of those that are there.

    Raises LoadError when its folder holds no whole run, and UsageError when a link stands where pages are written.
    """
    try:
        refuse_links(config.run)
    except OSError as error:
        raise UsageError(f"{config.run!r} cannot be written: {error}") from None
    run, extract = load_tables(config.run)
    if not isinstance(run.get("config"), dict):
        raise LoadError(f"{config.run!r} holds no run of this version of postkin: {RUN}: config is not an object")
    try:
        tables = report_tables({**run, "config": {**run["config"], **config.asked}}, extract)
    except KeyError as error:
        raise LoadError(f"{config.run!r} holds no run of this version of postkin: {RUN}: {error} is missing") from None
    except (AttributeError, TypeError, ValueError) as error:
        raise LoadError(f"{config.run!r} holds no run of this version of postkin: {RUN}: {error!r}") from None
    staging = f"{config.run}/{RENDERING}"
    if Path(staging).exists():  # of a rendering that was killed, or of somebody else
        delete(staging)
    write_report(tables, staging)
    for page in (SUMMARY, REPORT):
        move(f"{staging}/{page}", f"{config.run}/{page}")
    if not is_remote(staging):
        delete(staging)


def main(argv: Sequence[str] | None = None) -> int:
    """Run the job; returns the exit code."""
    try:
        config = parse_config(sys.argv[1:] if argv is None else argv)
        if is_remote(config.run):
            prepare_for_beam()
        render_run(config)
    except (LoadError, FileNotFoundError) as error:
        return refuse(UsageError(str(error)), "postkin render")
    except UsageError as error:
        return refuse(error, "postkin render")
    if not config.quiet:
        sys.stdout.write(f"postkin: report: {config.run}/{REPORT}\n")
    return 0
