"""Runs side by side: what they measured and cost, and how far their related articles agree."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from reports.words.format import DASH
from reports.words.markdown import escape_name, markdown_table
from transforms.output.compared_runs import FIRST, ComparedRun

ENCODING = ("encode", "fit encoder", "load encoder")
"""The stages that an encoder costs."""

RELATED, TAGS = "related dice@4", "tags map@10"


@dataclass(frozen=True)
class RunRow:
    """A run as it is shown; None for what it does not know, as the costs of a run that nobody waited for."""

    run: str
    encoder: str
    text: str
    dimensions: int
    posts: int
    related_dice: float | None
    related_text: float | None
    tags_map: float | None
    tags_means: float | None
    tags_names: float | None
    encode_seconds: float | None
    total_seconds: float | None
    peak_mb: float | None
    digest: str


@dataclass(frozen=True)
class PairRow:
    """How far two runs agree on the `posts` that both have, None when there are none.

    `in_common` is the mean share of the first `FIRST` related ids that both name, `same_first` the share of posts
    with the same first one.
    """

    left: str
    right: str
    posts: int
    in_common: float | None
    same_first: float | None
    same_digest: bool


@dataclass(frozen=True)
class Comparison:
    """A row for each run, as they were given, and for each pair of them."""

    runs: tuple[RunRow, ...]
    pairs: tuple[PairRow, ...]


Column = tuple[str, Callable[[Any], str] | None]
"""A column's heading, and how its numbers are shown; None for text."""
_RUN_COLUMNS: Mapping[str, Column] = {
    "run": ("run", None),
    "encoder": ("encoder", None),
    "text": ("text", None),
    "dimensions": ("dimensions", "{:,.0f}".format),
    "posts": ("posts", "{:,.0f}".format),
    "related_dice": (RELATED, "{:.4f}".format),
    "related_text": ("by text", "{:.4f}".format),
    "tags_map": (TAGS, "{:.4f}".format),
    "tags_means": ("means", "{:.4f}".format),
    "tags_names": ("names", "{:.4f}".format),
    "encode_seconds": ("encode s", "{:,.2f}".format),
    "total_seconds": ("total s", "{:,.2f}".format),
    "peak_mb": ("peak MB", "{:,.0f}".format),
}
_PAIR_COLUMNS: Mapping[str, Column] = {
    "left": ("run", None),
    "right": ("and run", None),
    "posts": ("posts in both", "{:,.0f}".format),
    "in_common": ("related in common", "{:.1%}".format),
    "same_first": ("same first", "{:.1%}".format),
    "same_digest": ("same digest", {True: "yes", False: "no"}.__getitem__),
}


def compare_runs(runs: Sequence[ComparedRun]) -> Comparison:
    """Put runs side by side, and each beside every later one."""
    pairs = itertools.combinations(runs, 2)
    return Comparison(tuple(map(run_row, runs)), tuple(compare_pair(left, right) for left, right in pairs))


def run_row(run: ComparedRun) -> RunRow:
    """Sum up one run."""
    encoding = [cost.seconds for stage, cost in run.stages.items() if stage in ENCODING]
    costs = run.stages.values()
    return RunRow(
        run=run.name,
        encoder=run.encoder,
        text=", ".join(run.parts),
        dimensions=run.dim,
        posts=run.posts,
        related_dice=_in_use(run, RELATED),
        related_text=run.metrics.get((RELATED, "text")),
        tags_map=_in_use(run, TAGS),
        tags_means=run.metrics.get((TAGS, "means")),
        tags_names=run.metrics.get((TAGS, "names")),
        encode_seconds=round(sum(encoding), 3) if encoding else None,
        total_seconds=round(sum(cost.seconds for cost in costs), 3) if costs else None,
        peak_mb=max((cost.peak_mb for cost in costs), default=None),
        digest=run.digest,
    )


def _in_use(run: ComparedRun, measure: str) -> float | None:
    return run.metrics.get((measure, run.in_use.get(measure, "")))


def compare_pair(left: ComparedRun, right: ComparedRun) -> PairRow:
    """Compare the related articles of the posts that both runs have; those without any in either are left out."""
    both = sorted(left.related.keys() & right.related.keys())
    firsts = [(left.related[post][:FIRST], right.related[post][:FIRST]) for post in both]
    judged = [(ours, theirs) for ours, theirs in firsts if ours or theirs]
    shares = [share_in_common(ours, theirs) for ours, theirs in judged]
    same = [ours[:1] == theirs[:1] for ours, theirs in judged]
    return PairRow(
        left=left.name,
        right=right.name,
        posts=len(both),
        in_common=round(sum(shares) / len(shares), 4) if shares else None,
        same_first=round(sum(same) / len(same), 4) if same else None,
        same_digest=left.digest == right.digest,
    )


def share_in_common(left: Sequence[str], right: Sequence[str]) -> float:
    """Return the share of ids, of the longer list's number, that both lists hold; one of them must hold some."""
    return len(set(left) & set(right)) / max(len(left), len(right))


def comparison_markdown(comparison: Comparison) -> str:
    """Lay out a comparison as two Markdown tables."""
    return f"{_markdown(comparison.runs, _RUN_COLUMNS)}\n{_markdown(comparison.pairs, _PAIR_COLUMNS)}"


def _markdown(rows: Sequence[RunRow | PairRow], columns: Mapping[str, Column]) -> str:
    cells = [[_cell(getattr(row, name), show) for name, (_, show) in columns.items()] for row in rows]
    align = ["---" if show is None else "---:" for _, show in columns.values()]
    return markdown_table([head for head, _ in columns.values()], cells, align)


def _cell(value: Any, show: Callable[[Any], str] | None) -> str:
    if show is None:
        return escape_name(value)
    return DASH if value is None else show(value)
