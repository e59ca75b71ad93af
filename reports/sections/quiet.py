"""Themes that have gone quiet: those that had posts year by year, and have none for longer than they ever paused."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from reports.views import ThemeLink
from reports.words.format import decimal, number
from reports.words.language import ENGLISH, Language

LEAST_POSTS = 4
"""Of fewer dated posts nobody knows the rhythm."""
LEAST_DAYS = 365
"""A theme that had a post within a year before the blog's newest one is not quiet."""
YEAR = 365.25
"""Days in the mean."""
OVERDUE = 2.0
"""A quiet theme's silence is longer than so many of its usual gaps."""


@dataclass(frozen=True)
class QuietTheme:
    """A theme, its number of posts, the day of its last, the days since and its usual gap."""

    theme: ThemeLink
    posts: str
    last: str
    silence: str
    gap: str


def quiet_themes(
    days: Mapping[tuple[int | None, str], int], themes: Mapping[int, ThemeLink], say: Language = ENGLISH
) -> tuple[QuietTheme, ...]:
    """The themes without a post for a year and for twice their usual gap, up to the blog's newest post.

    `days` are the numbers of posts by cluster number and day. The usual gap is the mean time between a theme's posts.
    The longest silence comes first, ties by number.
    """
    if not days:
        return ()
    newest = dt.date.fromisoformat(max(day for _, day in days))
    found = []
    for cluster in themes:
        own = {dt.date.fromisoformat(day): count for (number_, day), count in days.items() if number_ == cluster}
        posts = sum(own.values())
        if posts < LEAST_POSTS:
            continue
        first, last = min(own), max(own)
        silence, gap = (newest - last).days, (last - first).days / (posts - 1)
        if silence > max(LEAST_DAYS, OVERDUE * gap):
            found.append((-silence, cluster, gap, posts, last))
    return tuple(
        QuietTheme(
            themes[cluster],
            number(posts),
            last.isoformat(),
            _time(-silence, say),
            _time(gap, say),
        )
        for silence, cluster, gap, posts, last in sorted(found)
    )


def _time(days: float, say: Language) -> str:
    """Days as they are, and two years or more as years."""
    if days < 2 * YEAR:
        return say.count("{n} day", "{n} days", round(days))
    return say("{n} years", n=decimal(days / YEAR, 1))
