"""Links to set: where, on which words, and to what."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from reports.views import ArticleLinks, Listing, PlacedLink
from reports.words.format import day
from transforms.plumbing.printable import printable
from transforms.records import Article
from transforms.results import LinkToSet


def suggested_links(
    found: Sequence[LinkToSet], articles: Iterable[Article], links: ArticleLinks
) -> Listing[PlacedLink]:
    """The links to set, those from or to the newest posts first, ties by id."""
    days = {article.id: day(article.date) for article in articles}
    ordered = sorted(found, key=lambda link: (link.id, link.target))
    ordered.sort(key=lambda link: max(days.get(link.id, ""), days.get(link.target, "")), reverse=True)
    rows = tuple(_placed(link, links) for link in ordered)
    return Listing(rows, len(rows))


def _placed(link: LinkToSet, links: ArticleLinks) -> PlacedLink:
    before, anchor, after = link.sentence.partition(link.anchor)
    return PlacedLink(
        links[link.id], links[link.target], printable(before), printable(anchor), printable(after), link.first
    )
