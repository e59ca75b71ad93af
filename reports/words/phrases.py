"""Sentences that the tables hold in English, said in the language of the report."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache

from reports.words.language import Language, to_say
from transforms.results import SkippedKind

OMISSIONS = (
    to_say("dated {day}, after {end}"),
    to_say("no text and no heading"),
    to_say("{name} without front matter is about the repository"),
    to_say("in _drafts"),
    to_say("has a password"),
    to_say("expired {day}"),
    to_say("{name} is the page of a section"),
    to_say("{name} stands with other posts"),
)
"""Why posts are skipped; front matter that says so is quoted, in no language."""
KINDS: Mapping[SkippedKind, str] = {
    "draft": to_say("draft"),
    "private": to_say("private"),
    "hidden": to_say("hidden"),
    "future": to_say("future"),
    "expired": to_say("expired"),
    "page": to_say("page"),
    "empty": to_say("empty"),
}
"""The kinds of skipped posts."""


def say_phrase(text: str, phrases: tuple[str, ...], say: Language) -> str:
    """Say a text that was made of one of the phrases; one that was made of none stays as it is."""
    for phrase, pattern in _patterns(phrases):
        if found := pattern.fullmatch(text):
            return say(phrase, **found.groupdict())
    return text


@cache
def _patterns(phrases: tuple[str, ...]) -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((phrase, re.compile("".join(_pattern(phrase)), re.DOTALL)) for phrase in phrases)


def _pattern(phrase: str) -> Iterator[str]:
    for literal, name in re.findall(r"([^{]+)|\{(\w+)\}", phrase):
        yield re.escape(literal) if literal else f"(?P<{name}>.+?)"
