"""The article table, the links that lead into it, and the articles that lack tags."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from reports.format import day, decimal, safe_link
from reports.views import ArticleLink, ArticleRow, Listing, ScoredLink, Suggestion, ThemeLink, Untagged
from transforms.records import Article, Neighbor, Recommended, Related

MAX_ROWS = 5_000
MAX_UNTAGGED = 200
MAX_SUGGESTIONS = 5

Links = Mapping[str, ArticleLink]
"""Article id -> how the article is mentioned."""


def newest(articles: Sequence[Article], limit: int = MAX_ROWS) -> list[Article]:
    """The newest articles, newest first, those without a date last, ties in the order of `articles`."""
    return sorted(articles, key=lambda article: day(article.date), reverse=True)[:limit]


def article_links(articles: Sequence[Article], listed: Sequence[Article]) -> Links:
    """How to mention each article; the `listed` ones have a row to link to."""
    rows = {article.id for article in listed}
    return {
        article.id: ArticleLink(article.title.strip() or article.id, f"article-{place}" if article.id in rows else None)
        for place, article in enumerate(articles, start=1)
    }


def article_rows(
    articles: Sequence[Article],
    listed: Sequence[Article],
    links: Links,
    themes: Mapping[str, ThemeLink],
    related: Sequence[Related],
    recommended: Sequence[Recommended],
) -> Listing[ArticleRow]:
    """A row for each listed article, with its theme, its neighbours and the tags that it lacks."""
    tags = {article.id: article.tags for article in articles}
    neighbors = {row.id: row.related for row in related}
    suggestions = _suggestions(recommended)
    rows = tuple(
        ArticleRow(
            anchor=links[article.id].anchor or "",
            title=links[article.id].title,
            id=article.id,
            path=article.path,
            day=day(article.date),
            url=safe_link(article.url),
            tags=article.tags,
            theme=themes.get(article.id),
            related=tuple(_related(article, neighbor, links, tags) for neighbor in neighbors.get(article.id, ())),
            suggestions=suggestions.get(article.id, ()),
        )
        for article in listed
    )
    return Listing(rows, len(articles))


def untagged_articles(
    articles: Sequence[Article], recommended: Sequence[Recommended], links: Links
) -> Listing[Untagged]:
    """The articles without tags, newest first, with what to give them."""
    untagged = [article for article in articles if not article.tags]
    suggestions = _suggestions(recommended)
    shown = newest(untagged, MAX_UNTAGGED)
    return Listing(tuple(Untagged(links[row.id], suggestions.get(row.id, ())) for row in shown), len(untagged))


def _related(article: Article, neighbor: Neighbor, links: Links, tags: Mapping[str, tuple[str, ...]]) -> ScoredLink:
    shared = [tag for tag in article.tags if tag in tags[neighbor.id]]
    return ScoredLink(links[neighbor.id], decimal(neighbor.score), ", ".join(shared))


def _suggestions(recommended: Sequence[Recommended]) -> dict[str, tuple[Suggestion, ...]]:
    return {
        row.id: tuple(Suggestion(tag.tag, decimal(tag.score)) for tag in row.recommended if not tag.present)[
            :MAX_SUGGESTIONS
        ]
        for row in recommended
    }
