"""The clusters as themes: their names, colours and cards."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from reports.format import decimal, percent
from reports.language import ENGLISH, Language
from reports.related import Links
from reports.views import Bar, Listing, ScoredLink, Theme, ThemeLink
from transforms.records import Cluster

COLORS = 8
MAX_MEMBERS = 1_000


def theme_links(clusters: Sequence[Cluster]) -> dict[int, ThemeLink]:
    """Cluster number -> its theme, the largest first; colours repeat after eight themes."""
    ordered = sorted(clusters, key=lambda cluster: (-cluster.size, cluster.number))
    return {
        cluster.number: ThemeLink(cluster.name, f"theme-{cluster.number}", place % COLORS + 1, place // COLORS)
        for place, cluster in enumerate(ordered)
    }


def themes_by_article(clusters: Sequence[Cluster], themes: Mapping[int, ThemeLink]) -> dict[str, ThemeLink]:
    """Article id -> the theme that it belongs to."""
    return {member.id: themes[cluster.number] for cluster in clusters for member in cluster.members}


def theme_cards(
    clusters: Sequence[Cluster], themes: Mapping[int, ThemeLink], links: Links, say: Language = ENGLISH
) -> tuple[Theme, ...]:
    """A card for each cluster, in the order of `themes`."""
    by_number = {cluster.number: cluster for cluster in clusters}
    return tuple(_card(by_number[number], theme, links, say) for number, theme in themes.items())


def _card(cluster: Cluster, theme: ThemeLink, links: Links, say: Language) -> Theme:
    members = tuple(ScoredLink(links[row.id], decimal(row.score)) for row in cluster.members[:MAX_MEMBERS])
    return Theme(
        link=theme,
        size=say.count("{n} post", "{n} posts", cluster.size),
        tags=tuple(Bar(tag.tag, decimal(tag.score), percent(tag.score)) for tag in cluster.tags),
        representatives=tuple(links[row.id] for row in cluster.articles),
        members=Listing(members, len(cluster.members)),
    )
