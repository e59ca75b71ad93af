"""What people do not want to be told: by globs of paths in a config, and by comments in posts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from transforms.checks.findings import RULES, Finding, Unused
from transforms.checks.posts import ReadPost, finding
from transforms.reading.files import matches_glob

EVERYTHING = "*"
"""Stands for all rules."""
MOST = 1_000
"""So many comments of a post are heeded."""
_IN_FRONT_MATTER = re.compile(r"(?:^|[ \t])#[ \t]*postkin:[ \t]*ignore\b([^\n]*)", re.MULTILINE)
_IN_BODY = re.compile(r"<!--\s*postkin:\s*ignore\b([^<>\n]*?)-->|\{/\*\s*postkin:\s*ignore\b([^\n]*?)\*/\}")
_BETWEEN = re.compile(r"[,\s]+")


class Comment(NamedTuple):
    """A comment that asks to ignore `rules` on lines `first` to `last` (None: on all); it stands on line `line`."""

    line: int
    rules: tuple[str, ...]
    first: int = 0
    last: int | None = None

    def names(self, found: Finding) -> str:
        """The word by which it asks to ignore a finding, "" if it does not."""
        if self.last is not None and not self.first <= found.line <= self.last:
            return ""
        return next((rule for rule in self.rules if rule in (found.rule, EVERYTHING)), "")


class Sifted(NamedTuple):
    """Findings to show, and those that a comment or the config ignores."""

    shown: list[Finding]
    ignored: list[Finding]


def comments(post: ReadPost) -> list[Comment]:
    """The first `MOST` comments in a post that ask to ignore rules: those of its front matter hold for all of it."""
    source, text = post.matter.source, post.text
    lines = _Lines(source, post.matter.line)
    found = [Comment(lines.at(match.start(1)), _rules(match[1])) for match in _IN_FRONT_MATTER.finditer(source)]
    lines = _Lines(text, 1)
    for match in _IN_BODY.finditer(text, len(text) - len(post.matter.body)):
        line, last = lines.at(match.start()), lines.at(match.end())
        found.append(Comment(line, _rules(match[1] or match[2] or ""), line, last + 1))
        if len(found) >= MOST:
            break
    return found[:MOST]


class _Lines:
    """The lines of places in a text, of which each is asked for after those before it."""

    def __init__(self, text: str, first: int) -> None:
        self._text, self._line, self._place = text, first, 0

    def at(self, place: int) -> int:
        """The line of a place, from the `first` on."""
        self._line += self._text.count("\n", self._place, place)
        self._place = place
        return self._line


def sift(
    post: ReadPost, findings: Iterable[Finding], ignored: Mapping[str, Sequence[str]], *, unused: bool = True
) -> Sifted:
    """Part a post's findings by its comments and by globs with rules.

    What a comment does in vain is a finding too, if all that is found in the post is given, and `unused` asked for.
    """
    asked = comments(post)
    by_path = ignored_rules(post.path, ignored)
    used: set[tuple[int, str]] = set()
    shown: list[Finding] = []
    hidden: list[Finding] = []
    for found in findings:
        covering = [(place, name) for place, comment in enumerate(asked) if (name := comment.names(found))]
        used.update(covering)
        (hidden if covering or by_path & {found.rule, EVERYTHING} else shown).append(found)
    for found in _unused(post, asked, used) if unused else ():
        (hidden if by_path & {found.rule, EVERYTHING} else shown).append(found)
    return Sifted(shown, hidden)


def _unused(post: ReadPost, asked: Sequence[Comment], used: set[tuple[int, str]]) -> Iterator[Finding]:
    for place, comment in enumerate(asked):
        if not comment.rules:
            yield finding("ignore-unused", post, comment.line, "", Unused("names-none"))
        for rule in comment.rules:
            if rule != EVERYTHING and rule not in RULES:
                yield finding("ignore-unused", post, comment.line, rule, Unused("unknown"))
            elif (place, rule) not in used:
                yield finding("ignore-unused", post, comment.line, rule, Unused("finds-nothing"))


def ignored_rules(path: str, ignored: Mapping[str, Sequence[str]]) -> frozenset[str]:
    """The rules that globs ask to ignore at a path below the repository."""
    names = path.split("/")
    return frozenset(rule for glob, rules in ignored.items() if matches_glob(names, glob.split("/")) for rule in rules)


def _rules(text: str) -> tuple[str, ...]:
    return tuple(filter(None, _BETWEEN.split(text)))
