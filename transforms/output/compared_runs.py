"""A published run, read back as what runs are compared by."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated

from msgspec import Meta

from transforms.encoders.registry import kind_of
from transforms.output.stored import LoadError, StoredRun, open_run

FIRST = 4
"""How many of a post's related articles are compared."""
MOST = 10**12
"""No count, second or megabyte of a run is above this."""

Count = Annotated[int, Meta(ge=0, le=MOST)]
Amount = Annotated[float, Meta(ge=0, le=MOST)]


@dataclass(frozen=True)
class Cost:
    """What a stage cost: seconds of all its workers, and the peak memory of one in MiB."""

    seconds: Amount
    peak_mb: Amount


@dataclass(frozen=True)
class ComparedRun:
    """What a run wrote: its `metrics` by measure and method, the method `in_use` by measure, costs and related ids."""

    name: str
    encoder: str
    parts: tuple[str, ...]
    dim: int
    posts: int
    digest: str
    metrics: Mapping[tuple[str, str], float | None]
    in_use: Mapping[str, str]
    stages: Mapping[str, Cost]
    related: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class _Config:
    encoder: str
    text: tuple[str, ...]


@dataclass(frozen=True)
class _Encoder:
    id: str
    dim: Count


@dataclass(frozen=True)
class _Counts:
    parsed: Count


@dataclass(frozen=True)
class _Content:
    """What is compared of a run.json; a run of which nobody awaited the end has no stages."""

    config: _Config
    encoder: _Encoder
    counts: _Counts
    digest: str
    stages: dict[str, Cost] = field(default_factory=dict)


def load_compared(folder: str, name: str) -> ComparedRun:
    """Read what is compared of a run's folder, under a name; raises LoadError when it holds no whole run."""
    run = open_run(folder)
    content = run.read_as(_Content)
    metrics = [metric for file in run.files("metrics") for metric in run.records("metrics", file)]
    return ComparedRun(
        name=name,
        encoder=content.encoder.id,
        parts=content.config.text or tuple(kind_of(content.config.encoder).parts),
        dim=content.encoder.dim,
        posts=content.counts.parsed,
        digest=content.digest,
        metrics={(metric.measure, metric.method): metric.value for metric in metrics},
        in_use={metric.measure: metric.method for metric in metrics if metric.in_use},
        stages=content.stages,
        related=_related(run),
    )


def _related(run: StoredRun) -> dict[str, tuple[str, ...]]:
    """Read the related articles of those posts that the run's report lists: all of them, or a sample of very many."""
    related: dict[str, tuple[str, ...]] = {}
    for file in run.files("related"):
        for row in run.records("related", file):
            if row.id in related:
                raise LoadError(f"{run.folder!r} holds no run that can be compared: {file.file} has {row.id!r} twice")
            related[row.id] = tuple(other.id for other in row.related if other.kind == "similar")[:FIRST]
    return related
