"""A published run, read back as what the next run takes from it."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass
from typing import Annotated, Any, Literal, TypeVar

from msgspec import Meta

from transforms.output.stored import LoadError, NoRunError, OtherFormatError, StoredRun, open_run
from transforms.previous import PreviousRun, PreviousTheme
from transforms.reading.clean_line import clean_line
from transforms.results import Before, MapMethod, Neighbor, RelatedKind, ScoredTag, ScoredWord
from transforms.sampling import FIT_ARTICLES, sampled

MOST_THEMES = 10**6
"""No theme has a number above this."""

Number = Annotated[int, Meta(ge=1, le=MOST_THEMES)]
Coordinate = Annotated[float, Meta(ge=-1, le=1)]
Digest = Annotated[str, Meta(pattern="^[0-9a-f]{64}$")]


def find_previous(folder: str) -> PreviousRun:
    """Read what the next run takes from the run in a folder; where that cannot be had, none, and why."""
    try:
        return load_previous(open_run(folder))
    except NoRunError:
        return PreviousRun(problem="previous_missing")
    except OtherFormatError:
        return PreviousRun(problem="previous_format")
    except LoadError:
        return PreviousRun(problem="previous_damaged")


def load_previous(run: StoredRun) -> PreviousRun:
    """Read what the next run takes from a run; raises LoadError when its folder holds no whole run."""
    total = run.corpus_size
    members = {
        row.id: row.cluster for row in _once(run, "members", _sample(run.read_rows("members", _Member), total), ("id",))
    }
    themes = tuple(_theme(row) for row in _once(run, "clusters", run.read_rows("clusters", _Theme), ("number",)))
    if unknown := set(members.values()) - {theme.number for theme in themes}:
        raise LoadError(f"{run.folder!r} holds no whole run: theme {min(unknown)} is in a table, and no theme is")
    points: defaultdict[MapMethod, dict[str, tuple[float, float]]] = defaultdict(dict)
    for point in _once(run, "map", run.read_rows("map", _Point), ("method", "id")):
        points[point.method][point.id] = point.x, point.y
    related = {
        row.id: tuple(Neighbor(other.id, other.score) for other in row.related if other.kind == "similar")
        for row in _once(run, "related", _sample(run.read_rows("related", _Related), total), ("id",))
    }
    asked = run.read_as(_Config, "config").clusters
    return PreviousRun(
        digest=run.read_as(Digest, "digest"),
        themes=themes,
        next_theme=max(run.read_as(Number, "themes", "next"), *(theme.number + 1 for theme in themes)),
        asked=asked if isinstance(asked, int) else None,
        members=members,
        points=dict(points),
        related=related,
        before=_before(run),
    )


def _before(run: StoredRun) -> Before:
    """Take a run's figures; reads all that changes are told from, so that what is damaged is found out here."""
    posts, newest = 0, ""
    for article in run.table("articles"):  # row by row, since they may be many
        posts += 1
        newest = max(newest, (article.date or "")[:10])
    before = Before(
        posts=posts,
        newest=newest or None,
        tag_issues=sum(issue.shown for issue in run.table("tag_issues")),
        broken_links=sum(link.kind == "broken" for link in run.table("unresolved_links")),
        metrics=tuple(metric for metric in run.table("metrics") if metric.in_use),
    )
    for table in ("related", "clusters"):
        deque(run.table(table), maxlen=0)
    return before


@dataclass(frozen=True)
class _Config:
    clusters: Number | Literal["auto"]


@dataclass(frozen=True)
class _Member:
    id: str
    cluster: Number


@dataclass(frozen=True)
class _Theme:
    number: Number
    name: str
    tags: tuple[ScoredTag, ...]
    words: tuple[ScoredWord, ...]


@dataclass(frozen=True)
class _Point:
    id: str
    method: MapMethod
    x: Coordinate
    y: Coordinate


@dataclass(frozen=True)
class _RelatedArticle:
    id: str
    score: float
    kind: RelatedKind


@dataclass(frozen=True)
class _Related:
    id: str
    related: tuple[_RelatedArticle, ...]


_Row = TypeVar("_Row", _Member, _Related)


def _theme(row: _Theme) -> PreviousTheme:
    tags, words = tuple(tag.tag for tag in row.tags), tuple(word.word for word in row.words)
    return PreviousTheme(row.number, clean_line(row.name), tags, words)


def _sample(rows: Iterable[_Row], total: int) -> Iterator[_Row]:
    """The rows of the articles of which something is taken from a run of so many files."""
    return (row for row in rows if sampled(row.id, total, FIT_ARTICLES))


def _once(run: StoredRun, table: str, rows: Iterable[Any], key: tuple[str, ...]) -> list[Any]:
    """Return a table's rows; raises LoadError when two of them have the same key."""
    found: dict[Hashable, Any] = {}
    for row in rows:
        of = tuple(getattr(row, name) for name in key)
        if of in found:
            raise LoadError(f"{run.folder!r} holds no whole run: {table} has {of!r} twice")
        found[of] = row
    return list(found.values())
