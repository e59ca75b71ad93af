"""Patterns of addresses, as in `/:year/:month/:title/`."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import cache

from transforms.scripts import MARKS, as_ranges

JEKYLL_STYLES: Mapping[str, str] = {
    "date": "/:categories/:year/:month/:day/:title",
    "pretty": "/:categories/:year/:month/:day/:title",
    "ordinal": "/:categories/:year/:y_day/:title",
    "none": "/:categories/:title",
}
"""Patterns for which Jekyll has a word."""

MEANINGS: Mapping[str, str] = {
    "title": "name",
    "slug": "name",
    "name": "name",
    "filename": "file",
    "slugorfilename": "name",
    "slugorcontentbasename": "name",
    "contentbasename": "file",
    "category": "categories",
    "post_title": "title",
    "output_ext": "nothing",
}
"""What a token stands for: the post's `name` is its slug or else its `file`, without a date; `title` is slugified.

A token that is not here stands for the value of its own name, a part of the date or a field of front matter.
"""

MAX_PATTERN = 200
_TOKEN = re.compile(r":([A-Za-z_]+)")
_TEMPLATE = re.compile(r"\{\{|\{%|<%|\$\{|[*\[\]]")


def expand(pattern: str, values: Mapping[str, str], tokens: Mapping[str, str]) -> str | None:
    """Fill a pattern's tokens in from `values`; None if one is not known, or is written in a template language."""
    if len(pattern) > MAX_PATTERN or _TEMPLATE.search(pattern):
        return None
    parts: list[str] = []
    end = 0
    for token in _TOKEN.finditer(pattern):
        name = token[1].lower()
        value = values.get(tokens.get(name) or MEANINGS.get(name, name))
        if value is None:
            return None
        parts += (pattern[end : token.start()], value)
        end = token.end()
    return "".join((*parts, pattern[end:]))


def tokens_of(pattern: str) -> tuple[str, ...]:
    """The names of a pattern's tokens, in lower case."""
    return tuple(token.lower() for token in _TOKEN.findall(pattern[:MAX_PATTERN]))


def is_pattern(address: str) -> bool:
    """Tell a pattern or a template from an address."""
    return bool(_TEMPLATE.search(address) or re.search(r"(?:^|/|-):[a-z]", address))


def slugify(text: str) -> str:
    """A text as Hugo writes it into an address: letters, digits and single hyphens, without capitals."""
    return re.sub(r"[\s-]+", "-", _unsafe().sub("", unicodedata.normalize("NFC", text).lower())).strip("-")


@cache
def _unsafe() -> re.Pattern[str]:
    return re.compile(rf"[^\w\s.~+/{as_ranges(MARKS)}-]")  # which takes milliseconds
