"""Where the tags of a post are in its front matter: the value that the reader takes, and its place in the source."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

from transforms.editing.written import Member, RefusedError, Written
from transforms.reading.fields import clean_tags, fold_name


class Field(NamedTuple):
    """The keys that lead to a value of front matter, and the value as the reader has it."""

    path: tuple[str, ...]
    value: object


def find_tags(values: Mapping[str, object], names: Sequence[str]) -> Field | None:
    """Find the field whose tags the reader takes, or else the first of these names, whatever is in it.

    Raises LimitError as `clean_tags` does.
    """
    found = [field for fold in (str, fold_name) for name in names for field in _look_up(values, name, fold)]
    return next((field for field in found if clean_tags(field.value)), None) or next(iter(found), None)


def _look_up(values: Mapping[str, object], name: str, fold: Callable[[str], str]) -> Iterator[Field]:
    path: list[str] = []
    value: object = values
    for part in name.split("."):
        within = value if isinstance(value, Mapping) else {}
        same = [key for key in within if isinstance(key, str) and fold(key) == fold(part)]
        if not same:
            return
        path.append(same[-1])
        value = within[same[-1]]
    yield Field(tuple(path), value)


def follow(root: Written | None, path: Sequence[str]) -> Member:
    """Follow the keys of a path; raises RefusedError where they do not lead to one value that is of this key alone."""
    within = root
    member: Member | None = None
    for name in path:
        keys = [] if within is None else within.members
        same = [each for each in keys if each.key.kind == "scalar" and fold_name(each.key.text) == fold_name(name)]
        if not same:
            raise RefusedError("alias", within.start if within else 0)
        if len(same) > 1:
            raise RefusedError("duplicate_key", same[1].key.start, name)
        member = same[0]
        if obstacle := member.key.obstacle or member.value.obstacle:
            raise RefusedError(obstacle, member.key.start)
        within = member.value
    if member is None:
        raise ValueError("no path")
    return member
