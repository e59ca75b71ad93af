"""How site generators want the dates of posts to be written."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

_DAY = r"\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])"
_TIME = r"\d{1,2}:\d\d:\d\d(?:[.,]\d{1,9})?"
_MONTH = "(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)"
_WEEKDAY = "(?:mon|tue|wed|thu|fri|sat|sun)"
_OFFSET, _ZONE = r"[+-]\d\d:?\d\d", "[a-z]{3,4}"
_HUGO = (
    _DAY,
    rf"{_DAY}(?-i:T){_TIME}(?:(?-i:Z)|{_OFFSET})?",
    rf"{_DAY} +{_TIME}(?:(?-i:Z)| ?{_OFFSET}| [+-]\d{{4}} {_ZONE})?",
    rf"\d\d {_MONTH} \d{{4}}",
    rf"\d\d {_MONTH} \d\d \d\d:\d\d (?:{_OFFSET}|{_ZONE})",
    rf"{_WEEKDAY}, \d\d {_MONTH} \d{{4}} {_TIME} (?:{_OFFSET}|{_ZONE})",
    rf"[a-z]{{3,6}}day, \d\d-{_MONTH}-\d\d {_TIME} {_ZONE}",
    rf"{_WEEKDAY} {_MONTH} [ \d]\d {_TIME} (?:(?:{_OFFSET}|{_ZONE}) )?\d{{4}}",
    r"\d{9,10}",
)
"""The layouts of github.com/spf13/cast, by which Hugo reads dates, and seconds since 1970.

Its version 0.168 stops at all others, 0.111 leaves such a post without a date.
"""
_NO_JEKYLL = (r"\d{4}年.*", r"\d\d?/(?:1[3-9]|2\d|3[01])/\d{4}.*", r"\d{4}(?:-\d\d?)?", r"\d{10}(?:\d{3})?")
"""Jekyll 4.3 stops at these, besides what is no date at all."""
_NO_HEXO = (r"\d{4}年.*", r"(?:1[3-9]|2\d|3[01])[-/.]\d\d?[-/.]\d{4}.*", r".* JST")
"""In place of these Hexo 8 takes the day on which the file was changed."""


@dataclass(frozen=True)
class DateForms:
    """The fields (in lower case) that a generator reads as dates, and what it reads: these forms, or all but these."""

    fields: frozenset[str]
    forms: tuple[str, ...]
    are_read: bool = True

    def reads(self, name: str, written: str) -> bool:
        """Tell whether the generator can read the text of a field as a date, or does not take the field for one."""
        if name.lower() not in self.fields:
            return True
        is_of_forms = _any_of(self.forms).fullmatch(written.strip()) is not None
        return is_of_forms == self.are_read


@cache  # compiled when it is needed, since that takes long
def _any_of(forms: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{form})" for form in forms), re.IGNORECASE)


DATE_FORMS: Mapping[str, DateForms] = {
    "hugo": DateForms(frozenset({"date", "publishdate", "pubdate", "published", "lastmod", "modified"}), _HUGO),
    "jekyll": DateForms(frozenset({"date"}), _NO_JEKYLL, are_read=False),
    "hexo": DateForms(frozenset({"date", "updated"}), _NO_HEXO, are_read=False),
}
"""By the names of the generators that were tried."""
