"""Exact counts over a whole corpus, however large: sums of what its parts count, in any order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from transforms.reading.dates import instant
from transforms.records import Article
from transforms.results import (
    Change,
    ChangeCause,
    ChangeKind,
    Collision,
    Links,
    Note,
    NoteKind,
    Skipped,
    Translated,
    UnresolvedLink,
)

TranslationCount = Literal["posts", "missing", "outdated"]
"""Of a language: posts in it, posts that are missing in it, and translations into it that are outdated."""


@dataclass(frozen=True)
class Mark:
    """An article that stands out in its cluster by a value, with what is shown of it."""

    value: float
    id: str
    title: str
    day: str


@dataclass(frozen=True)
class Totals:
    """What is counted of a corpus.

    `counts` are of posts (`posts`, `untagged`, `viewed`: with known page views, `linking` and `orphans`: that link to
    another, and that none links to; `renamed`: whose id another has; `sharing`: whose address another has;
    `untranslated`: originals missing in a language), of `links` between them, and of files (`rejected`). `skipped`,
    `notes`, and `unresolved` links to none of them, are by kind, `tags` and `languages` by name, and `days` by cluster
    number (None: in no cluster) and day. `newest` and `popular` are a cluster's newest and most read articles, the
    first by id of equals. `translations` are by language, where posts are translated, `clues` by what they are for and
    the name of the field, and `changes` since the previous run by kind and cause.
    """

    counts: Counter[str] = field(default_factory=Counter)
    skipped: Counter[str] = field(default_factory=Counter)
    notes: Counter[NoteKind] = field(default_factory=Counter)
    translations: Counter[tuple[str, TranslationCount]] = field(default_factory=Counter)
    unresolved: Counter[str] = field(default_factory=Counter)
    tags: Counter[str] = field(default_factory=Counter)
    languages: Counter[str | None] = field(default_factory=Counter)
    days: Counter[tuple[int | None, str]] = field(default_factory=Counter)
    clues: Counter[tuple[str, str]] = field(default_factory=Counter)
    changes: Counter[tuple[ChangeKind, ChangeCause | None]] = field(default_factory=Counter)
    newest: dict[int, Mark] = field(default_factory=dict)
    popular: dict[int, Mark] = field(default_factory=dict)

    @property
    def posts(self) -> int:
        """The number of posts."""
        return self.counts["posts"]

    def add_articles(self, articles: Iterable[Article], clusters: Mapping[str, int]) -> None:
        """Count articles, given the number of the cluster that each id belongs to."""
        for article in articles:
            self.counts["posts"] += 1
            self.counts["untagged"] += not article.tags
            self.counts["viewed"] += article.views is not None
            self.tags.update(article.tags)
            self.clues.update(article.clues)
            self.languages[article.language] += 1
            cluster = clusters.get(article.id)
            if article.date:
                self.days[cluster, article.date[:10]] += 1
            if cluster is not None:
                if article.date:
                    _mark(self.newest, cluster, article, instant(article.date))
                if article.views:
                    _mark(self.popular, cluster, article, article.views)

    def add_links(self, links: Links) -> None:
        """Count the links from and to an article."""
        self.counts["links"] += len(links.links)
        self.counts["linking"] += bool(links.links)
        self.counts["orphans"] += not links.linked_by

    def add_unresolved(self, link: UnresolvedLink) -> None:
        """Count a link that leads to no post."""
        self.unresolved[link.kind] += 1

    def add_translated(self, row: Translated) -> None:
        """Count an article of a blog that translates posts, and for an original what it is missing in."""
        self.translations[row.language, "posts"] += 1
        if row.outdated:
            self.translations[row.language, "outdated"] += 1
        if is_untranslated(row):
            self.counts["untranslated"] += 1
            self.translations.update((language, "missing") for language in row.missing)

    def add_rejected(self) -> None:
        """Count a file that could not be read."""
        self.counts["rejected"] += 1

    def add_collision(self, collision: Collision) -> None:
        """Count a post whose id or address another has."""
        self.counts["renamed" if collision.kind == "id" else "sharing"] += 1

    def add_skipped(self, skipped: Skipped) -> None:
        """Count a post that was left out on purpose."""
        self.skipped[skipped.kind] += 1

    def add_note(self, note: Note) -> None:
        """Count what an article gives that could not be taken as it is."""
        self.notes[note.done] += 1

    def add_change(self, change: Change) -> None:
        """Count a change since the previous run."""
        self.changes[change.kind, change.cause] += 1

    def merge(self, other: Totals) -> None:
        """Add what was counted of another part of the corpus."""
        self.counts.update(other.counts)
        self.skipped.update(other.skipped)
        self.notes.update(other.notes)
        self.translations.update(other.translations)
        self.unresolved.update(other.unresolved)
        self.tags.update(other.tags)
        self.clues.update(other.clues)
        self.changes.update(other.changes)
        self.languages.update(other.languages)
        self.days.update(other.days)
        for own, others in ((self.newest, other.newest), (self.popular, other.popular)):
            for cluster, mark in others.items():
                own[cluster] = min(own.get(cluster, mark), mark, key=_rank)


def is_untranslated(row: Translated) -> bool:
    """Tell whether an article is the original of a post that is missing in a language."""
    return row.id == row.original and bool(row.missing)


def _rank(mark: Mark) -> tuple[float, str]:
    return -mark.value, mark.id


def _mark(marks: dict[int, Mark], cluster: int, article: Article, value: float) -> None:
    best = marks.get(cluster)
    if best is None or (-value, article.id) < _rank(best):
        marks[cluster] = Mark(value, article.id, article.title, (article.date or "")[:10])
