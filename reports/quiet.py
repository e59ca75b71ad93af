"""Themes that have gone quiet: those that had posts year by year, and have none for longer than they ever paused."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from reports.format import day, number
from reports.language import ENGLISH, Language
from reports.views import ThemeLink
from transforms.records import Article, Cluster

LEAST_POSTS = 4
"""Of fewer dated posts nobody knows the rhythm."""
LEAST_DAYS = 365
"""A theme that had a post within a year before the blog's newest one is not quiet."""
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
    articles: Sequence[Article], clusters: Sequence[Cluster], themes: Mapping[int, ThemeLink], say: Language = ENGLISH
) -> tuple[QuietTheme, ...]:
    """The themes without a post for a year and for twice their usual gap, up to the blog's newest post.

    The usual gap is the mean time between a theme's posts. The longest silence comes first, ties by number.
    """
    days = {article.id: dt.date.fromisoformat(day(article.date)) for article in articles if article.date}
    if not days:
        return ()
    newest = max(days.values())
    found = []
    for cluster in clusters:
        own = sorted(days[row.id] for row in cluster.members if row.id in days)
        if len(own) < LEAST_POSTS:
            continue
        silence, gap = (newest - own[-1]).days, (own[-1] - own[0]).days / (len(own) - 1)
        if silence > max(LEAST_DAYS, OVERDUE * gap):
            found.append((-silence, cluster.number, gap, len(own), own[-1]))
    return tuple(
        QuietTheme(
            themes[cluster],
            number(posts),
            last.isoformat(),
            say.count("{n} day", "{n} days", -silence),
            say.count("{n} day", "{n} days", round(gap)),
        )
        for silence, cluster, gap, posts, last in sorted(found)
    )
