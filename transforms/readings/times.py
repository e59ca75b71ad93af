"""Times of page views, in whatever way a log writes them."""

from __future__ import annotations

import datetime as dt
from typing import Any

EARLIEST, LATEST = 788_918_400, 4_102_444_800
"""1995 and 2100: what is beyond is no time of a page view."""
_MONTHS = {
    name: number
    for number, name in enumerate(
        ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"), start=1
    )
}
_MILLI, _MICRO, _NANO = 10**11, 10**14, 10**17
"""From so large a number on it is of milliseconds and so on."""


def second_of(value: Any) -> int:
    """Return the second since 1970 of a time: a number, or a text as ISO 8601 has it; UTC where it names no zone.

    A number is of seconds, of milliseconds, of microseconds or of nanoseconds, by its size. Raises ValueError for what
    is no time between 1995 and 2100.
    """
    if isinstance(value, str):
        second = _of_text(value.strip())
    elif isinstance(value, dt.datetime):
        second = _second(value)
    elif isinstance(value, (int, float)) and not isinstance(value, bool):
        second = _of_number(int(value))
    else:
        second = _of_text(str(value).strip())
    if not EARLIEST <= second < LATEST:
        raise ValueError("no time of a page view")
    return second


def second_of_access(text: str) -> int:
    """Return the second since 1970 of a time as access logs have it: 10/Oct/2000:13:55:36 -0700.

    Raises ValueError for what is none.
    """
    day, month, year = text[:11].split("/")
    hour, minute, second_ = map(int, text[12:20].split(":"))
    moment = dt.datetime(int(year), _MONTHS.get(month, 0), int(day), hour, minute, second_, tzinfo=dt.UTC)
    sign, hours, minutes = text[21:22], int(text[22:24]), int(text[24:26])
    offset = (hours * 60 + minutes) * 60 * (-1 if sign == "-" else 1)
    second = int(moment.timestamp()) - offset
    if text[20:21] != " " or sign not in ("+", "-") or len(text) != 26 or not EARLIEST <= second < LATEST:
        raise ValueError("no time of a page view")
    return second


def _of_text(text: str) -> int:
    if len(text) >= 9 and text.isdigit() and text.isascii():
        return _of_number(int(text[:20]))
    return _second(dt.datetime.fromisoformat(text.removesuffix(" UTC")[:40]))


def _of_number(number: int) -> int:
    if number < _MILLI:
        return number
    return number // (10**3 if number < _MICRO else 10**6 if number < _NANO else 10**9)


def _second(moment: dt.datetime) -> int:
    aware = moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)
    return int(aware.timestamp() // 1)
