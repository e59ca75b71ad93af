"""Sentences that the tables hold in English, said in the language of the report."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from reports.words.language import Language, to_say

EVIDENCE = (
    to_say("one tag in several spellings: {uses}"),
    to_say("the names differ by no more than punctuation, space or plural: {uses}"),
    to_say("no other post has it"),
    to_say("its post could carry {tag} ({posts} posts), probability {probability}"),
    to_say("mean probability {mean} in its {posts} posts, {rate} in any post"),
    to_say("mean probability {mean} in {some} of its {posts} posts, {rate} in any post"),
    to_say("{probability} in the best"),
    to_say("probabilities by the text: {doubted}"),
    to_say("of tags that the post lacks: {asked}"),
    to_say("mean cosine between their posts {across}, {within} expected within one tag"),
    to_say("{first} and {second} posts, none with both"),
    to_say("{first} and {second} posts, {both} with both"),
    to_say("one name abbreviates the other"),
    to_say("the names differ by a letter or two"),
    to_say("one name is the initials of the other"),
    to_say("one name has all words of the other"),
    to_say("one name is part of the other"),
    to_say("one name is two letters of the other"),
    to_say("the most alike of all tags with 5 posts or more"),
)
"""What is said of tags to mend, clause by clause."""
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
