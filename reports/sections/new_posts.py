"""The posts that the previous run did not have, with what to add to them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from reports.sections.linking import MAX_LINKERS
from reports.sections.reasons import related_links
from reports.sections.suggestions import Suggestions
from reports.views import ArticleLinks, Listing, NewPost, ThemeLink
from reports.words.format import day
from reports.words.language import ENGLISH, Language
from transforms.records import Article
from transforms.results import Change, Links, Related


def added_posts(changes: Sequence[Change]) -> set[str]:
    """The ids of the posts that were added since the previous run."""
    return {change.id for change in changes if change.kind == "post-added"}


def lonely_posts(links: Sequence[Links], new: Collection[str]) -> set[str]:
    """The new posts that no other links to."""
    return {row.id for row in links if row.id in new and not row.linked_by}


def new_posts(
    articles: Sequence[Article],
    lonely: Collection[str],
    titles: ArticleLinks,
    themes: Mapping[str, ThemeLink],
    related: Mapping[str, Related],
    suggestions: Suggestions,
    say: Language = ENGLISH,
) -> Listing[NewPost]:
    """The new articles as given, those that nothing links to with the nearest articles to link from."""

    def row(article: Article) -> NewPost:
        near = (
            [other for other in related[article.id].related if other.kind == "similar"] if article.id in related else []
        )
        return NewPost(
            article=titles[article.id],
            day=day(article.date),
            theme=themes.get(article.id),
            linkers=related_links(near[:MAX_LINKERS], titles, say) if article.id in lonely else (),
            linked=article.id not in lonely,
            suggestions=suggestions.get(article.id, ()),
        )

    return Listing(tuple(row(article) for article in articles), len(articles))
