"""A blog's posts, read into memory."""

from __future__ import annotations

import datetime
import os
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from transforms.corpus.blocks import make_ids_unique
from transforms.reading.dates import today
from transforms.reading.fields import FIELDS
from transforms.reading.files import list_posts
from transforms.reading.parse import read_article
from transforms.reading.shown import INCLUDABLE
from transforms.records import Article
from transforms.results import Collision, Note, Rejected, Skipped


@dataclass(frozen=True, repr=False)
class Posts:
    """The posts of a blog: `articles` by id; by path the files `rejected` and `skipped`, and the ids that were taken.

    `notes` say what could not be taken as an article's post gives it. Its length is the number of files that were read.
    """

    articles: tuple[Article, ...]
    rejected: tuple[Rejected, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    collisions: tuple[Collision, ...] = ()
    notes: tuple[Note, ...] = ()

    def __len__(self) -> int:
        return len(self.articles) + len(self.rejected) + len(self.skipped)

    def __repr__(self) -> str:
        return f"<{len(self.articles)} posts, {len(self.rejected)} rejected, {len(self.skipped)} skipped>"


def read_posts(
    path: str | os.PathLike[str],
    *,
    as_of: str | None = None,
    fields: Mapping[str, Sequence[str]] | None = None,
    include: Collection[str] = (),
) -> Posts:
    """Read all posts of a folder, a file or a glob, as `postkin report --input` does, with the same ids.

    Posts that the site does not show on the day `as_of` (YYYY-MM-DD, today in UTC unless given) are skipped, unless
    `include` has the word for their kind: drafts, hidden, private, future, expired or pages. `fields` gives the front
    matter's names of some fields, as in `{"tags": ["topics", "labels"]}`. A bad post does not raise, but is rejected.

    Raises FileNotFoundError when nothing is there, and ValueError for another field or word of `include`, and for what
    is no day.
    """
    names = fields or {}
    if unknown := sorted({*names} - {*FIELDS}):
        raise ValueError(f"{unknown[0]!r} is not a field; give any of {', '.join(FIELDS)}")
    if unknown := sorted({*include} - {*INCLUDABLE}):
        raise ValueError(f"{unknown[0]!r} is not what can be included; give any of {', '.join(INCLUDABLE)}")
    given = {field: (of,) if isinstance(of, str) else tuple(of) for field, of in names.items()}
    known = {**FIELDS, **given}
    day, files = _day(as_of), list_posts(os.fspath(path))
    notes: list[Note] = []
    read = [read_article(file, known, as_of=day, include=frozenset(include), notes=notes) for file in files]
    articles, collisions = make_ids_unique(post for post in read if isinstance(post, Article))
    return Posts(
        tuple(articles),
        tuple(post for post in read if isinstance(post, Rejected)),
        tuple(post for post in read if isinstance(post, Skipped)),
        tuple(collisions),
        tuple(notes),
    )


def _day(given: str | None) -> str:
    if given is None:
        return today()
    try:
        return datetime.date.fromisoformat(given).isoformat()
    except ValueError:
        raise ValueError(f"as_of {given!r} is not a day; give YYYY-MM-DD") from None
