"""Run the main job's pipeline to its end, and say how it went."""

from __future__ import annotations

import sys
import time
import uuid
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from jobs.options.encoder import SettledEncoder
from jobs.report.config import Config
from jobs.report.pipeline import build_pipeline
from jobs.running.costs import add_costs, costs_of
from jobs.running.launch import launch
from jobs.running.runners import check_filesystems, is_alone, is_submit_only, keep_parts, make_options
from jobs.running.workers import equip_workers
from reports.sections.readings import most_dropped
from reports.sections.tasks import say_to_do
from reports.words.readings import DROPPED
from reports.words.warnings import say_warning
from transforms.output.layout import REPORT, RUN
from transforms.output.publish import staging_folder
from transforms.output.stored import to_record
from transforms.readings.together import FEW_READERS
from transforms.results import ReadingSummary, RunWarning
from transforms.search.tune import SHARD_ARTICLES, uses_cells
from transforms.site.site_model import PLAIN_SITE, Site


def run_report(
    config: Config,
    encoder: SettledEncoder,
    posts: int | None,
    views: Mapping[str, int] | None = None,
    site: Site = PLAIN_SITE,
) -> int:
    """Run the job on `posts` files (None: not counted) of a site, with page views; returns the exit code."""
    options = make_options(config.beam_args)
    encoding = config.encoding
    if is_submit_only(options):
        equip_workers(options, tensorflow="tensorflow" in encoding.extras)
    paths = (*config.source.patterns, *config.readings.paths)
    check_filesystems((*paths, config.output, config.previous, encoding.model, encoding.model_dir, encoding.cache))
    start = time.monotonic()
    staging = staging_folder(config.output, uuid.uuid4().hex[:12])
    keep_parts(options, staging)
    exact = posts is not None and not uses_cells(config.searching.search, posts)
    build = partial(
        build_pipeline,
        config=config,
        encoder=encoder,
        staging=staging,
        views=views,
        site=site,
        search="exact" if exact else config.searching.search,
        shard_articles=None if is_alone(options) else SHARD_ARTICLES,
    )
    result = launch(
        "postkin report",
        build,
        options,
        staging=staging,
        posts=posts,
        quiet=config.quiet,
        verbose=config.verbose,
        timeout=config.timeout,
    )
    if isinstance(result, int):
        return result
    if is_submit_only(options):
        say(config, f"submitted; the report will be at {config.output}/{REPORT}")
        return 0
    return close(config, partial(costs_of, result), time.monotonic() - start)


def close(config: Config, costs: Callable[[], Mapping[str, Any]], seconds: float) -> int:
    """Add what a run cost to its run.json, and say how it went; returns the exit code."""
    try:
        run = add_costs(config.output, costs())
    except Exception as error:  # noqa: BLE001  a filesystem's or a runner's own
        reason = " ".join((str(error) or type(error).__name__).split())
        sys.stderr.write(
            f"postkin report: the report is at {config.output}/{REPORT}, but what it cost cannot be added to {RUN}:"
            f" {reason}\n"
        )
        return 1
    say(config, closing_line(run, seconds, config.output))
    for line in (*reading_lines(run), *warning_lines(run), *to_do_lines(run)):
        say(config, line)
    return 0


def warning_lines(run: dict[str, Any]) -> list[str]:
    """Say what a run warns of, a line each."""
    said = [say_warning(to_record(RunWarning, row)) for row in run["warnings"]]
    return [f"warning: {warning.said} {warning.advice}" for warning in said]


def to_do_lines(run: dict[str, Any]) -> list[str]:
    """Say how much there is to do, a line for each kind of work."""
    return [f"to do: {line}" for line in say_to_do(run["to_do"])]


def reading_lines(run: dict[str, Any]) -> list[str]:
    """Say what was read of logs, if there were any."""
    if "readings" not in run:
        return []
    logs = to_record(ReadingSummary, run["readings"])
    if not logs.reads:
        left_out = "; ".join(f"{rows:,} {DROPPED.get(reason, reason)}" for reason, rows in most_dropped(logs))
        return [f"warning: no read of a post in {logs.rows:,} rows of logs" + (f": {left_out}" if left_out else "")]
    if not logs.published:
        few = f"nothing is told by them: fewer than {FEW_READERS} readers have read two posts"
        return [f"{logs.reads:,} reads of posts in {logs.rows:,} rows of logs; {few}"]
    found = f"{run['tables']['also_read']['rows']:,} posts have others that were read with them"
    return [f"{logs.reads:,} reads of posts by {logs.readers:,} readers in {logs.rows:,} rows of logs; {found}"]


def closing_line(run: dict[str, Any], seconds: float, output: str) -> str:
    """Say what was done, how long it took and where the report is."""
    counts = run["counts"]
    skipped, notes = sum(counts["skipped"].values()), sum(run["notes"].values())
    kinds = ", ".join(f"{count:,} {kind}" for kind, count in counts["skipped"].items())
    parts = (
        (counts["rejected"], "rejected"),
        (skipped, f"skipped: {kinds}"),
        (notes, "notes" if notes > 1 else "note"),
    )
    left_out = "; ".join(f"{n:,} {what}" for n, what in parts if n)
    posts = f"{counts['parsed']:,} posts" + (f" ({left_out})" if left_out else "")
    themes = run["tables"]["clusters"]["rows"]
    return f"{posts}, {themes} themes in {seconds:.1f} s; report: {output}/{REPORT}"


def say(config: Config, line: str) -> None:
    """Print a line unless the run is quiet."""
    if not config.quiet:
        sys.stdout.write(f"postkin: {line}\n")
