"""What is to become of a post's tags."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from transforms.reading.fields import tag_key


@dataclass(frozen=True)
class TagChanges:
    """Tags to rename, from their keys (`tag_key`) to the new names; keys of tags to remove; and names to add.

    `respell` renames what is spelled just so, and goes before `rename`. A tag that is renamed to one which the post has
    already is removed, and none is added that it has.
    """

    rename: Mapping[str, str] = field(default_factory=dict)
    remove: frozenset[str] = frozenset()
    add: tuple[str, ...] = ()
    respell: Mapping[str, str] = field(default_factory=dict)


class Plan(NamedTuple):
    """What each tag is to be called, None for one to remove; and the tags to add behind them."""

    names: tuple[str | None, ...]
    added: tuple[str, ...]

    @property
    def all_names(self) -> tuple[str, ...]:
        """The tags as they are to be."""
        return (*(name for name in self.names if name), *self.added)


def plan_changes(tags: Sequence[str], changes: TagChanges) -> Plan:
    """Plan what becomes of the tags of a post; one that is no tag is an empty string, and stays."""
    targets = [_target(tag, changes) for tag in tags]
    taken = {tag_key(tag) for tag, target in zip(tags, targets, strict=True) if tag and target == tag}
    names: list[str | None] = []
    for tag, target in zip(tags, targets, strict=True):
        if target is not None and target != tag:
            key = tag_key(target)
            target = None if key in taken else target
            taken.add(key)
        names.append(target)
    added = {tag_key(tag): tag for tag in reversed(changes.add) if tag_key(tag) not in taken}
    return Plan(tuple(names), tuple(reversed(added.values())))


def _target(tag: str, changes: TagChanges) -> str | None:
    if not tag:
        return tag
    key = tag_key(tag)
    return None if key in changes.remove else changes.respell.get(tag, changes.rename.get(key, tag))
