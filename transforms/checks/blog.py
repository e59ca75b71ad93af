"""What a check knows of all other posts of a blog."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from transforms.checks.customs import Customs
from transforms.checks.links import Linking
from transforms.checks.models import Models
from transforms.checks.tags import TagUse
from transforms.corpus.languages import settled
from transforms.corpus.tagging import with_categories
from transforms.records import Article

Texts = Callable[[Sequence[str]], Mapping[str, bytes]]
"""Reads the bytes of some posts, by path below the repository; those are left out that cannot be had."""


def no_texts(paths: Sequence[str]) -> Mapping[str, bytes]:  # noqa: ARG001
    """Read nothing."""
    return {}


@dataclass(frozen=True, eq=False)
class Blog:
    """What is known of a blog's posts, those apart that were changed: what is usual, tags, links, and models.

    Without any post that teaches something `models` is None. `posts` counts them, `language` is the main one of the
    blog, `by_categories` says that categories stand in for tags, and `fitted` where the knowledge is from. `texts`
    reads the posts themselves.
    """

    customs: Customs = field(default_factory=Customs)
    tags: TagUse = field(default_factory=TagUse)
    linking: Linking = field(default_factory=Linking)
    models: Models | None = None
    posts: int = 0
    language: str | None = None
    by_categories: bool = False
    fitted: Literal["state", "base"] = "base"
    texts: Texts = no_texts

    @property
    def links_posts(self) -> bool:
        """Whether authors link enough of the blog's posts that it can be told which ones they would."""
        sure = self.models.learned.confidence if self.models else None
        return sure is not None and sure.of == "link"

    def settle(self, article: Article) -> Article:
        """A post of this blog: in its main language unless it has its own, its categories as tags where all do so."""
        article = settled(article, self.language)
        return with_categories(article) if self.by_categories else article
