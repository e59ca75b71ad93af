"""Dates as posts give them, to ISO 8601."""

from __future__ import annotations

import datetime as dt
import re

from transforms.limits import DATE_CHARACTERS

_YEAR_FIRST = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[Tt\s]\s*(.*))?")
_MONTH_NAMED = re.compile(r"(?=.*[A-Za-z]{3})(?=.*\d{4}).{,60}")
_IN_NAME = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[-_.]|$)")


def clean_date(value: object) -> str | None:
    """A date or date-time as ISO 8601, with a time and a zone only where the post gives one; None for no value.

    Raises ValueError if the value is no date, lacks a day, or could mean two days as 05/06/2022 does.
    """
    if value is None or value == "":
        return None
    if isinstance(value, dt.date):
        return value.isoformat()
    text = str(value).strip() if isinstance(value, str | int) else f"a {type(value).__name__}"
    try:
        return _iso(text)
    except (ValueError, OverflowError):
        raise ValueError(f"{text[:40]!r} is not a date: write 2022-05-06 or 2022-05-06T07:08:09+09:00") from None


def date_in_name(name: str) -> str | None:
    """The date at the start of a file's name, as in 2021-03-04-slug or 2021-3-4-slug, or None."""
    found = _IN_NAME.match(name)
    try:
        return dt.date(int(found[1]), int(found[2]), int(found[3])).isoformat() if found else None
    except ValueError:
        return None


def without_date(name: str) -> str:
    """A file's name without the date at its start, unless nothing else is left."""
    return name[_IN_NAME.match(name).end() :] or name if date_in_name(name) else name  # type: ignore[union-attr]


def _iso(text: str) -> str:
    if len(text) > DATE_CHARACTERS:
        raise ValueError(text[:DATE_CHARACTERS])
    found = _YEAR_FIRST.fullmatch(text)
    if found is None:
        return _parse(text) if _MONTH_NAMED.fullmatch(text) else dt.date.fromisoformat(text).isoformat()
    day = dt.date(int(found[1]), int(found[2]), int(found[3])).isoformat()
    if not found[4]:
        return day
    time = re.sub(r"\s*(?:Z|UTC|GMT)$", "+00:00", found[4], flags=re.IGNORECASE)
    time = re.sub(r"\s+(?=[+-]\d)", "", time)
    try:
        return dt.datetime.fromisoformat(f"{day}T{time}").isoformat()
    except ValueError:
        return _parse(f"{day} {found[4]}")


def _parse(text: str) -> str:
    """Read a date with dateutil, twice: what differs is what it made up."""
    from dateutil import parser

    first: dt.datetime
    second: dt.datetime
    first, second = (
        parser.parse(text, default=default, tzinfos=_zone)
        for default in (dt.datetime(2000, 1, 1, 0), dt.datetime(2001, 2, 2, 1))
    )
    if first.date() != second.date():
        raise ValueError(text)
    return first.isoformat() if first.time() == second.time() else first.date().isoformat()


def _zone(name: str | None, offset: int | None) -> dt.timezone | None:
    if offset is None and name is not None:
        raise ValueError(name)  # zones such as EST mean different things in different places
    return None if offset is None else dt.timezone(dt.timedelta(seconds=offset))


def instant(date: str) -> float:
    """The seconds from 1970 to an ISO 8601 date or date-time; one without a zone is taken for UTC."""
    moment = dt.datetime.fromisoformat(date)
    return (moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)).timestamp()
