"""How often posts are read: page views by path or url, as analytics tools export them."""

from __future__ import annotations

import csv
import dataclasses
import json
import re
from collections import Counter
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from typing import Any

from transforms.records import Article
from transforms.site.addresses import parts_of, split_address, whole_addresses
from transforms.site.places import place_of
from transforms.site.site_model import PLAIN_SITE, Site

PLACES = (
    "path",
    "url",
    "page",
    "pagepath",
    "pagepathandscreenclass",
    "pagepathquerystring",
    "ページパスとスクリーンクラス",
    "pagelocation",
    "link",
    "id",
    "slug",
)
VIEWS = ("views", "pageviews", "screenpageviews", "表示回数", "hits", "count", "visits", "sessions", "users")
"""The names of the two columns, letters and digits only, the first that is there."""

_GROUPED = re.compile(r"([1-9]\d{0,2}([.,'’\s_])\d{3}(?:\2\d{3}){0,4})(?:(?!\2)[.,]\d+)?")
_NUMBER = re.compile(r"\d{1,15}(?:\.\d+)?")

_Row = tuple[str, str, Any]
"""Where a row stands, its place and its views."""


class PopularityError(ValueError):
    """A file holds no page views; its message says in one line why, and where."""


def read_popularity(text: str) -> dict[str, int]:
    """Read page views from JSON or CSV: normalised path -> views, rows of one path added up.

    JSON is an object of path or url to views, or a list of objects; CSV (by comma, semicolon or tab) has a header that
    names both columns, or two columns. Lines that begin with # are comments; a further table without both columns, as
    of views by day, is passed over. 1.234 in a text is 1234, as in 1,234. Raises PopularityError.
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


def with_views(
    article: Article, views: Mapping[str, int], site: Site = PLAIN_SITE, nobodys: Container[str] = ()
) -> Article:
    """The article with the views of its addresses added up, each counted once; unknown where none is there.

    These are its url, its path, what Jekyll and Hexo make of its date and name, and what its site adds to them. The
    views of addresses that several articles share, given without slashes at their ends, are nobody's.
    """
    addresses = [address for address in whole_addresses(place_of(article, site)) if address in views]
    found = [views[address] for address in addresses if address not in nobodys]
    return dataclasses.replace(article, views=sum(found)) if found else article


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
        place, count = _columns(list(row), f"row {number}")
        cells = list(row.values())
        yield f"in row {number}", "" if cells[place] is None else str(cells[place]), cells[count]


def _csv_rows(text: str) -> Iterator[_Row]:
    records = _records(text)
    if not records:
        return
    line, first = records[0]
    headless = len(first) == 2 and _number(first[1]) is not None
    columns: tuple[int, int] | None = (0, 1) if headless else _columns(first, f"line {line}")
    for number, row in records if headless else records[1:]:
        if number > line + 1 and _is_header(row):
            columns = _find_columns(row)
        elif columns:
            if len(row) <= max(columns):
                raise PopularityError(f"line {number} has {len(row)} columns, and {max(columns) + 1} are needed")
            yield f"in line {number}", row[columns[0]], row[columns[1]]
        line = number


def _records(text: str) -> list[tuple[int, list[str]]]:
    """The rows of a CSV file, each with the number of the line where it ends."""
    lines = [(number, line) for number, line in enumerate(text.splitlines(), start=1) if _is_data(line)]
    if not lines:
        return []
    delimiter = max("\t;,", key=lambda sign: lines[0][1].count(sign))
    reader = csv.reader((line for _, line in lines), delimiter=delimiter)
    try:
        return [(lines[reader.line_num - 1][0], row) for row in reader]
    except csv.Error as error:
        raise PopularityError(f"it is no CSV: {error}") from None


def _is_data(line: str) -> bool:
    return bool(line.strip(" \t,;")) and not line.startswith("#")


def _is_header(row: Iterable[str]) -> bool:
    """Whether a row after a gap begins another table: it names views and holds no number."""
    cells = list(row)
    return any(_plain(cell) in VIEWS for cell in cells) and all(_number(cell) is None for cell in cells)


def _columns(names: Sequence[str], where: str) -> tuple[int, int]:
    columns = _find_columns(names)
    if columns is None:
        raise PopularityError(f"{where} names no path and views; give columns such as {PLACES[0]} and {VIEWS[0]}")
    return columns


def _find_columns(names: Sequence[str]) -> tuple[int, int] | None:
    plain = [_plain(name) for name in names]
    place, count = (next((plain.index(name) for name in known if name in plain), None) for known in (PLACES, VIEWS))
    return None if place is None or count is None else (place, count)


def _plain(name: str) -> str:
    return re.sub(r"[\W_]+", "", name.lower())


def _count(count: Any, where: str) -> int:
    views = _number(f"{count:.0f}" if isinstance(count, float) else str(count))
    if views is None:
        raise PopularityError(f"{repr(count)[:60]} {where} is no number of views")
    return views


def _number(text: str) -> int | None:
    text = text.strip()
    if grouped := _GROUPED.fullmatch(text):
        return int(re.sub(r"\D", "", grouped[1]))
    return round(float(text)) if _NUMBER.fullmatch(text) else None
