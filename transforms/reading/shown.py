"""Who is shown: the one place that decides which posts are left out on purpose, and why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePosixPath
from typing import NamedTuple

from transforms.reading.dates import find_date, is_after, is_over
from transforms.reading.dating import given_dates
from transforms.reading.fields import clean_flag, clean_text, find_named
from transforms.reading.files import is_index
from transforms.reading.notebook import Notebook, quote
from transforms.results import SkippedKind

INCLUDABLE: Mapping[str, SkippedKind] = {
    "drafts": "draft",
    "hidden": "hidden",
    "private": "private",
    "future": "future",
    "expired": "expired",
    "pages": "page",
}
"""The words that bring posts back, each with the kind of skipped posts that it stands for."""

PUBLISHED = (
    *("publishDate", "pubDate", "publishedAt", "datePublished", "published"),
    *("pubDatetime", "publishedDate", "publishedOn", "publicationDate"),
)
"""Names of the day on which a post is published, which may be later than its date."""

FLAGS: Mapping[SkippedKind, Mapping[bool, tuple[str, ...]]] = {
    "draft": {
        True: ("draft", "isDraft", "unpublished", "saveAsDraft", "ignorePublish"),
        False: ("published", "publish", "isPublished", "dg-publish"),
    },
    "private": {
        True: ("private", "isPrivate", "protected", "encrypted", "encrypt"),
        False: ("public", "isPublic"),
    },
    "hidden": {
        True: ("hidden", "isHidden", "hide", "unlisted", "headless", "eleventyExcludeFromCollections"),
        False: ("listed", "permalink", "render", "build.render", "build.list"),
    },
    "page": {True: ("isPage",), False: ("article",)},
}
"""What says by yes or no that a post is not shown, whatever the generator."""

STATUS = (
    *("status", "postStatus", "publishStatus", "publicationStatus", "visibility", "state"),
    *("publish", "published", "build.render", "build.list"),
)
STATUSES: Mapping[str, SkippedKind] = {
    **dict.fromkeys(("draft", "pending", "unpublished", "auto-draft", "skip", "trash", "trashed", "deleted"), "draft"),
    **dict.fromkeys(("private", "password", "password-protected", "protected"), "private"),
    **dict.fromkeys(("hidden", "unlisted", "never"), "hidden"),
    **dict.fromkeys(("page", "is-page"), "page"),
}
"""What says in a word that a post is not shown, and the words, one or several with commas."""

REPOSITORY_PAGES = ("CHANGELOG", "CODE_OF_CONDUCT", "CONTRIBUTING", "LICENSE", "README", "SECURITY")
MANY = 5
"""An index beside or above more posts is a page even if it has a date."""


class Looked(NamedTuple):
    """What a post is judged by: its front matter, its path, its date, and what is said of its file.

    `neighbors` and `bundled` are those of the PostFile.
    """

    values: Mapping[str, object]
    path: str
    date: str | None
    neighbors: int = 0
    bundled: bool = False


def why_skipped(
    post: Looked, as_of: str, include: frozenset[str], expires: Sequence[str], notebook: Notebook
) -> tuple[SkippedKind, str] | None:
    """The kind of post that is left out and the reason, the first of those that `include` does not bring back.

    `as_of` is the day (YYYY-MM-DD) for which future and expired posts are told, `expires` names the field of the day on
    which a post expires. A date, or a yes or no, that cannot be read is noted.
    """
    brought_back = {INCLUDABLE[word] for word in include}
    return next((reason for reason in _reasons(post, as_of, expires, notebook) if reason[0] not in brought_back), None)


def _reasons(post: Looked, as_of: str, expires: Sequence[str], notebook: Notebook) -> Iterator[tuple[SkippedKind, str]]:
    name = PurePosixPath(post.path).stem
    if name.upper() in REPOSITORY_PAGES and not (post.values or post.bundled):
        yield "page", f"{name} without front matter is about the repository"
    if "_drafts" in PurePosixPath(post.path).parts:
        yield "draft", "in _drafts"
    yield from _said(post.values, notebook)
    yield from _timed(post, as_of, expires, notebook)
    if reason := _section(post):
        yield "page", reason


def _said(values: Mapping[str, object], notebook: Notebook) -> Iterator[tuple[SkippedKind, str]]:
    """What front matter says outright, by a password, a yes or no, or a word."""
    if any(quote(value) and clean_flag(value) is not False for _, value in find_named(values, ("password",))):
        yield "private", "has a password"
    for kind, names in FLAGS.items():
        for sign in (True, False):
            given = (name for name, value in find_named(values, names[sign]) if clean_flag(value) is sign)
            yield from ((kind, f"{name}: {str(sign).lower()}") for name in given)
    for name, value in find_named(values, STATUS):
        words = (word.strip() for word in clean_text(value).casefold().split(","))
        yield from ((STATUSES[word], f"{name}: {quote(value)}") for word in words if word in STATUSES)
    for name, value in find_named(values, ("draft", "private")):
        if clean_text(value) and clean_flag(value) is None:
            notebook.add(name, value, "passed_over")


def _timed(post: Looked, as_of: str, expires: Sequence[str], notebook: Notebook) -> Iterator[tuple[SkippedKind, str]]:
    own = [post.date] if post.date else []
    for date in (*own, *_dates(post.values, PUBLISHED, notebook)):
        if is_after(date, as_of):
            yield "future", f"dated {date}, after {as_of}"
    for date in _dates(post.values, expires, notebook):
        if is_over(date, as_of):
            yield "expired", f"expired {date}"


def _dates(values: Mapping[str, object], names: Sequence[str], notebook: Notebook) -> Iterator[str]:
    for name, value in given_dates(values, names):
        found = find_date(value)
        if found is None or found.done == "dated_first_day":
            notebook.add(name, value, "passed_over")
        else:
            yield found.date


def _section(post: Looked) -> str | None:
    """Why a file is the page of a section, and not a post of its own."""
    name = PurePosixPath(post.path).name
    if not is_index(post.path):
        return None
    if name.startswith("_"):
        return f"{name} is the page of a section"
    if post.neighbors > (MANY if post.date else 0):
        return f"{name} stands with other posts"
    return None
