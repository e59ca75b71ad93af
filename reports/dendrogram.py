"""The geometry of the dendrogram: how themes join, drawn from left (one group) to right (the themes).

The tree is drawn in units of its own, WIDTH wide and ROW high for each leaf, and stretched by the page to the room
there is. The labels are no part of the drawing: the page sets them beside it, a row a leaf, where the browser wraps
them by the true width of their script.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from reports.format import decimal, plural
from reports.views import ThemeLink
from transforms.records import Cluster, Dendrogram, Merge

WIDTH = 1000.0
ROW = 40.0
MAX_TICKS = 5
STEM = 1.05
"""The axis is this much longer than the highest merge, which leaves room for the root."""


@dataclass(frozen=True)
class Leaf:
    """A theme at the end of its branch."""

    theme: ThemeLink
    size: str


@dataclass(frozen=True)
class Tick:
    """A mark on the axis: the distance, `x` in the units of the drawing and `left` in percent of its width."""

    label: str
    x: str
    left: str


@dataclass(frozen=True)
class Step:
    """A merge in words: what joins what, at which distance, and the posts that it gathers."""

    number: int
    left: str
    right: str
    distance: str
    size: str


@dataclass(frozen=True)
class Drawing:
    """A dendrogram ready to be printed: SVG path data, leaves from top to bottom, ticks, and merges in words."""

    width: str
    height: str
    paths: tuple[str, ...]
    leaves: tuple[Leaf, ...]
    ticks: tuple[Tick, ...]
    steps: tuple[Step, ...]


def draw_dendrogram(
    dendrogram: Dendrogram, clusters: Sequence[Cluster], themes: Mapping[int, ThemeLink]
) -> Drawing | None:
    """The drawing of a linkage, or None where there is nothing to join."""
    if not dendrogram.merges:
        return None
    limit = max(merge.height for merge in dendrogram.merges) * STEM or 1.0
    sizes = {cluster.number: cluster.size for cluster in clusters}
    leaves = [dendrogram.clusters[leaf] for leaf in dendrogram.leaf_order]
    return Drawing(
        width=f"{WIDTH:.0f}",
        height=f"{ROW * len(leaves):.0f}",
        paths=tuple(branch_paths(dendrogram, limit)),
        leaves=tuple(Leaf(themes[number], plural(sizes[number], "post")) for number in leaves),
        ticks=tuple(axis_ticks(limit)),
        steps=tuple(_steps(dendrogram, themes, sizes)),
    )


def branch_paths(dendrogram: Dendrogram, limit: float) -> list[str]:
    """SVG path data: a bracket a merge, then the stem of the root; `limit` is the distance at the left edge."""
    places = {leaf: place for place, leaf in enumerate(dendrogram.leaf_order)}
    nodes = [(WIDTH, (places[leaf] + 0.5) * ROW) for leaf in range(len(dendrogram.clusters))]
    paths = []
    for merge in dendrogram.merges:
        (left_x, left_y), (right_x, right_y) = nodes[merge.left], nodes[merge.right]
        x = _x(merge.height, limit)
        paths.append(f"M{left_x:.1f} {left_y:.1f}H{x:.1f}V{right_y:.1f}H{right_x:.1f}")
        nodes.append((x, (left_y + right_y) / 2))
    root_x, root_y = nodes[-1]
    return [*paths, f"M{root_x:.1f} {root_y:.1f}H0"]


def axis_ticks(limit: float) -> list[Tick]:
    """At most six ticks from 0 up to `limit`, at multiples of 1, 2 or 5 times a power of ten."""
    power = 10.0 ** math.floor(math.log10(limit / MAX_TICKS))
    step = next(power * unit for unit in (1, 2, 5, 10) if limit / (power * unit) <= MAX_TICKS)
    digits = max(0, -math.floor(math.log10(step) + 1e-9))
    distances = [place * step for place in range(math.floor(limit / step + 1e-9) + 1)]
    return [
        Tick(decimal(distance, digits), decimal(_x(distance, limit), 1), decimal(100 * _x(distance, limit) / WIDTH, 1))
        for distance in distances
    ]


def _x(distance: float, limit: float) -> float:
    return WIDTH * (1 - distance / limit)


def _steps(dendrogram: Dendrogram, themes: Mapping[int, ThemeLink], sizes: Mapping[int, int]) -> list[Step]:
    names = [themes[number].name for number in dendrogram.clusters]
    posts = [sizes[number] for number in dendrogram.clusters]
    steps = []
    for place, merge in enumerate(dendrogram.merges, start=1):
        posts.append(posts[merge.left] + posts[merge.right])
        steps.append(_step(place, merge, names, posts[-1]))
        names.append(f"group {place}")
    return steps


def _step(place: int, merge: Merge, names: Sequence[str], posts: int) -> Step:
    return Step(place, names[merge.left], names[merge.right], decimal(merge.height, 3), plural(posts, "post"))
