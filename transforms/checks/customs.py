"""What is usual in the front matter of a blog: which keys, and whether posts have titles, dates and tags."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath

from transforms.checks.posts import HowToRead, ReadPost
from transforms.corpus.chronology import DateKey, date_key
from transforms.reading.dates import date_in_name, find_date
from transforms.reading.dating import given_dates
from transforms.reading.fields import clean_title, first_clean, tag_key
from transforms.reading.parse import article_id

NEWEST = 100
"""What blogs do now is told by so many of the newest posts."""


@dataclass(frozen=True)
class Habits:
    """What a post's front matter gives: its keys, the keys of its tags, and whether it gives a title.

    `date` is the day of the first of its date fields that can be read, `name_date` that of its file's name.
    """

    keys: tuple[str, ...]
    titled: bool
    tags: tuple[str, ...]
    date: str | None
    name_date: str | None


@dataclass(frozen=True)
class Customs:
    """How many of so many `posts` have each key, a title, a date; and how many of the `newest` have tags and each key.

    Of the newest ones `recent` are of the newer half; `coining` of these had a tag that no older post has. Of the posts
    with a date in the name of their file and in front matter, `dated_twice`, so many `agree`.
    """

    posts: int = 0
    keys: Mapping[str, int] = field(default_factory=dict)
    titled: int = 0
    dated: int = 0
    dated_twice: int = 0
    agree: int = 0
    newest: int = 0
    newest_keys: Mapping[str, int] = field(default_factory=dict)
    newest_tagged: int = 0
    recent: int = 0
    coining: int = 0

    def without(self, post: Habits) -> Customs:
        """What is usual among the others, where a post was counted; the newest stay as they are."""
        twice = post.date is not None and post.name_date is not None
        return replace(
            self,
            posts=self.posts - 1,
            keys={key: count for key, times in self.keys.items() if (count := times - (key in post.keys))},
            titled=self.titled - post.titled,
            dated=self.dated - (post.date is not None),
            dated_twice=self.dated_twice - twice,
            agree=self.agree - (twice and post.date == post.name_date),
        )


def habits(post: ReadPost, how: HowToRead) -> Habits:
    """Tell what a post's front matter gives."""
    values, fields = post.matter.values, how.fields
    dates = (find_date(value) for _, value in given_dates(values, fields["date"]))
    date = next((found.date[:10] for found in dates if found), None)
    titled = bool(first_clean(values, fields["title"], clean_title))
    article = post.article
    name = PurePosixPath(article_id(article.path)).name if article else ""
    tags = tuple(map(tag_key, article.tags)) if article else ()
    return Habits(post.keys, titled, tags, date, date_in_name(name))


def survey(posts: Iterable[ReadPost], how: HowToRead) -> Customs:
    """Count what is usual among posts, in any order."""
    return count_habits((date_key(post.article), habits(post, how)) for post in posts if post.article)


def count_habits(posts: Iterable[tuple[DateKey, Habits]]) -> Customs:
    """Count the habits of posts, each behind what it is ordered by."""
    every = [of_post for _, of_post in sorted(posts, key=lambda item: item[0])]
    newest, recent = every[-NEWEST:], min(NEWEST, len(every) // 2)
    twice = [of_post for of_post in every if of_post.date and of_post.name_date]
    return Customs(
        posts=len(every),
        keys=Counter(key for of_post in every for key in of_post.keys),
        titled=sum(of_post.titled for of_post in every),
        dated=sum(of_post.date is not None for of_post in every),
        dated_twice=len(twice),
        agree=sum(of_post.date == of_post.name_date for of_post in twice),
        newest=len(newest),
        newest_keys=Counter(key for of_post in newest for key in of_post.keys),
        newest_tagged=sum(bool(of_post.tags) for of_post in newest),
        recent=recent,
        coining=_count_coining(every, recent),
    )


def _count_coining(posts: Sequence[Habits], recent: int) -> int:
    """How many of the last so many posts have a tag that no post before them has."""
    known: set[str] = set()
    coining = 0
    for place, post in enumerate(posts):
        coining += place >= len(posts) - recent and not known.issuperset(post.tags)
        known.update(post.tags)
    return coining
