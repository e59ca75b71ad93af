"""Editing tags that stand in one string, with commas or spaces between them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from transforms.editing.changes import Plan
from transforms.editing.lists import check_scalar
from transforms.editing.written import RefusedError, Splice, Write, Written
from transforms.reading.fields import COMMAS

_WORDS = re.compile(r"\s+")
_SEMICOLONS = re.compile(";")


class Part(NamedTuple):
    """A tag in a string, from the character `start` up to `end`."""

    start: int
    end: int
    text: str


def separators(text: str, *, spaced: bool, semicolons: bool) -> re.Pattern[str]:
    """What parts the tags of a string: commas, or spaces, or semicolons, where these do."""
    if semicolons and ";" in text:
        return _SEMICOLONS
    return _WORDS if spaced and not COMMAS.search(text) else COMMAS


def parts_of(text: str, separator: re.Pattern[str]) -> list[Part]:
    """The tags of a string, without those that are empty."""
    ends = [0, *(end for found in separator.finditer(text) for end in found.span()), len(text)]
    parts = []
    for start, end in zip(ends[::2], ends[1::2], strict=True):
        part = text[start:end]
        if part.strip():
            left = start + len(part) - len(part.lstrip())
            parts.append(Part(left, left + len(part.strip()), part.strip()))
    return parts


def edit_string(
    source: str, value: Written, parts: Sequence[Part], plan: Plan, separator: re.Pattern[str], write: Write
) -> tuple[list[Splice], str]:
    """Make a plan of the parts of a string; returns the splices, and what the string is to say.

    Raises RefusedError where the string is not written as it reads, and for a tag that would be two.
    """
    check_scalar(value)
    quoted = len(value.quote)
    start, end = value.start + quoted, value.end - quoted
    if source[start:end] != value.text:
        raise RefusedError("layout", value.start)
    changed = [name for part, name in zip(parts, plan.names, strict=True) if name is not None and name != part.text]
    new = (*changed, *plan.added)
    for name in new:
        if separator.search(name) or COMMAS.search(name):
            raise RefusedError("separator", value.start, name)
    kept = _kept(value.text, parts, plan, " " if separator is _WORDS else ", ")
    if not kept:
        raise RefusedError("layout", value.start)
    text = "".join(between + name for between, name in kept) + value.text[parts[-1].end if parts else 0 :]
    is_plain = len(kept) > 1 and not value.quote and all(write(name, "") == name for name in new)
    written = text if is_plain else write(text, value.quote)
    return [_shortest(source, value, written)], text


def _kept(text: str, parts: Sequence[Part], plan: Plan, usual: str) -> list[tuple[str, str]]:
    """The tags that are in the string afterwards, each behind what stands before it."""
    before = [
        text[left:right]
        for left, right in zip([0, *(part.end for part in parts)], (part.start for part in parts), strict=False)
    ]
    kept = [(between, name) for between, name in zip(before, plan.names, strict=True) if name is not None]
    usual = before[-1] if len(before) > 1 else usual
    kept += [(usual, name) for name in plan.added]
    return [(before[0] if before else "", kept[0][1]), *kept[1:]] if kept else []


def _shortest(source: str, value: Written, written: str) -> Splice:
    """The splice that makes a value of another, without what both have at their ends."""
    old = source[value.start : value.end]
    most = min(len(old), len(written))
    left = next((place for place in range(most) if old[place] != written[place]), most)
    most -= left
    right = next((place for place in range(most) if old[-1 - place] != written[-1 - place]), most)
    return Splice(value.start + left, value.end - right, written[left : len(written) - right])
