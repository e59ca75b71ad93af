"""The map of articles: its points, and the names of tags that stand among them.

Maps are drawn in units of their own, WIDTH wide and HEIGHT high, and scaled by the page to the room there is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from reports.views import ThemeLink
from reports.words.language import to_say
from transforms.records import Article
from transforms.results import MapMethod, MapPoint

WIDTH, HEIGHT = 1000, 620
MARGIN = 24
"""The rim that no point comes into."""
MAX_LABELS = 24
LABEL_HEIGHT, LABEL_CHAR = 26, 10
"""The room that a tag's name takes, at its largest; a wide character takes that of two."""
NAMES: Mapping[MapMethod, str] = {"tsne": "t-SNE", "pca": "PCA", "umap": "UMAP", "readers": to_say("by readers")}
"""The layouts in the order in which they are offered."""
MEANINGS: Mapping[MapMethod, str] = {
    "tsne": to_say(
        "t-SNE puts posts that say much the same side by side: "
        "groups mean something, the distance between groups does not."
    ),
    "pca": to_say(
        "PCA spreads the posts in the two directions in which their texts differ most: far apart is unlike, "
        "but not all that is close is alike."
    ),
    "umap": to_say(
        "UMAP puts posts that say much the same side by side, "
        "and groups that are close are more alike than distant ones."
    ),
    "readers": to_say("Posts that the same people read stand side by side, whatever their texts say."),
}
"""What a reader may conclude from each layout."""


@dataclass(frozen=True)
class Label:
    """The name of a tag at the mean of the points that carry it."""

    tag: str
    x: int
    y: int


@dataclass(frozen=True)
class Dots:
    """The points of a theme as SVG path data, and the theme (None: in no theme)."""

    theme: ThemeLink | None
    path: str


@dataclass(frozen=True)
class Map:
    """One layout: what it means, the ids of the articles on it with their places, and the names of tags."""

    method: MapMethod
    name: str
    meaning: str
    places: Mapping[str, tuple[int, int]]
    labels: tuple[Label, ...]


@dataclass(frozen=True)
class MapView:
    """The maps of a report, the first as a still picture; `shown` of `total` articles are on it."""

    width: int
    height: int
    maps: tuple[Map, ...]
    dots: tuple[Dots, ...]
    shown: int
    total: int

    @property
    def sampled(self) -> bool:
        """Whether some articles are on no map: a sample is shown, or those without a vector are left out."""
        return self.shown < self.total


def draw_maps(
    points: Sequence[MapPoint],
    articles: Sequence[Article],
    themes: Mapping[str, ThemeLink],
    tag_counts: Mapping[str, int],
    total: int,
) -> MapView | None:
    """The maps of the articles, of `total` in the corpus, in the order of `NAMES`, or None where there is none."""
    tags = {article.id: article.tags for article in articles}
    maps = tuple(
        _map(method, of_method, tags, tag_counts)
        for method in NAMES
        if (of_method := [point for point in points if point.method == method and point.id in tags])
    )
    if not maps:
        return None
    first = maps[0].places
    return MapView(WIDTH, HEIGHT, maps, still_dots(first, themes), len(first), total)


def place(point: MapPoint) -> tuple[int, int]:
    """Where a point of -1 to 1 (y upwards) stands on the map (y downwards)."""
    return (
        round(MARGIN + (point.x + 1) / 2 * (WIDTH - 2 * MARGIN)),
        round(MARGIN + (1 - point.y) / 2 * (HEIGHT - 2 * MARGIN)),
    )


def still_dots(places: Mapping[str, tuple[int, int]], themes: Mapping[str, ThemeLink]) -> tuple[Dots, ...]:
    """The points theme by theme: of each a stroke without length, which round caps make a dot."""
    by_theme: dict[ThemeLink | None, list[str]] = {}
    for id_ in sorted(places):
        x, y = places[id_]
        by_theme.setdefault(themes.get(id_), []).append(f"M{x} {y}h0")
    return tuple(
        Dots(theme, "".join(strokes))
        for theme, strokes in sorted(by_theme.items(), key=lambda item: item[0].anchor if item[0] else "")
    )


def tag_labels(
    places: Mapping[str, tuple[int, int]], tags: Mapping[str, Sequence[str]], tag_counts: Mapping[str, int]
) -> tuple[Label, ...]:
    """The names of the most used tags at the means of their points, those left out that others leave no room for."""
    carriers: dict[str, list[tuple[int, int]]] = {}
    for id_ in sorted(places):
        for tag in tags[id_]:
            carriers.setdefault(tag, []).append(places[id_])
    labels: list[Label] = []
    for tag in sorted(carriers, key=lambda tag: (-tag_counts.get(tag, 0), tag)):
        x, y = (round(sum(values) / len(values)) for values in zip(*carriers[tag], strict=True))
        half = min(WIDTH, _width(tag)) // 2
        label = Label(tag, min(max(x, half), WIDTH - half), y)
        if len(carriers[tag]) > 1 and not any(_overlap(label, other) for other in labels):
            labels.append(label)
        if len(labels) == MAX_LABELS:
            break
    return tuple(labels)


def _map(
    method: MapMethod,
    points: Sequence[MapPoint],
    tags: Mapping[str, Sequence[str]],
    tag_counts: Mapping[str, int],
) -> Map:
    places = {point.id: place(point) for point in points}
    return Map(method, NAMES[method], MEANINGS[method], places, tag_labels(places, tags, tag_counts))


def _overlap(one: Label, other: Label) -> bool:
    room = (_width(one.tag) + _width(other.tag)) / 2
    return abs(one.x - other.x) < room and abs(one.y - other.y) < LABEL_HEIGHT


def _width(tag: str) -> int:
    return LABEL_CHAR * sum(1 if sign < "\u2e80" else 2 for sign in tag)
