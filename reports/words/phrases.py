"""Sentences that the tables hold in English, said in the language of the report."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from reports.words.language import Language, to_say

OMISSIONS = (
    to_say("dated {day}, after {end}"),
    to_say("no text and no heading"),
    to_say("{name} without front matter is about the repository"),
    to_say("in _drafts"),
)
"""Why posts are skipped; front matter that says so is quoted, in no language."""
KINDS = (to_say("draft"), to_say("hidden"), to_say("future"), to_say("empty"), to_say("page"))
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
