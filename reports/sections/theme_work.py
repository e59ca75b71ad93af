"""What is to do within each theme: posts that lack tags or links, and the first link to set."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from reports.views import ArticleLinks, PlacedLink, ThemeLink
from reports.words.language import ENGLISH, Language


@dataclass(frozen=True)
class ThemeWork:
    """What posts of a theme lack, in a clause each, and the first link to set to one of them."""

    lacking: tuple[str, ...]
    to_link: PlacedLink | None


def theme_work(
    themes: Mapping[str, ThemeLink],
    untagged: Iterable[str],
    lonely: Iterable[str],
    to_set: Iterable[PlacedLink],
    links: ArticleLinks,
    say: Language = ENGLISH,
) -> dict[str, ThemeWork]:
    """The anchor of each theme -> what is to do there.

    Given are the theme of each article, the articles without tags, those that nothing links to, and the links to set
    in their order.
    """
    without_tags = Counter(themes[id_].anchor for id_ in untagged if id_ in themes)
    without_links = Counter(themes[id_].anchor for id_ in lonely if id_ in themes)
    anchors = {links[id_].number: theme.anchor for id_, theme in themes.items()}
    first: dict[str, PlacedLink] = {}
    for link in to_set:
        if link.target.number in anchors:
            first.setdefault(anchors[link.target.number], link)
    return {
        anchor: ThemeWork(_lacking(without_tags[anchor], without_links[anchor], say), first.get(anchor))
        for anchor in sorted(set(anchors.values()))
    }


def _lacking(tags: int, links: int, say: Language) -> tuple[str, ...]:
    """Say that so many posts lack tags, and so many links to them."""
    clauses = []
    if tags:
        clauses.append(say.count("tags on {n} post", "tags on {n} posts", tags))
    if links:
        clauses.append(say.count("links to {n} post", "links to {n} posts", links))
    return tuple(clauses)
