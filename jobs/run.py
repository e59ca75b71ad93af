"""Run the main job's pipeline to its end, and say how it went."""

from __future__ import annotations

import json
import sys
import time
import uuid
from collections.abc import Mapping
from contextlib import suppress
from functools import partial
from typing import Any

from apache_beam.metrics import MetricsFilter
from apache_beam.runners.runner import PipelineResult

from jobs.dataflow.workers import equip_workers
from jobs.encoder import SettledEncoder
from jobs.launch import check_filesystems, is_alone, is_submit_only, launch, make_options
from jobs.pipeline import build_pipeline
from jobs.report import Config
from reports.assemble import REPORT
from transforms import observe
from transforms.encoders import kind_of
from transforms.layout import RUN
from transforms.plan import SHARD_ARTICLES, uses_cells
from transforms.publish import run_text, staging_folder
from transforms.storage import delete, move, read_bytes, write_bytes


def run_report(
    config: Config, encoder: SettledEncoder, posts: int | None, views: Mapping[str, int] | None = None
) -> int:
    """Run the job on `posts` files (None: not counted) with an encoder and page views; returns the exit code."""
    options = make_options(config.beam_args)
    encoding = config.encoding
    if is_submit_only(options):
        equip_workers(options, tensorflow=not kind_of(encoding.encoder).trained_on_corpus)
    check_filesystems((*config.source.patterns, config.output, encoding.model, encoding.model_dir, encoding.cache))
    start = time.monotonic()
    staging = staging_folder(config.output, uuid.uuid4().hex[:12])
    exact = posts is not None and not uses_cells(config.searching.search, posts)
    build = partial(
        build_pipeline,
        config=config,
        encoder=encoder,
        staging=staging,
        views=views,
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
    return close(config, {"stages": stage_costs(result), **counted(result)}, time.monotonic() - start)


def close(config: Config, costs: Mapping[str, Any], seconds: float) -> int:
    """Add what a run cost to its run.json, and say how it went; returns the exit code."""
    try:
        run = add_costs(config.output, costs)
    except Exception as error:  # noqa: BLE001  a filesystem's own
        reason = " ".join((str(error) or type(error).__name__).split())
        sys.stderr.write(
            f"postkin report: the report is at {config.output}/{REPORT}, but what it cost cannot be added to {RUN}:"
            f" {reason}\n"
        )
        return 1
    say(config, closing_line(run, seconds, config.output))
    return 0


def stage_costs(result: PipelineResult) -> dict[str, dict[str, float]]:
    """Read each stage's cost from a run's metrics: items, seconds and peak memory in MiB."""
    metrics = result.metrics().query(MetricsFilter().with_namespace(observe.NAMESPACE))
    costs: dict[str, dict[str, float]] = {}
    distributions = [metric for metric in metrics["distributions"] if "." in metric.key.metric.name]
    for metric in sorted(distributions, key=lambda metric: metric.key.metric.name):
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


def counted(result: PipelineResult) -> dict[str, dict[str, Any]]:
    """Read what a run counted besides its stages: `counters`, and the count, sum and bounds of `distributions`."""
    metrics = result.metrics().query(MetricsFilter().with_namespace(observe.NAMESPACE))
    counters = {metric.key.metric.name: metric.committed for metric in metrics["counters"]}
    found = {metric.key.metric.name: metric.committed for metric in metrics["distributions"]}
    return {
        "counters": {name: value for name, value in sorted(counters.items()) if "." not in name},
        "distributions": {
            name: {"count": value.count, "sum": value.sum, "min": value.min, "max": value.max}
            for name, value in sorted(found.items())
            if "." not in name
        },
    }


def add_costs(output: str, costs: Mapping[str, Any]) -> dict[str, Any]:
    """Add what a run cost and counted to its published run.json, which stays as it is when that fails; returns it."""
    run: dict[str, Any] = {**json.loads(read_bytes(f"{output}/{RUN}")), **costs}
    try:
        write_bytes(f"{output}/{RUN}.new", run_text(run))
        move(f"{output}/{RUN}.new", f"{output}/{RUN}")
    except BaseException:
        with suppress(Exception):
            delete(f"{output}/{RUN}.new")
        raise
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
