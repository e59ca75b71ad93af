"""Lists of posts to read, as Markdown tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from reports.words.markdown import escape_markdown, markdown_table


@dataclass(frozen=True)
class SuggestedPost:
    """A post to read, and how the method scores it."""

    id: str
    title: str
    path: str
    url: str | None
    score: float


@dataclass(frozen=True)
class SimilarPost:
    """A post that is like others: the cosine, and how many have read it, rounded down, None where that is not asked."""

    id: str
    title: str
    path: str
    url: str | None
    cosine: float
    readers: int | None


def next_markdown(posts: Sequence[SuggestedPost]) -> str:
    """Lay out posts to read next, numbered."""
    rows = [
        (str(rank), escape_markdown(post.title), escape_markdown(post.id, _LONGEST), f"{post.score:.4f}")
        for rank, post in enumerate(posts, start=1)
    ]
    return markdown_table(("", "post", "id", "score"), rows, ("--:", "---", "---", "--:"))


def similar_markdown(posts: Sequence[SimilarPost]) -> str:
    """Lay out posts that are like others, numbered; a column of readers is there if any is known."""
    known = any(post.readers is not None for post in posts)
    rows = [
        (
            *(str(rank), escape_markdown(post.title), escape_markdown(post.id, _LONGEST), f"{post.cosine:.2f}"),
            *([f"{post.readers or 0:,}"] if known else []),
        )
        for rank, post in enumerate(posts, start=1)
    ]
    heads, align = ("", "post", "id", "cosine"), ("--:", "---", "---", "--:")
    return markdown_table((*heads, "readers"), rows, (*align, "--:")) if known else markdown_table(heads, rows, align)


_LONGEST = 200
