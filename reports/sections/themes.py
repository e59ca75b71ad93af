"""The clusters as themes: their names, colours and cards."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from reports.sections.theme_work import ThemeWork
from reports.views import ArticleLinks, Bar, Listing, ScoredLink, Theme, ThemeLink
from reports.words.format import decimal, percent
from reports.words.language import ENGLISH, Language
from transforms.results import Cluster, Member

COLORS, SHAPES = 8, 4
MAX_MEMBERS = 1_000


def theme_links(clusters: Sequence[Cluster]) -> dict[int, ThemeLink]:
    """Cluster number -> its theme, the largest first; colours and shapes go by number, whatever the sizes.

    No two of 32 have both alike, and two that follow each other have neither.
    """
    ordered = sorted(clusters, key=lambda cluster: (-cluster.size, cluster.number))
    colors = {number: at for at, number in enumerate(sorted(cluster.number for cluster in clusters))}
    return {
        cluster.number: ThemeLink(
            cluster.name,
            f"theme-{cluster.number}",
            colors[cluster.number] % COLORS + 1,
            (colors[cluster.number] + colors[cluster.number] // COLORS) % SHAPES,
            place,
        )
        for place, cluster in enumerate(ordered)
    }


def cluster_numbers(clusters: Sequence[Cluster], members: Iterable[Member] = ()) -> dict[str, int]:
    """Article id -> the number of the cluster that lists it, or that it is a member of."""
    listed = {neighbor.id: cluster.number for cluster in clusters for neighbor in cluster.members}
    return listed | {member.id: member.cluster for member in members}


def theme_cards(
    clusters: Sequence[Cluster],
    themes: Mapping[int, ThemeLink],
    links: ArticleLinks,
    say: Language = ENGLISH,
    work: Mapping[str, ThemeWork] | None = None,
) -> tuple[Theme, ...]:
    """A card for each cluster, in the order of `themes`, with the work in it by anchor."""
    by_number = {cluster.number: cluster for cluster in clusters}
    nothing = ThemeWork((), None)
    return tuple(
        _card(by_number[number], theme, links, (work or {}).get(theme.anchor, nothing), say)
        for number, theme in themes.items()
    )


def _bars(shares: Iterable[tuple[str, float]]) -> tuple[Bar, ...]:
    return tuple(Bar(label, f"{percent(share)}%", percent(share)) for label, share in shares)


def _card(cluster: Cluster, theme: ThemeLink, links: ArticleLinks, work: ThemeWork, say: Language) -> Theme:
    members = tuple(ScoredLink(links[row.id], decimal(row.score)) for row in cluster.members[:MAX_MEMBERS])
    return Theme(
        link=theme,
        size=say.count("{n} post", "{n} posts", cluster.size),
        labels=_bars((tag.tag, tag.score) for tag in cluster.tags)
        or _bars((word.word, word.score) for word in cluster.words),
        tagged=bool(cluster.tags),
        representatives=tuple(links[row.id] for row in cluster.articles),
        members=Listing(members, cluster.size),
        lacking=work.lacking,
        to_link=work.to_link,
    )
