"""What a state keeps of posts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from transforms.records import Article
from transforms.results import Links
from transforms.state.records import PostState


def post_state(article: Article) -> PostState:
    """Keep what later commands need to know of a post."""
    return PostState(
        article.path,
        article.id,
        article.blob,
        article.title,
        article.date,
        article.language,
        article.url,
        article.tags,
        article.keys,
        article.address_fields,
    )


def with_links(records: Iterable[PostState | Links], main: str | None) -> tuple[PostState, ...]:
    """Order posts by their ids, with what they link to, in the language `main` where their own is not known."""
    records = list(records)
    links = {record.id: record.links for record in records if isinstance(record, Links)}
    posts = sorted((record for record in records if isinstance(record, PostState)), key=lambda post: post.id)
    return tuple(replace(post, language=post.language or main, links=links.get(post.id, ())) for post in posts)
