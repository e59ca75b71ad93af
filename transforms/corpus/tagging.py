"""How many of a blog's posts are tagged, and categories in place of tags where hardly any is."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable

from transforms.reading.fields import tag_key
from transforms.records import Article, Tagging

FEW_TAGGED = 0.05
MOST_CATEGORISED = 0.5
"""Categories stand in for tags where less than the first share of the posts has tags, and more than the second has
categories."""


def by_categories(tagging: Tagging) -> bool:
    """Tell whether categories stand in for tags."""
    few, most = FEW_TAGGED * tagging.posts, MOST_CATEGORISED * tagging.posts
    return tagging.tagged < few and tagging.categorised > most


def count_tagging(articles: Iterable[Article]) -> Tagging:
    """Count articles, those with tags, and those with categories."""
    posts = tagged = categorised = 0
    for article in articles:
        posts += 1
        tagged += bool(article.tags)
        categorised += bool(article.categories)
    return Tagging(posts, tagged, categorised)


def add_tagging(counted: Iterable[Tagging]) -> Tagging:
    """Add up counts."""
    rows = list(counted)
    return Tagging(
        sum(row.posts for row in rows), sum(row.tagged for row in rows), sum(row.categorised for row in rows)
    )


def with_categories(article: Article) -> Article:
    """The article with its categories behind its tags, each once by `tag_key`."""
    tags: dict[str, str] = {}
    for tag in (*article.tags, *article.categories):
        tags.setdefault(tag_key(tag), tag)
    return dataclasses.replace(article, tags=tuple(tags.values()))
