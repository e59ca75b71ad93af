"""When a post is from: the first date that can be read, of all that may say so."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from transforms.reading.dates import ZERO_DATE, date_in_path, find_date
from transforms.reading.fields import clean_flag, clean_text, find_named
from transforms.reading.notebook import Notebook
from transforms.results import NoteKind

MOST_DATES = 5
"""So many of a list of dates are tried."""
_WITHIN = ("value", "start", "from", "$date")
"""What a mapping calls its date, besides the usual names of one."""

Given = tuple[str, object]
"""A field's name, and a value that should be a date."""


def date_post(
    values: Mapping[str, object], id_: str, fields: Mapping[str, Sequence[str]], notebook: Notebook
) -> str | None:
    """The date of a post: of its fields, else in its file's name or its folders, else of its last change, else None.

    Of a field that gives but a year or a month, the first day is taken where file and folders give no day. Values that
    could not be read, or not as they are, are noted.
    """
    unread: list[Given] = []
    date, done = _date(values, id_, fields, unread, notebook)
    for name, value in unread:
        notebook.add(name, value, done)
    return date


def given_dates(values: Mapping[str, object], names: Sequence[str]) -> Iterator[Given]:
    """What stands under these names, in a list or a mapping too, but for what is no date: yes, no and Hugo's zero."""
    for name, value in find_named(values, names):
        yield from ((name, date) for date in _within(value, names) if not _is_none(date))


def last_change(values: Mapping[str, object], fields: Mapping[str, Sequence[str]]) -> str | None:
    """The first date that can be read of those that say when a post was last changed."""
    found = (find_date(value) for _, value in given_dates(values, fields["updated"]))
    return next((each.date for each in found if each), None)


def _date(
    values: Mapping[str, object], id_: str, fields: Mapping[str, Sequence[str]], unread: list[Given], notebook: Notebook
) -> tuple[str | None, NoteKind]:
    """The date, and what is to be noted of what came before and is added to `unread`."""
    first_day = None
    for name, value in given_dates(values, fields["date"]):
        found = find_date(value)
        if found and found.done != "dated_first_day":
            if found.done:
                notebook.add(name, value, found.done)
            return found.date, "dated_by_field"
        first_day = first_day or (found and found.date)
        unread.append((name, value))
    if date := date_in_path(id_):
        return date, "dated_by_path"
    if first_day:
        return first_day, "dated_first_day"
    if date := last_change(values, fields):
        return date, "dated_by_change"
    return None, "undated"


def _within(value: object, names: Sequence[str]) -> Sequence[object]:
    if isinstance(value, list):
        return value[:MOST_DATES] or [value]
    if isinstance(value, dict):
        return [date for _, date in find_named(value, (*names, *_WITHIN))] or [value]
    return [value]


def _is_none(value: object) -> bool:
    if isinstance(value, list | dict):
        return not value
    text = clean_text(value)
    return not text or clean_flag(text) is not None or text.startswith(ZERO_DATE)
