"""What is new in the blog: how well its older posts cover the newer ones, and which themes are new."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from reports.views import Listing, News, ThemeLink, ThemeNews
from reports.words.format import DASH, decimal, number, percent
from reports.words.language import ENGLISH, Language
from transforms.results import Coverage

LOW_COVERAGE = 0.5
ENOUGH = 3
"""So many newer posts must be covered badly before a theme counts as new."""


def what_is_new(coverage: Sequence[Coverage], themes: Mapping[int, ThemeLink], say: Language = ENGLISH) -> News | None:
    """The whole and its themes, in the order of `themes`; None where no post has a date."""
    whole = next((row for row in coverage if row.cluster is None), None)
    if whole is None:
        return None
    rows = {row.cluster: row for row in coverage}
    news = tuple(_theme_news(rows[number], theme) for number, theme in themes.items() if number in rows)
    new = tuple(row.theme for row in news if row.new)
    return News(_sentence(whole, say), Listing(new, len(new)), news)


def is_new(row: Coverage) -> bool:
    """Whether a theme is new: it has no older posts, or they cover its newer ones badly."""
    badly_covered = row.coverage is not None and row.coverage < LOW_COVERAGE and row.newer >= ENOUGH
    return row.newer > 0 and (not row.older or badly_covered)


def _sentence(whole: Coverage, say: Language) -> str:
    since = say.count(
        "{n} post since {day}, {older} older.",
        "{n} posts since {day}, {older} older.",
        whole.newer,
        day=whole.since,
        older=number(whole.older),
    )
    if whole.coverage is None or whole.density is None:
        judged = say("That is too few to tell how well the older ones cover the newer ones.")
    else:
        judged = say(
            "Coverage is {coverage}%, density {density}.",
            coverage=percent(whole.coverage),
            density=decimal(whole.density),
        )
    return f"{since} {judged}"


def _theme_news(row: Coverage, theme: ThemeLink) -> ThemeNews:
    return ThemeNews(
        theme=theme,
        newer=number(row.newer),
        older=number(row.older),
        coverage=DASH if row.coverage is None else f"{percent(row.coverage)}%",
        density=DASH if row.density is None else decimal(row.density),
        new=is_new(row),
    )
