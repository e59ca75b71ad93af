"""Dates as posts give them, to ISO 8601."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from typing import NamedTuple

from transforms.limits import DATE_CHARACTERS
from transforms.results import NoteKind

_YEAR_FIRST = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[Tt\s]\s*(.*))?")
_MONTH_NAMED = re.compile(r"(?=.*[A-Za-z]{3})(?=.*\d{4}).{,60}")
_IN_NAME = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[-_.]|$)")
_IN_PATH = re.compile(
    r"(?:^|/)(?:(\d{4})[-_/](\d{1,2})[-_/](\d{1,2})|((?:19|20)\d\d)(\d\d)(\d\d))(?=[-_./]|$)",
)
_YEAR_TWICE = re.compile(r"((\d{4})-\d{1,2}-\d{1,2} \d{1,2}:\d{2}(?::\d{2})?) \2(?= [+-]\d|$)")
_SECONDS = re.compile(r"([1-3]\d{9})(?:\.\d{1,9}|(\d{3}))?")
_YEAR_OR_MONTH = re.compile(r"((?:19|20)\d\d)年?(?:(?<=年)(\d{1,2})月|[-/.](\d{1,2}))?")
_ZONES = {
    "CEST": "+02:00",
    "CET": "+01:00",
    "EEST": "+03:00",
    "EET": "+02:00",
    "HKT": "+08:00",
    "JST": "+09:00",
    "KST": "+09:00",
    "MSK": "+03:00",
    "NZDT": "+13:00",
    "NZST": "+12:00",
    "SGT": "+08:00",
}
"""Names of zones that mean one thing everywhere; EST, CST and IST do not."""
_ZONE_NAMED = re.compile(rf" ({'|'.join(_ZONES)})$")
_REMARK = re.compile(r" ?(?:\([^()]*\)|\[[^\[\]]*\])$")
_DAY_FIRST = re.compile(r"(\d{1,2})([/.-])(\d{1,2})\2(\d{4})")
_SECOND_DATE = re.compile(r"\d[-/]\d{1,2}[-/]\d")
_ZONE_OF_GMT = re.compile(r"(?:GMT|UTC)\s?(?=[+-]\d)")
ZERO_DATE = "0001-01-01"
"""The date that Hugo writes for none."""


class FoundDate(NamedTuple):
    """A date as ISO 8601, and what had to be done to take the value for one."""

    date: str
    done: NoteKind | None = None


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


def find_date(value: object) -> FoundDate | None:
    """The date that a value means, as far as it can be told; None where no more than a guess would be left.

    A time or zone that cannot be read is left out, and a year or a month stands for its first day. Seconds and
    milliseconds since 1970 are dates too.
    """
    try:
        return FoundDate(date) if (date := clean_date(value)) and not date.startswith(ZERO_DATE) else None
    except ValueError:
        text = str(value).strip() if isinstance(value, str | int) else ""
    if not text or len(text) > DATE_CHARACTERS:
        return None
    text = _YEAR_TWICE.sub(r"\1", _REMARK.sub("", text.strip("\"'<>")))
    text = _ZONE_NAMED.sub(lambda found: _ZONES[found[1]], text)
    for read, done in _READINGS:
        try:
            if date := read(text):
                return FoundDate(date, done)
        except (ValueError, OverflowError):
            continue
    return None


def date_in_path(path: str) -> str | None:
    """The last date in the names of a path, as in 2021-03-04-slug, 20210304_slug and 2021/03/04/slug, or None."""
    found = None
    for numbers in _IN_PATH.findall(path):
        try:
            found = dt.date(*(int(number) for number in numbers if number)).isoformat()
        except ValueError:
            continue
    return found


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
        if _SECOND_DATE.search(found[4]):
            raise
        return _parse(f"{day} {found[4]}")


def _parse(text: str, *, ignoretz: bool = False) -> str:
    """Read a date with dateutil, twice: what differs is what it made up."""
    from dateutil import parser

    text = _ZONE_OF_GMT.sub("", text)  # which dateutil reads as POSIX does: the other way round
    first: dt.datetime
    second: dt.datetime
    first, second = (
        parser.parse(text, default=default, tzinfos=_zone, ignoretz=ignoretz)
        for default in (dt.datetime(2000, 1, 1, 0), dt.datetime(2001, 2, 2, 1))
    )
    if first.date() != second.date():
        raise ValueError(text)
    return first.isoformat() if first.time() == second.time() else first.date().isoformat()


def _zone(name: str | None, offset: int | None) -> dt.timezone | None:
    if offset is None and name is not None:
        raise ValueError(name)  # zones such as EST mean different things in different places
    return None if offset is None else dt.timezone(dt.timedelta(seconds=offset))


def _since_1970(text: str) -> str | None:
    found = _SECONDS.fullmatch(text)
    return dt.datetime.fromtimestamp(int(found[1]), dt.UTC).isoformat() if found else None


def _day_first(text: str) -> str | None:
    """The date in 31/12/2022 and 31.12.2022; None where day and month could change places."""
    if not (found := _DAY_FIRST.fullmatch(text)):
        return None
    first, second = int(found[1]), int(found[3])
    day, month = (second, first) if second > 12 and found[2] != "." else (first, second)
    if max(day, month) <= 12 and day != month and found[2] != ".":
        return None
    return dt.date(int(found[4]), month, day).isoformat()


def _day_of(text: str) -> str | None:
    """The day of a date of which the time or the zone cannot be read."""
    found = re.match(r"(\d{4})([-/.年])(\d{1,2})[-/.月](\d{1,2})(?!\d)", text)
    if found:
        return dt.date(int(found[1]), int(found[3]), int(found[4])).isoformat()
    return _parse(text, ignoretz=True)[:10] if _MONTH_NAMED.fullmatch(text) else None


def _first_day(text: str) -> str | None:
    """The first day of a year or a month."""
    if found := _YEAR_OR_MONTH.fullmatch(text):
        return dt.date(int(found[1]), int(found[2] or found[3] or 1), 1).isoformat()
    return _parse(f"1 {text}") if re.fullmatch(r"[A-Za-z]{3,9}\.?,? (?:19|20)\d\d", text) else None


_READINGS: tuple[tuple[Callable[[str], str | None], NoteKind | None], ...] = (
    (clean_date, None),
    (_since_1970, None),
    (_day_first, None),
    (_day_of, "dated_without_time"),
    (_first_day, "dated_first_day"),
)


def instant(date: str) -> float:
    """The seconds from 1970 to an ISO 8601 date or date-time; one without a zone is taken for UTC."""
    moment = dt.datetime.fromisoformat(date)
    return (moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)).timestamp()


def is_after(date: str, day: str) -> bool:
    """Tell whether an ISO 8601 date is after a day: an instant after its end in UTC, or a later day than the next.

    A date without a zone is a day on which it may still be the one before somewhere.
    """
    moment, last = dt.datetime.fromisoformat(date), dt.date.fromisoformat(day)
    if moment.tzinfo is None:
        return moment.toordinal() - last.toordinal() > 1
    return instant(date) >= instant(day) + 86_400


def is_over(date: str, day: str) -> bool:
    """Tell whether an ISO 8601 date has come by the end of a day in UTC; one without a zone is taken for UTC."""
    return instant(date) < instant(day) + 86_400


def today() -> str:
    """The day that it is in UTC, on whatever machine."""
    return dt.datetime.now(dt.UTC).date().isoformat()
