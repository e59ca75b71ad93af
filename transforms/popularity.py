"""How often posts are read: page views by path or url, as analytics tools export them."""

from __future__ import annotations

import csv
import dataclasses
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from transforms.addresses import parts_of, split_address
from transforms.parse import article_id
from transforms.records import Article

PLACES = ("path", "url", "page", "page_path", "pagepath", "page path", "page location", "link", "id", "slug")
VIEWS = ("views", "pageviews", "page_views", "screenpageviews", "hits", "count", "visits", "sessions", "users")
"""The names of the two columns, the first that is there."""

_SEPARATORS = re.compile(r"(?<=\d)[,\u00a0\u202f _](?=\d{3}(?!\d))")
_NUMBER = re.compile(r"\d+(?:\.\d+)?")


class PopularityError(ValueError):
    """A file holds no page views; its message says in one line why, and where."""


def read_popularity(text: str) -> dict[str, int]:
    """Read page views from JSON or CSV: normalised path -> views, rows of one path added up.

    JSON is an object of path or url to views, or a list of objects; CSV (by comma, semicolon or tab) has a header that
    names both columns, or two columns. Lines that begin with # are comments. Raises PopularityError.
    """
    text = text.removeprefix("\ufeff")
    rows = _json_rows(text) if text.lstrip()[:1] in ("{", "[") else _csv_rows(text)
    views: Counter[str] = Counter()
    for where, place, count in rows:
        views[normal_place(place)] += _count(count, where)
    if not views:
        raise PopularityError("it holds no row")
    return dict(views)


def normal_place(place: str) -> str:
    """The path of a path or url as it is compared: without host, query, suffix, index and slashes at its ends."""
    return "/".join(parts_of(split_address(place.strip())[1]) or ())


def with_views(article: Article, views: Mapping[str, int]) -> Article:
    """The article with the views of its url, its path and its id, each place counted once; unknown where none is."""
    places = {normal_place(place) for place in (article.url or "", article.path, article_id(article.path)) if place}
    found = [views[place] for place in sorted(places - {""}) if place in views]
    return dataclasses.replace(article, views=sum(found)) if found else article


_Row = tuple[str, str, Any]
"""Where a row stands, its place and its views."""


def _json_rows(text: str) -> Iterator[_Row]:
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise PopularityError(f"it is no JSON: {error}") from None
    if isinstance(data, dict):
        yield from ((f"of {place!r}", place, count) for place, count in data.items())
        return
    for number, row in enumerate(data, start=1):
        if not isinstance(row, dict):
            raise PopularityError(f"row {number} is no object with a path and its views")
        names = {str(name).strip().lower(): name for name in row}
        place, count = _columns(names, f"row {number}")
        yield f"in row {number}", str(row[names[place]]), row[names[count]]


def _csv_rows(text: str) -> Iterator[_Row]:
    lines = [(number, line) for number, line in enumerate(text.splitlines(), start=1) if _is_data(line)]
    if not lines:
        return
    delimiter = max("\t;,", key=lambda sign: lines[0][1].count(sign))
    table = list(csv.reader((line for _, line in lines), delimiter=delimiter))
    header = [name.strip().lower() for name in table[0]]
    if len(header) == 2 and _NUMBER.fullmatch(_SEPARATORS.sub("", header[1])):
        place, count, first = 0, 1, 0
    else:
        names = {name: column for column, name in reversed(list(enumerate(header)))}
        place, count = (names[name] for name in _columns(names, f"line {lines[0][0]}"))
        first = 1
    for (number, _), row in zip(lines[first:], table[first:], strict=False):
        if len(row) <= max(place, count):
            raise PopularityError(f"line {number} has {len(row)} columns, and {max(place, count) + 1} are needed")
        yield f"in line {number}", row[place], row[count]


def _is_data(line: str) -> bool:
    return bool(line.strip(" \t,;")) and not line.startswith("#")


def _columns(names: Iterable[str], where: str) -> tuple[str, str]:
    known = set(names)
    place = next((name for name in PLACES if name in known), None)
    count = next((name for name in VIEWS if name in known), None)
    if place is None or count is None:
        raise PopularityError(f"{where} names no path and views; give columns such as {PLACES[0]} and {VIEWS[0]}")
    return place, count


def _count(count: Any, where: str) -> int:
    text = _SEPARATORS.sub("", str(count).strip())
    if isinstance(count, bool) or not _NUMBER.fullmatch(text):
        raise PopularityError(f"{count!r} {where} is no number of views")
    return round(float(text))
