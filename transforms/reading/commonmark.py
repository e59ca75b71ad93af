"""The markdown parser: CommonMark, tables and what generators add, without what makes no difference to plain text."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Sequence
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore, normalize
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from transforms.limits import BODY_BLOCKS, BODY_MARKUP, BODY_URLS
from transforms.reading.directives import directive
from transforms.reading.errors import LimitError
from transforms.reading.linear import LINEAR_HELPERS, hr
from transforms.reading.notation import formula

_SIGNS = "!$&*<[\\]_`"
_MARKUP = re.compile(f"[{re.escape(_SIGNS)}]")
_WIKI_LINK = re.compile(r"!?\[\[([\w./][^\[\]|#\n]{0,200}|)(#[^\[\]|\n]{0,200})?(?:\|([^\[\]\n]{0,200}))?\]\]")
_PICTURE = re.compile(r"\.(?:avif|bmp|gif|jpe?g|mp[34]|pdf|png|svg|wav|webm|webp)", re.IGNORECASE)


@functools.cache
def make_parser(*, mdx: bool) -> MarkdownIt:
    """Make the parser of all markdown, or of MDX.

    Inline text is parsed by the caller, where it holds markup at all, and the scanner stops at that markup only.
    """
    parser = _TextParser("commonmark").enable("table")
    parser.helpers = LINEAR_HELPERS  # type: ignore[assignment]
    parser.block.ruler.at("hr", hr, {"alt": ["paragraph", "reference", "blockquote", "list"]})
    parser.core.ruler.at("normalize", _normalize)
    parser.core.ruler.disable(["inline", "text_join"])
    parser.inline.ruler.disable(["newline", "autolink"])
    parser.inline.ruler2.disable("fragments_join")
    parser.inline.terminator_re = _MARKUP
    parser.inline.ruler.before("link", "wiki_link", _wiki_link)
    parser.inline.ruler.before("link", "formula", formula)
    parser.block.ruler.before(
        "table", "directive", directive, {"alt": ["paragraph", "reference", "blockquote", "list"]}
    )
    if mdx:
        parser.block.ruler.disable("code")  # MDX has no indented code: components are indented
    return parser


def parse_blocks(text: str, parser: MarkdownIt, env: dict[str, Any]) -> Sequence[Token]:
    """Parse a text's blocks, whose inline text stays unparsed.

    Raises LimitError for more of anything than BODY_BLOCKS, BODY_MARKUP and BODY_URLS.
    """
    state = StateCore(text, parser, env)
    state.tokens = _Tokens()
    parser.core.process(state)
    if sum(map(text.count, _SIGNS)) > BODY_MARKUP or text.count("://") > BODY_URLS:
        _check_texts(state.tokens)
    return state.tokens


def _normalize(state: StateCore) -> None:
    """Replace zero bytes, and line ends where they are not all alike; markdown-it replaces each in any case."""
    if "\r" in state.src:
        normalize(state)
    else:
        state.src = state.src.replace("\0", "\ufffd")


def _check_texts(tokens: Iterable[Token]) -> None:
    markup = urls = 0
    for token in tokens:
        if token.type in ("inline", "html_block", "directive"):
            markup += sum(map(token.content.count, _SIGNS))
            urls += token.content.count("://")
            if markup > BODY_MARKUP:
                raise LimitError(_line_of(token), f"more than {BODY_MARKUP:,} signs of markup")
            if urls > BODY_URLS:
                raise LimitError(_line_of(token), f"more than {BODY_URLS:,} addresses")


class _Tokens(list[Token]):
    """Grows to BODY_BLOCKS tokens; raises LimitError beyond."""

    def append(self, token: Token) -> None:
        if len(self) >= BODY_BLOCKS:
            line = next(filter(None, map(_line_of, reversed(self))), None)
            raise LimitError(line, f"more than {BODY_BLOCKS:,} blocks of text")
        super().append(token)


def _line_of(token: Token) -> int | None:
    return token.map[0] + 1 if token.map else None


def parse_inline(text: str, parser: MarkdownIt, env: dict[str, Any]) -> list[Token]:
    """Parse the inline text of a block."""
    if _MARKUP.search(text):
        return parser.inline.parse(text, parser, env, [])
    return [Token("text", "", 0, content=text)]


def _wiki_link(state: StateInline, silent: bool) -> bool:
    """Take `[[note]]`, `[[note|text]]` and `[[note#part]]` for links, but not `a[[i]]`, `[[ -f x ]]` or `[[1, 2]]`."""
    found = _WIKI_LINK.match(state.src, state.pos)
    before = state.src[state.pos - 1 : state.pos]
    if found is None or (before.isascii() and before.isalnum()):
        return False
    name = found[1].rstrip("\\ ")  # in a table, the bar behind a name is escaped
    if not (name or found[2]) or (name.replace(",", "").replace(" ", "").isdigit() and "," in name):
        return False
    if not silent and not (found[0].startswith("!") and _PICTURE.search(name)):
        if name:
            state.push("link_open", "a", 1).attrs = {"href": f"[[{name}]]"}
        state.push("text", "", 0).content = (found[3] or name or (found[2] or "")[1:]).strip()
        if name:
            state.push("link_close", "a", -1)
    state.pos = found.end()
    return True


class _TextParser(MarkdownIt):
    """Takes the URLs of links as they are written, and spends no time on them."""

    def validateLink(self, url: str) -> bool:  # noqa: ARG002, N802
        return True

    def normalizeLink(self, url: str) -> str:  # noqa: N802
        return url
