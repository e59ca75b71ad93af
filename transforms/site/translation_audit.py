"""Which posts have translations, which lack some, and which are older than their original's last change."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import NamedTuple

from transforms.generators.languages import family, folded, standard
from transforms.records import Article
from transforms.results import Translated, Translation
from transforms.site.translations import KINDS

MOST_LANGUAGES = 100
"""What articles of more languages have in common makes none of them translations."""

MOST_DAYS = 183
"""Articles of one name but for the date in it are no translations of each other if they are further apart."""


class Version(NamedTuple):
    """An article as one of the languages of a post: its id, the code of its language as compared, and its days."""

    id: str
    language: str
    date: str
    updated: str

    @property
    def changed(self) -> str:
        """The day of its last change, as far as it says; "" where it says none."""
        return max(self.date, self.updated)


class Match(NamedTuple):
    """A translation of an article, and how sure the kind of key is by which it was found, 0 the surest."""

    kind: int
    version: Version


Entry = tuple[str, int, Version]
"""A key, the number of its kind, and an article that has it."""


def version_of(article: Article) -> Version:
    """An article whose language is known as a version of its post."""
    days = ((date or "")[:10] for date in (article.date, article.updated))
    return Version(article.id, folded(standard(article.language or "")), *days)


def entries_of(article: Article) -> Iterator[Entry]:
    """The keys by which an article's translations are found; none where its language is not known."""
    if article.language:
        version = version_of(article)
        yield from ((key, kind, version) for kind, key in enumerate(article.translation_keys) if key)


def match(entries: Iterable[Entry]) -> dict[str, list[Match]]:
    """The translations of each article by its id, as far as keys tell of which all articles are given.

    A key that two articles of one language have tells nothing of these two.
    """
    by_key: dict[tuple[str, int], dict[str, list[Version]]] = {}
    for key, kind, version in entries:
        by_key.setdefault((key, kind), {}).setdefault(version.language, []).append(version)
    found: dict[str, list[Match]] = {}
    for (_, kind), by_language in by_key.items():
        alone = [versions[0] for versions in by_language.values() if len(versions) == 1]
        if 1 < len(alone) <= MOST_LANGUAGES:
            for version in alone:
                others = (other for other in alone if other != version and _may_match(kind, version, other))
                found.setdefault(version.id, []).extend(Match(kind, other) for other in others)
    return found


def _may_match(kind: int, one: Version, other: Version) -> bool:
    """Tell whether articles may be translations as far as their days tell: a name may come again, year after year."""
    return KINDS[kind] != "undated" or abs(_ordinal(one.date) - _ordinal(other.date)) <= MOST_DAYS


def _ordinal(day: str) -> int:
    try:
        return dt.date.fromisoformat(day).toordinal()
    except ValueError:
        return 0


def surest(matches: Iterable[Match]) -> tuple[Version, ...]:
    """An article's translations, one a language, that of the surest kind of key, in the order of the languages."""
    chosen: dict[str, Version] = {}
    for _, version in sorted(matches):
        chosen.setdefault(version.language, version)
    return tuple(chosen[language] for language in sorted(chosen))


def translated_languages(found: Mapping[Version, Collection[Version]]) -> frozenset[str]:
    """The languages that posts are translated into or from."""
    return frozenset(version.language for version, others in found.items() if others)


def audit(version: Version, others: Collection[Version], languages: Collection[str], main: str) -> Translated | None:
    """What is known of an article's translations; None if no post in its language has any.

    `languages` are those that posts are translated into or from and `main` is that of most posts. The original is the
    version that is dated first, of equals that in the main language.
    """
    if version.language not in languages:
        return None
    versions = (version, *others)
    original = min(versions, key=lambda one: (one.date or "9999", one.language != main, one.language, one.id))
    there = {family(one.language) for one in versions}
    lacking: dict[str, str] = {}
    for language in sorted(languages):
        if family(language) not in there:
            lacking.setdefault(family(language), language)
    return Translated(
        version.id,
        version.language,
        original.id,
        tuple(Translation(one.language, one.id) for one in others),
        tuple(sorted(lacking.values())),
        _is_before(version.changed, original.changed),
    )


def _is_before(one: str, other: str) -> bool:
    """Tell whether a day is surely before another; a month or a year is not before a day in it."""
    length = min(len(one), len(other))
    return one[:length] < other[:length]
