"""The paragraphs of a post that are its author's prose, and the lines on which they stand."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from transforms.limits import PROSE_CHARACTERS
from transforms.reading.commonmark import make_parser, parse_blocks
from transforms.reading.markdown import MDX_STATEMENT, plain_text, shorten_runs
from transforms.reading.markup import blank_tagged, html_lines, strip_jsx, strip_templates

OF_LINKS = 0.5
"""A paragraph is a list of links where so large a share of its text is theirs."""
_LINKS = ("](", "][", "[[", "<a", "<A")
_QUOTES = {"blockquote_open": 1, "blockquote_close": -1, "table_open": 1, "table_close": -1}
_HTML_QUOTE = re.compile(r"<(/?)(?:blockquote|table)\b[^<>]*>", re.IGNORECASE)
_QUOTED = re.compile(
    "[“„][^“”„]{80,}+[“”]|«[^«»]{80,}+»|「[^「」]{40,}+」|『[^『』]{40,}+』"
    r"|(?<!\w)\"(?=\w)[^\"]{80,}+(?<=[\w.,;:!?…])\"(?!\w)"
)
"""So long is a quotation within a paragraph; what is shorter is a word that is called so."""


class Paragraph(NamedTuple):
    """Plain text, and the first and the last of the lines on which it stands."""

    first: int
    last: int
    text: str


def prose(markdown: str, first: int = 1, *, mdx: bool = False) -> list[Paragraph]:
    """Read the paragraphs and list items of a text whose first line has this number.

    Left out is what authors quote or set down again: quotations, headings, code, tables and lists of links, and what is
    beyond PROSE_CHARACTERS. Raises LimitError as `parse_markdown` does.
    """
    text = blank_tagged(shorten_runs(markdown[:PROSE_CHARACTERS]))
    return list(_paragraphs(text, first, mdx=mdx))


def _paragraphs(markdown: str, first: int, *, mdx: bool) -> Iterator[Paragraph]:
    env: dict[str, Any] = {}
    quoted = in_html = 0
    before = ""
    for token in parse_blocks(markdown, make_parser(mdx=mdx), env):
        quoted += _QUOTES.get(token.type, 0)
        text = ""
        if token.type == "html_block":
            content, in_html = _unquoted(token.content, in_html)
            text = " ".join(html_lines(strip_templates(content)))
        elif token.type == "inline" and before != "heading_open" and not in_html:
            text = _plain(token.content, mdx=mdx)
        before = token.type
        text = " ".join(_QUOTED.sub(" ", text).split())
        if text and token.map and not quoted:
            yield Paragraph(first + token.map[0], first + token.map[1] - 1, text)


def _unquoted(html: str, depth: int) -> tuple[str, int]:
    """What of a piece of HTML is in no quotation or table, of which `depth` are open before it.

    Returns how many are open after it, too.
    """
    parts, end = [], 0
    for tag in _HTML_QUOTE.finditer(html):
        parts += [html[end : tag.start()]] if not depth else []
        depth, end = max(0, depth - 1) if tag[1] else depth + 1, tag.end()
    parts += [html[end:]] if not depth else []
    return " ".join(parts), depth


def _plain(content: str, *, mdx: bool) -> str:
    if mdx:
        content = "" if MDX_STATEMENT.match(content) else strip_jsx(content)
    text = plain_text(content)
    if any(sign in content for sign in _LINKS):
        without = plain_text(content, link_texts=False)
        return text if len(without) > OF_LINKS * len(text) else ""
    return text
