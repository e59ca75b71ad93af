"""Posts in several languages."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Translation:
    """An article that is another in a language, by the code as compared: in lower case, with hyphens."""

    language: str
    id: str


@dataclass(frozen=True)
class Translated:
    """An article of a blog that translates posts: its translations, and the languages that the post is `missing` in.

    `original` is the version of the post that came first, which may be the article itself; one that is `outdated` was
    last changed before its original was.
    """

    id: str
    language: str
    original: str
    translations: tuple[Translation, ...]
    missing: tuple[str, ...]
    outdated: bool
