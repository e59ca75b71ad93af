"""Fields of front matter that look like what a post lacks: its date, or its tags."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Literal

from transforms.reading.dates import clean_date
from transforms.reading.fields import clean_tags

MOST_CLUES = 5
"""For each of the two."""
MOST_VALUES = 100
"""So many fields of a post are looked at."""
MOST_TAGS = 30
TAG_CHARACTERS = 40
KEY_CHARACTERS = 40

Clue = tuple[Literal["date", "tags"], str]
"""What a field looks like, and its name."""
_KEY = re.compile(r"[^\W_][\w .-]*")
_NOT_TAGS = frozenset(
    {
        *("alias", "aliases", "author", "authors", "contributors", "cover", "css", "head", "image", "images", "js"),
        *("layout", "output", "outputs", "redirect_from", "redirects", "resources", "scripts", "styles", "type"),
    }
)
_NO_TAG = re.compile(r"[/\\<>{}]|\.\w{2,4}$|^\W*$")


def find_clues(values: Mapping[str, object], known: Iterable[str], *, date: bool, tags: bool) -> tuple[Clue, ...]:
    """The fields that look like a date or like tags, whichever is sought, but for those of the `known` names.

    A date is what `clean_date` reads, tags are a list of short names.
    """
    taken = {name.casefold() for name in known}
    fields = [
        (key, value)
        for key, value in list(values.items())[:MOST_VALUES]
        if isinstance(key, str) and len(key) <= KEY_CHARACTERS and _KEY.fullmatch(key) and key.casefold() not in taken
    ]
    dates = [("date", key) for key, value in fields if _is_date(value)] if date else []
    lists = [("tags", key) for key, value in fields if key.casefold() not in _NOT_TAGS and _are_tags(value)]
    return (*_first(dates), *_first(lists if tags else []))


def _first(clues: Iterable[tuple[str, str]]) -> Iterator[Clue]:
    for _, (kind, key) in zip(range(MOST_CLUES), clues, strict=False):
        yield "date" if kind == "date" else "tags", key


def _is_date(value: object) -> bool:
    try:
        return isinstance(value, str) and any(map(str.isdigit, value[:KEY_CHARACTERS])) and bool(clean_date(value))
    except ValueError:
        return False


def _are_tags(value: object) -> bool:
    if not isinstance(value, list) or not 0 < len(value) <= MOST_TAGS:
        return False
    found = clean_tags([item for item in value if isinstance(item, str) and len(item) <= TAG_CHARACTERS])
    return len(value) == len(found) and not any(map(_NO_TAG.search, found))
