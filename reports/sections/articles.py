"""The article table, the links that lead into it, and the articles without tags."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from reports.sections.reasons import related_links
from reports.sections.suggestions import Suggestions
from reports.views import ArticleLink, ArticleLinks, ArticleRow, Listing, ReadLink, ThemeLink, Untagged
from reports.words.format import day, edit_link, web_link
from reports.words.language import ENGLISH, Language
from transforms.plumbing.printable import printable
from transforms.records import Article
from transforms.results import Related

MAX_ROWS = 300
"""So many rows stand in the page as it is written; its script shows the others."""


def newest(articles: Sequence[Article], limit: int = MAX_ROWS) -> list[Article]:
    """The newest articles, newest first, those without a date last, ties in the order of `articles`."""
    return sorted(articles, key=lambda article: day(article.date), reverse=True)[:limit]


class Mentions(dict[str, ArticleLink]):
    """How to mention each article by its id; one that is not known is mentioned by its id."""

    def __missing__(self, id_: str) -> ArticleLink:
        return ArticleLink(id_, 0, listed=False)


def article_links(articles: Sequence[Article], listed: Sequence[Article]) -> ArticleLinks:
    """How to mention each article; the `listed` ones have a row to link to.

    Articles of one title have their day behind it, and their paths if that does not tell them apart.
    """
    rows = {article.id for article in listed}
    titles = Counter(map(_title, articles))
    dated = Counter((_title(article), day(article.date)) for article in articles)

    def mentioned(article: Article) -> str:
        title, of = _title(article), day(article.date)
        if titles[title] == 1:
            return title
        return f"{title} ({of if of and dated[title, of] == 1 else printable(article.path)})"

    return Mentions(
        (article.id, ArticleLink(mentioned(article), place, article.id in rows))
        for place, article in enumerate(articles, start=1)
    )


def _title(article: Article) -> str:
    return article.title.strip() or article.id


def article_rows(
    total: int,
    listed: Sequence[Article],
    links: ArticleLinks,
    themes: Mapping[str, ThemeLink],
    related: Mapping[str, Related],
    suggestions: Suggestions,
    also_read: Mapping[str, tuple[ReadLink, ...]],
    say: Language = ENGLISH,
    edit_url: str | None = None,
) -> Listing[ArticleRow]:
    """A row for each listed article of so many, with its theme, its related articles and the tags that it lacks.

    With logs of readers, it has what they `also_read`.
    """
    none = Related("", ())
    rows = tuple(
        ArticleRow(
            anchor=links[article.id].anchor,
            title=links[article.id].title,
            id=article.id,
            path=printable(article.path),
            day=day(article.date),
            url=web_link(article.address or article.url),
            edit=edit_link(edit_url, article.path),
            tags=article.tags,
            theme=themes.get(article.id),
            related=related_links(related.get(article.id, none).related, links, say),
            suggestions=suggestions.get(article.id, ()),
            also_read=also_read.get(article.id, ()),
        )
        for article in listed
    )
    return Listing(rows, total)


def untagged_articles(
    articles: Sequence[Article], suggestions: Suggestions, links: ArticleLinks, total: int
) -> Listing[Untagged]:
    """The articles without tags, `total` in the whole corpus, with what to give them.

    Those with suggestions come first, of either kind the newest first.
    """
    untagged = newest([article for article in articles if not article.tags], len(articles))
    shown = sorted(untagged, key=lambda article: not suggestions.get(article.id))
    return Listing(tuple(Untagged(links[row.id], suggestions.get(row.id, ())) for row in shown), total)
