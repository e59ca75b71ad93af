"""The themes over time: how many posts each has had, period by period, drawn as small pictures of one scale.

A picture is WIDTH wide and HEIGHT high in units of its own; the page stretches it to the room there is.
"""

from __future__ import annotations

import itertools
import math
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from reports.charts.axis import Tick, at
from reports.views import ArticleLink, ArticleLinks, Column, ThemeLink
from reports.words.format import number
from reports.words.language import ENGLISH, Language
from transforms.output.totals import Mark, Totals

WIDTH, HEIGHT = 400.0, 60.0
MONTHS_UP_TO, QUARTERS_UP_TO = 2, 25
"""Blogs of fewer years are shown by month, of up to so many by quarter, older ones by year."""
MAX_TICKS = 6
LAST_TICK = 0.92
"""Right of this share of the axis there is no room for a label."""

MAX_YEARS = 40
"""Of more years than these the table leaves out those without posts."""

Period = tuple[int, int]
"""A year, and the month, the quarter or 0 in it."""


@dataclass(frozen=True)
class ThemeTime:
    """A theme's posts over time, a column a period with any, its most in a period, its years, and whom to look at."""

    theme: ThemeLink
    columns: tuple[Column, ...]
    most: str
    years: tuple[str, ...]
    newest: ArticleLink | None
    newest_day: str
    popular: ArticleLink | None
    views: str


@dataclass(frozen=True)
class Timeline:
    """All themes over time: `unit` says what a step is, `first` and `last` where the pictures begin and end.

    `highest` is the number of posts at the top of every picture, `ticks` mark where years, or months, begin, and
    `grid` is their lines as SVG path data.
    """

    width: str
    height: str
    unit: str
    first: str
    last: str
    highest: str
    ticks: tuple[Tick, ...]
    grid: str
    years: tuple[str, ...]
    themes: tuple[ThemeTime, ...]


@dataclass(frozen=True)
class Scale:
    """The steps of a timeline: which period a day is in, all periods, and what one is called."""

    period: Callable[[str], Period]
    periods: tuple[Period, ...]
    unit: str
    name: Callable[[Period], str]


def draw_timeline(
    totals: Totals, themes: Mapping[int, ThemeLink], links: ArticleLinks, say: Language = ENGLISH
) -> Timeline | None:
    """The themes over time in the order of `themes`, or None where no article has a date."""
    days = sorted({day for _, day in totals.days})
    if not days:
        return None
    scale = time_scale(days, say)
    years = _years(scale, days)
    counts: dict[int, Counter[Period]] = {number_: Counter() for number_ in themes}
    for (cluster, day), count in totals.days.items():
        if cluster is not None:
            counts[cluster][scale.period(day)] += count
    highest = max(1, max((max(found.values(), default=0) for found in counts.values()), default=1))
    ticks = time_ticks(scale)
    return Timeline(
        width=f"{WIDTH:.0f}",
        height=f"{HEIGHT:.0f}",
        unit=scale.unit,
        first=scale.name(scale.periods[0]),
        last=scale.name(scale.periods[-1]),
        highest=number(highest),
        ticks=tuple(Tick(label, at(share)) for share, label in ticks),
        grid="".join(f"M{WIDTH * share:.1f} 0V{HEIGHT:.0f}" for share, _ in ticks),
        years=years,
        themes=tuple(
            _theme(
                theme,
                counts[number_],
                scale,
                highest,
                years,
                totals.newest.get(number_),
                totals.popular.get(number_),
                links,
            )
            for number_, theme in themes.items()
        ),
    )


def time_scale(days: Sequence[str], say: Language = ENGLISH) -> Scale:
    """The steps between the first and the last of some days (YYYY-MM-DD): months, quarters or years, all of them."""
    first, last = min(days), max(days)
    span = int(last[:4]) - int(first[:4])
    if span < MONTHS_UP_TO:
        return _scale(first, last, 12, say("Posts a month"), lambda period: f"{period[0]:04}-{period[1]:02}")
    if span < QUARTERS_UP_TO:
        return _scale(first, last, 4, say("Posts a quarter"), lambda period: f"{period[0]:04} Q{period[1]}")
    return _scale(first, last, 1, say("Posts a year"), lambda period: f"{period[0]:04}")


def time_ticks(scale: Scale) -> list[tuple[float, str]]:
    """Where a few years begin, as shares of the axis with their labels; where no two begin, some of the periods."""
    years = [(place, year) for place, (year, part) in enumerate(scale.periods) if part == 1]
    if len(years) > 1:
        step = next(step for step in round_counts() if sum(year % step == 0 for _, year in years) <= MAX_TICKS)
        found = [(place, f"{year:04}") for place, year in years if year % step == 0]
    else:
        step = math.ceil(len(scale.periods) / MAX_TICKS)
        found = [(place, scale.name(scale.periods[place])) for place in range(0, len(scale.periods), step)]
    shares = [(place / len(scale.periods), label) for place, label in found]
    return [(share, label) for share, label in shares if share <= LAST_TICK]


def round_counts() -> Iterator[int]:
    """1, 2, 5, 10, 20, 50, 100 and so on."""
    return (unit * 10**power for power in itertools.count() for unit in (1, 2, 5))


def columns(counts: Counter[Period], highest: int, scale: Scale) -> tuple[Column, ...]:
    """A column for each period that has posts, the highest of all themes as high as the picture."""
    step = WIDTH / len(scale.periods)
    return tuple(
        Column(
            f"M{place * step:.1f} {HEIGHT:.0f}V{HEIGHT * (1 - counts[period] / highest):.1f}"
            f"H{(place + 1) * step:.1f}V{HEIGHT:.0f}Z",
            f"{scale.name(period)}: {number(counts[period])}",
        )
        for place, period in enumerate(scale.periods)
        if counts[period]
    )


def _years(scale: Scale, days: Iterable[str]) -> tuple[str, ...]:
    """The years of a timeline: all of them, or those with posts if some are far from the others."""
    years = range(scale.periods[0][0], scale.periods[-1][0] + 1)
    with_posts = {int(day[:4]) for day in days}
    return tuple(f"{year:04}" for year in years if len(years) <= MAX_YEARS or year in with_posts)


def _scale(first: str, last: str, parts: int, unit: str, name: Callable[[Period], str]) -> Scale:
    def period(text: str) -> Period:
        return int(text[:4]), (int(text[5:7]) - 1) * parts // 12 + 1

    steps = [(year, part) for year in range(int(first[:4]), int(last[:4]) + 1) for part in range(1, parts + 1)]
    return Scale(period, tuple(step for step in steps if period(first) <= step <= period(last)), unit, name)


def _theme(
    theme: ThemeLink,
    counts: Counter[Period],
    scale: Scale,
    highest: int,
    years: Iterable[str],
    newest: Mark | None,
    popular: Mark | None,
    links: ArticleLinks,
) -> ThemeTime:
    by_year: Counter[str] = Counter()
    for (year, _), count in counts.items():
        by_year[f"{year:04}"] += count
    return ThemeTime(
        theme=theme,
        columns=columns(counts, highest, scale),
        most=number(max(counts.values(), default=0)),
        years=tuple(number(by_year[year]) for year in years),
        newest=_mention(newest, links) if newest else None,
        newest_day=newest.day if newest else "",
        popular=_mention(popular, links) if popular else None,
        views=number(int(popular.value)) if popular else "",
    )


def _mention(mark: Mark, links: ArticleLinks) -> ArticleLink:
    link = links[mark.id]
    return link if link.number else replace(link, title=mark.title.strip() or mark.id)
