"""What a run cost, read from Beam's metrics and added to its run.json."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from apache_beam.metrics import MetricsFilter
from apache_beam.metrics.execution import MetricResult
from apache_beam.runners.runner import PipelineResult

from transforms.output.layout import RUN
from transforms.output.publish import run_text
from transforms.plumbing.metrics import NAMESPACE
from transforms.plumbing.storage import delete, move, read_bytes, write_bytes


def costs_of(result: PipelineResult) -> dict[str, Any]:
    """Read what a run cost and counted; raises what its runner does when it has no metrics of the run."""
    return {"stages": stage_costs(result), **counted(result)}


def stage_costs(result: PipelineResult) -> dict[str, dict[str, float]]:
    """Read each stage's cost from a run's metrics: items, seconds and peak memory in MiB.

    Of a runner that has no committed values, such as Flink's, the attempted ones count.
    """
    metrics = result.metrics().query(MetricsFilter().with_namespace(NAMESPACE))
    costs: dict[str, dict[str, float]] = {}
    distributions = [metric for metric in metrics["distributions"] if "." in metric.key.metric.name]
    for metric in sorted(distributions, key=lambda metric: metric.key.metric.name):
        stage, _, unit = metric.key.metric.name.rpartition(".")
        cost = costs.setdefault(stage, {"items": 0, "seconds": 0.0, "peak_mb": 0})
        if unit == "microseconds":
            cost["seconds"] = round(cost["seconds"] + value_of(metric).sum / 1e6, 3)
        else:
            cost["peak_mb"] = max(cost["peak_mb"], value_of(metric).max)
    for metric in metrics["counters"]:
        stage, _, unit = metric.key.metric.name.rpartition(".")
        if unit == "items" and stage in costs:
            costs[stage]["items"] += value_of(metric)
    return costs


def counted(result: PipelineResult) -> dict[str, dict[str, Any]]:
    """Read what a run counted besides its stages: `counters`, and the count, sum and bounds of `distributions`."""
    metrics = result.metrics().query(MetricsFilter().with_namespace(NAMESPACE))
    counters = {metric.key.metric.name: value_of(metric) for metric in metrics["counters"]}
    found = {metric.key.metric.name: value_of(metric) for metric in metrics["distributions"]}
    return {
        "counters": {name: value for name, value in sorted(counters.items()) if "." not in name},
        "distributions": {
            name: {"count": value.count, "sum": value.sum, "min": value.min, "max": value.max}
            for name, value in sorted(found.items())
            if "." not in name
        },
    }


def value_of(metric: MetricResult) -> Any:
    """The committed value, 0 as well, which Beam's own `result` passes over; the attempted one where there is none."""
    return metric.attempted if metric.committed is None else metric.committed


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
