"""The geometry of dendrograms: how themes or tags join, drawn from left (one group) to right (the leaves).

The tree is drawn in units of its own, WIDTH wide and ROW high for each leaf, and stretched by the page to the room
there is. The labels are no part of the drawing: the page sets them beside it, a row a leaf, where the browser wraps
them by the true width of their script.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from reports.charts.axis import at, round_steps
from reports.views import ThemeLink
from reports.words.format import decimal
from reports.words.language import ENGLISH, Language
from transforms.records import Article
from transforms.results import Cluster, Dendrogram, Merge, TagTree

WIDTH = 1000.0
ROW = 40.0
MAX_TICKS = 5
STEM = 1.05
"""The axis is this much longer than the highest merge, which leaves room for the root."""


@dataclass(frozen=True)
class Leaf:
    """A theme or a tag at the end of its branch, its number of posts, and the theme that it belongs to, if any.

    `linked` says whether its name leads to the theme.
    """

    name: str
    posts: int
    theme: ThemeLink | None
    size: str
    linked: bool


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
class Branches:
    """The branches whose leaves are all of one theme, or those of several (None), as SVG path data."""

    theme: ThemeLink | None
    path: str


@dataclass(frozen=True)
class Drawing:
    """A dendrogram ready to be printed: branches, leaves from top to bottom, ticks, and merges in words."""

    width: str
    height: str
    branches: tuple[Branches, ...]
    leaves: tuple[Leaf, ...]
    ticks: tuple[Tick, ...]
    steps: tuple[Step, ...]


def draw_dendrogram(
    dendrogram: Dendrogram, clusters: Sequence[Cluster], themes: Mapping[int, ThemeLink], say: Language = ENGLISH
) -> Drawing | None:
    """The drawing of how themes join, or None where there is nothing to join."""
    sizes = {cluster.number: cluster.size for cluster in clusters}
    leaves = [
        Leaf(themes[number].name, sizes[number], themes[number], _posts(sizes[number], say), linked=True)
        for number in dendrogram.clusters
    ]
    return draw_tree(dendrogram.merges, dendrogram.leaf_order, leaves, say)


def draw_tag_tree(tree: TagTree, theme_of: Mapping[str, ThemeLink], say: Language = ENGLISH) -> Drawing | None:
    """The drawing of how tags join, each in the colour of the theme of most of its posts; None without a tree."""
    leaves = [
        Leaf(tag, posts, theme_of.get(tag), _posts(posts, say), linked=False)
        for tag, posts in zip(tree.tags, tree.posts, strict=True)
    ]
    return draw_tree(tree.merges, tree.leaf_order, leaves, say)


def themes_of_tags(articles: Iterable[Article], themes: Mapping[str, ThemeLink]) -> dict[str, ThemeLink]:
    """Tag -> the theme that most of its articles (by id) are in, the first of equals by anchor."""
    counts: dict[str, Counter[ThemeLink]] = {}
    for article in articles:
        for tag in article.tags:
            counts.setdefault(tag, Counter()).update([themes[article.id]] if article.id in themes else [])
    return {tag: min(found, key=lambda theme: (-found[theme], theme.anchor)) for tag, found in counts.items() if found}


def draw_tree(
    merges: Sequence[Merge], leaf_order: Sequence[int], leaves: Sequence[Leaf], say: Language = ENGLISH
) -> Drawing | None:
    """The drawing of a linkage over leaves, or None where there is nothing to join."""
    if not merges:
        return None
    limit = max(merge.height for merge in merges) * STEM or 1.0
    return Drawing(
        width=f"{WIDTH:.0f}",
        height=f"{ROW * len(leaves):.0f}",
        branches=draw_branches(merges, leaf_order, [leaf.theme for leaf in leaves], limit),
        leaves=tuple(leaves[leaf] for leaf in leaf_order),
        ticks=tuple(axis_ticks(limit)),
        steps=tuple(_steps(merges, leaves, say)),
    )


def draw_branches(
    merges: Sequence[Merge], leaf_order: Sequence[int], themes: Sequence[ThemeLink | None], limit: float
) -> tuple[Branches, ...]:
    """The branches by theme, those of several themes first; `limit` is the distance at the left edge.

    A node's branch leads from it to its parent, the root's to the left edge. A merge is a line between its branches.
    """
    places = {leaf: place for place, leaf in enumerate(leaf_order)}
    nodes = [(WIDTH, (places[leaf] + 0.5) * ROW, theme) for leaf, theme in enumerate(themes)]
    strokes: dict[ThemeLink | None, list[str]] = {}
    for merge in merges:
        left, right = nodes[merge.left], nodes[merge.right]
        x = _x(merge.height, limit)
        theme = left[2] if left[2] == right[2] else None
        for from_x, y, own in (left, right):
            strokes.setdefault(own, []).append(f"M{from_x:.1f} {y:.1f}H{x:.1f}")
        strokes.setdefault(theme, []).append(f"M{x:.1f} {left[1]:.1f}V{right[1]:.1f}")
        nodes.append((x, (left[1] + right[1]) / 2, theme))
    root_x, root_y, theme = nodes[-1]
    strokes.setdefault(theme, []).append(f"M{root_x:.1f} {root_y:.1f}H0")
    ordered = sorted(strokes, key=lambda theme: theme.anchor if theme else "")
    return tuple(Branches(theme, "".join(strokes[theme])) for theme in ordered)


def axis_ticks(limit: float) -> list[Tick]:
    """At most six ticks from 0 up to `limit`."""
    return [
        Tick(label, decimal(_x(distance, limit), 1), at(_x(distance, limit) / WIDTH))
        for distance, label in round_steps(limit, MAX_TICKS)
    ]


def _x(distance: float, limit: float) -> float:
    return WIDTH * (1 - distance / limit)


def _steps(merges: Sequence[Merge], leaves: Sequence[Leaf], say: Language) -> list[Step]:
    names = [leaf.name for leaf in leaves]
    posts = [leaf.posts for leaf in leaves]
    steps = []
    for place, merge in enumerate(merges, start=1):
        posts.append(posts[merge.left] + posts[merge.right])
        distance = decimal(merge.height, 3)
        steps.append(Step(place, names[merge.left], names[merge.right], distance, _posts(posts[-1], say)))
        names.append(say("group {n}", n=place))
    return steps


def _posts(count: int, say: Language) -> str:
    return say.count("{n} post", "{n} posts", count)
