"""Pairs of near-duplicates, gathered into groups."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from reports.views import ArticleLinks, DuplicateGroup, Listing
from reports.words.format import percent
from reports.words.language import ENGLISH, Language
from transforms.results import Duplicate

MAX_ARTICLES = 50


def duplicate_groups(
    pairs: Sequence[Duplicate], links: ArticleLinks, say: Language = ENGLISH
) -> Listing[DuplicateGroup]:
    """The connected components of the pairs, those most alike first.

    A group is exact when all of its pairs are; its score is the lowest of its pairs.
    """
    groups = sorted(connected(pairs), key=lambda group: (-_lowest(group), _ids(group)))
    return Listing(tuple(_group(group, links, say) for group in groups), len(groups))


def first_articles(groups: Listing[DuplicateGroup]) -> Listing[DuplicateGroup]:
    """The same groups, each showing no more than its first articles."""
    shown = (replace(group, articles=group.articles.first(MAX_ARTICLES)) for group in groups.shown)
    return replace(groups, shown=tuple(shown))


def connected(pairs: Iterable[Duplicate]) -> list[list[Duplicate]]:
    """The pairs of each connected component, components and pairs in the order in which they came."""
    pairs = list(pairs)
    if not pairs:
        return []
    from scipy.cluster.hierarchy import DisjointSet  # takes a while to import

    articles = DisjointSet(id_ for pair in pairs for id_ in (pair.left, pair.right))
    for pair in pairs:
        articles.merge(pair.left, pair.right)
    components: dict[str, list[Duplicate]] = {}
    for pair in pairs:
        components.setdefault(articles[pair.left], []).append(pair)
    return list(components.values())


def _group(pairs: Sequence[Duplicate], links: ArticleLinks, say: Language) -> DuplicateGroup:
    articles = tuple(links[id_] for id_ in _ids(pairs))
    return DuplicateGroup(
        kind=say("exact") if all(pair.exact for pair in pairs) else say("near"),
        score=f"{percent(_lowest(pairs))}%",
        articles=Listing(articles, len(articles)),
    )


def _ids(pairs: Sequence[Duplicate]) -> list[str]:
    return sorted({id_ for pair in pairs for id_ in (pair.left, pair.right)})


def _lowest(pairs: Sequence[Duplicate]) -> float:
    return min(pair.score for pair in pairs)
