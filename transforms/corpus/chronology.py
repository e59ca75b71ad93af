"""The order of articles by their dates, and how old they are."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from pathlib import PurePosixPath

import numpy as np

from transforms.numerics.arrays import Floats, Ints
from transforms.records import Article

DateKey = tuple[str, str, str]
"""What articles are ordered by: the date, or the file's name where there is none, then the path and the id."""


def date_key(article: Article) -> DateKey:
    """Return what an article is ordered by."""
    return article.date or PurePosixPath(article.path).name, article.path, article.id


def date_keys(articles: Iterable[Article]) -> list[DateKey]:
    """Return what articles are ordered by."""
    return list(map(date_key, articles))


def ages(articles: Sequence[Article], newest: float | None = None) -> Floats:
    """Return how many years before the newest article each was dated [n], NaN where there is no date.

    `newest` is the day of the newest as a proleptic ordinal, where it is not among these articles.
    """
    days = ordinals(articles)
    return ((latest(days) if newest is None else newest) - days) / 365.25


def ordinals(articles: Sequence[Article]) -> Floats:
    """Return the articles' days as proleptic ordinals [n], NaN where there is no date."""
    return np.array([_ordinal(article.date) for article in articles], np.float64)


def latest(days: Floats) -> float:
    """Return the latest of days, NaN where none is known."""
    return float(np.fmax.reduce(days, initial=np.nan))


def by_date(articles: Sequence[Article]) -> Ints:
    """Order rows by date (the file's name where there is none), ties by path."""
    keys = date_keys(articles)
    return np.array(sorted(range(len(articles)), key=keys.__getitem__), np.int64)


def _ordinal(date: str | None) -> float:
    return float("nan") if date is None else float(dt.date.fromisoformat(date[:10]).toordinal())
