"""What readers read together: pairs, posts that are not found, and themes of readers; nothing about one of them."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence

from reports.sections.themes import COLORS
from reports.tables import Tables
from reports.views import (
    ArticleLinks,
    Bar,
    Column,
    Listing,
    ReaderThemeCard,
    Readings,
    ReadLink,
    ReadPair,
    T,
    ThemeLink,
)
from reports.words.format import chance, number, percent
from reports.words.language import ENGLISH, Language
from reports.words.readings import DROPPED
from transforms.results import (
    AlsoRead,
    ReaderTheme,
    ReaderThemes,
    ReadingGaps,
    ReadingSummary,
    Related,
    UnexplainedPair,
)

WIDTH, HEIGHT = 400.0, 60.0
LISTED_ALSO = 4
SHOWN_MONTHS = 60
"""Pictures go back so many months."""
TABLE_MONTHS = 12


def reading_section(tables: Tables, links: ArticleLinks, posts: int) -> Readings | None:
    """Say what logs of readers tell of so many posts; None where there are none."""
    if tables.readings is None:
        return None
    say = tables.language
    gaps = tables.reading_gaps or ReadingGaps()
    themes = tables.reader_themes or ReaderThemes(0, (), 0)
    linked = {(row.id, other) for row in tables.links for other in row.links}
    to_set = [pair for pair in gaps.unexplained if (pair.first, pair.then) not in linked]
    months = _months(themes.themes)
    shown = months[-SHOWN_MONTHS:]
    highest = max((share.share for theme in themes.themes for share in theme.months if share.month in shown), default=0)
    return Readings(
        sentences=tuple(_sentences(tables.readings, tables.also_read, tables.related, posts, say)),
        unexplained=_listing([_unexplained(pair, links, (pair.then, pair.first) in linked, say) for pair in to_set]),
        unread=_listing([ReadPair(links[pair.left], links[pair.right], "") for pair in gaps.unread]),
        overlooked=_listing([ReadLink(links[row.id], _at_least(row.readers, say)) for row in gaps.overlooked]),
        themes=tuple(_card(theme, links, shown, highest, months[-TABLE_MONTHS:], say) for theme in themes.themes),
        others=say.count("{n} reader is in no theme.", "{n} readers are in no theme.", themes.others)
        if themes.others
        else "",
        first=shown[0] if shown else "",
        last=shown[-1] if shown else "",
        highest=f"{percent(highest)}%",
        months=tuple(months[-TABLE_MONTHS:]),
        left_out=_left_out(tables.readings, say),
        least_readers=number(tables.readings.least_readers),
    )


def also_read_links(
    also_read: Iterable[AlsoRead], links: ArticleLinks, say: Language = ENGLISH
) -> dict[str, tuple[ReadLink, ...]]:
    """What readers of each article read too, the strongest first, by its id."""
    return {
        row.id: tuple(ReadLink(links[other.id], _at_least(other.readers, say)) for other in row.also[:LISTED_ALSO])
        for row in also_read
    }


def _sentences(
    logs: ReadingSummary, also_read: Sequence[AlsoRead], related: Sequence[Related], posts: int, say: Language
) -> Iterable[str]:
    """How much was read, what is known by it, and how far texts know it too."""
    if not logs.reads:
        yield say("No row of the logs is a read of a post.")
        if logs.dropped:
            reason, rows = most_dropped(logs)[0]
            yield say(
                "Most rows, {n} of {rows}, are left out: {reason}.",
                n=number(rows),
                rows=number(logs.rows),
                reason=say(DROPPED.get(reason, reason)),
            )
        return
    if not logs.published:
        yield say.count("{n} read of a post is in the logs.", "{n} reads of posts are in the logs.", logs.reads)
        yield say("That is too little to tell anything by it without telling of single readers.")
        return
    yield say(
        "{readers} readers read posts {reads} times in {visits} visits, from {since} to {until}.",
        readers=number(logs.readers),
        reads=number(logs.reads),
        visits=number(logs.visits),
        since=logs.since or "",
        until=logs.until or "",
    )
    yield say(
        "For {n} of {posts} posts it is known which others their readers read too.",
        n=number(len(also_read)),
        posts=number(posts),
    )
    near = {row.id: {other.id for other in row.related if other.kind == "similar"} for row in related}
    found = sum(row.also[0].id in near.get(row.id, ()) for row in also_read)
    if also_read:
        yield say(
            "For {share} of these the post that is read together with it most often is among its related posts.",
            share=f"{percent(found / len(also_read))}%",
        )


def _unexplained(pair: UnexplainedPair, links: ArticleLinks, back: bool, say: Language) -> ReadPair:
    readers = _at_least(pair.readers, say)
    note = say("{readers}; the second links to the first already", readers=readers) if back else readers
    return ReadPair(links[pair.first], links[pair.then], note)


def _card(
    theme: ReaderTheme,
    links: ArticleLinks,
    shown: Sequence[str],
    highest: float,
    listed: Sequence[str],
    say: Language,
) -> ReaderThemeCard:
    shares = {share.month: share.share for share in theme.months}
    place = theme.number - 1
    return ReaderThemeCard(
        theme=ThemeLink(theme.name, f"reader-theme-{theme.number}", place % COLORS + 1, place // COLORS, place),
        size=say("about {n} readers, {share} of all", n=number(theme.size), share=chance(theme.share)),
        articles=tuple(links[near.id] for near in theme.articles),
        over_read=tuple(
            ReadLink(links[over.id], say("{times} times as often", times=f"{over.lift:.1f}"))
            for over in theme.over_read
        ),
        columns=_columns(shares, shown, highest),
        most=f"{percent(max((shares.get(month, 0.0) for month in shown), default=0.0))}%",
        shares=tuple(f"{percent(shares[month])}%" if month in shares else "" for month in listed),
    )


def _columns(shares: Mapping[str, float], months: Sequence[str], highest: float) -> tuple[Column, ...]:
    """A column for each month that something is known of, the highest of all themes as high as the picture."""
    step = WIDTH / max(1, len(months))
    return tuple(
        Column(
            f"M{place * step:.1f} {HEIGHT:.0f}V{HEIGHT * (1 - shares[month] / highest):.1f}"
            f"H{(place + 1) * step:.1f}V{HEIGHT:.0f}Z",
            f"{month}: {percent(shares[month])}%",
        )
        for place, month in enumerate(months)
        if shares.get(month)
    )


def _months(themes: Iterable[ReaderTheme]) -> list[str]:
    """All months from the first to the last that something is known of."""
    known = sorted({share.month for theme in themes for share in theme.months})
    if not known:
        return []
    years = range(int(known[0][:4]), int(known[-1][:4]) + 1)
    months = (f"{year:04}-{month:02}" for year, month in itertools.product(years, range(1, 13)))
    return [month for month in months if known[0] <= month <= known[-1]]


def _left_out(logs: ReadingSummary, say: Language) -> tuple[Bar, ...]:
    """Why rows are no reads, those of most rows first."""
    return tuple(
        Bar(say(DROPPED.get(reason, reason)), number(rows), percent(rows / max(1, logs.rows)))
        for reason, rows in most_dropped(logs)
    )


def most_dropped(logs: ReadingSummary) -> list[tuple[str, int]]:
    """Return why rows are no reads, and how many, the reason of most rows first."""
    return sorted(logs.dropped.items(), key=lambda item: (-item[1], item[0]))


def _at_least(readers: int, say: Language) -> str:
    return say("{n} readers or more", n=number(readers))


def _listing(rows: Sequence[T]) -> Listing[T]:
    return Listing(tuple(rows), len(rows))
