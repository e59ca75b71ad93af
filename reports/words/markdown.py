"""Text as Markdown shows it."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Sequence
from typing import Any

MAX_CHARS = 80
MAX_SENTENCE = 400

_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2028\u2029\u2066-\u2069\ud800-\udfff]+")

_SPECIAL = re.compile(r"[\\`*_{}\[\]()!|~$]")

_AUTOLINK = re.compile(r"[@#](?=\w)|:(?=//)|www(?=\.)", re.IGNORECASE)

_WORD_JOINER = "\u2060"

_SPECIAL_IN_NAMES = re.compile(r"[\\`*\[\]<>|]")


class Markdown(str):
    """Markdown already, in which nothing is to be escaped."""

    __slots__ = ()


def code_block(lines: Iterable[str]) -> Markdown:
    """Commands, one a line, as a block of code; they begin with a word, so that none can end it."""
    return Markdown("\n".join(("```sh", *lines, "```")))


def escape_sentence(text: str) -> Markdown:
    """A sentence of ours, which may name some posts, themes or tags, as literal text of at most 400 characters."""
    return Markdown(escape_markdown(text, MAX_SENTENCE))


def escape_markdown(value: Any, limit: int = MAX_CHARS) -> str:
    """A value as literal text for a Markdown table: one line, at most `limit` characters, at most 5 bytes for each.

    Mentions, issue numbers and bare URLs are linked after escapes are resolved, so an invisible word joiner breaks
    them.
    """
    if isinstance(value, Markdown):
        return value
    text = " ".join(_UNSEEN.sub(" ", str(value)).split())
    if len(text) > limit:
        text = text[: limit - 1].rstrip() + "…"
    text = _AUTOLINK.sub(rf"\g<0>{_WORD_JOINER}", text)
    return html.escape(_SPECIAL.sub(r"\\\g<0>", text), quote=False)


def escape_name(name: str) -> str:
    """A whole name or path for a Markdown table that people read on a terminal: no more is escaped than must be."""
    printable = "".join(character if character.isprintable() else "\N{REPLACEMENT CHARACTER}" for character in name)
    return _SPECIAL_IN_NAMES.sub(r"\\\g<0>", printable)


def markdown_table(heads: Sequence[str], rows: Iterable[Sequence[str]], align: Sequence[str]) -> str:
    """A Markdown table of cells that are escaped already; `align` has what stands below each head: --- or --:."""
    return "".join(f"| {' | '.join(line)} |\n" for line in (heads, align, *rows))
