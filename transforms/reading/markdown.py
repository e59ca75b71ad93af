"""Markdown to plain text: a post's headings, body and lede."""

from __future__ import annotations

import functools
import itertools
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from transforms.limits import BODY_BLOCKS, BODY_LINES, BODY_MARKUP, BODY_URLS
from transforms.reading.errors import LimitError
from transforms.reading.lede import Line, LineKind, find_lede
from transforms.reading.linear import LINEAR_HELPERS, hr
from transforms.reading.markup import (
    MORE,
    html_hrefs,
    html_lines,
    jsx_hrefs,
    strip_jsx,
    strip_templates,
    template_hrefs,
)

_SIGNS = "!&*<[\\]_`"
_MARKUP = re.compile(f"[{re.escape(_SIGNS)}]")
_URL = re.compile(r"<?(?<![A-Za-z0-9])(?:https?|ftp)://[!-~]+")
_BARE_URL = re.compile(r"(?<![A-Za-z0-9])(?i:https?)://[^\s<>\"'`()\[\]\x7f-\U0010ffff]+")
_ELSEWHERE = re.compile(r"#|(?!https?:)[a-z][a-z0-9+.-]*:", re.IGNORECASE)
_GOES_ON = re.compile(r"[\w/-]|[.]\w")
_LONGER_HREFS = 20
"""So many places are passed over where an href is the beginning of another."""
_LANGUAGE = re.compile(r"\w[\w+#.-]*")
_WIKI_LINK = re.compile(r"!?\[\[([\w./][^\[\]|#\n]{0,200}|)(#[^\[\]|\n]{0,200})?(?:\|([^\[\]\n]{0,200}))?\]\]")
_PICTURE = re.compile(r"\.(?:avif|bmp|gif|jpe?g|mp[34]|pdf|png|svg|wav|webm|webp)", re.IGNORECASE)
_MDX_STATEMENT = re.compile(r"(?:import|export)\s")
_LONG_RUN = re.compile(r"([ \t*_=~`#>{-])(\1{999})\1++")
_LONG_DATA = re.compile(r"(?<=[\s()<>\"'`])(data:[\w/+.-]{0,80};base64,)[\w+/=%-]{1000,}+")
"""What the parser would go through sign by sign for nothing: endless runs of one sign, and pictures in the text."""
_TEXTS = ("text", "text_special", "code_inline")


LOOKED_THROUGH = 20 * 2**20
"""Characters of a post that may be looked through for the lines of its hrefs."""


class Document(NamedTuple):
    """A post's text: the body has one paragraph, list item or table cell a line, and no headings.

    `hrefs` are the destinations of its links, as written, each once.
    """

    headings: tuple[str, ...]
    body: str
    lede: str
    hrefs: tuple[str, ...] = ()


def parse_markdown(text: str, *, mdx: bool = False) -> Document:
    """The headings, the body and the lede of a markdown text.

    Inline code, the text of links, the alternative text of images and the language of a code block are kept; code
    blocks, URLs, HTML tags and template tags are dropped, and so are the imports, exports and components of MDX. The
    lede is what stands before `<!-- more -->`, else the first paragraph, else the first line, but never a picture.
    Links are those of markdown, HTML, template tags, MDX and wikis (as `[[note]]`, whatever its text), and bare URLs;
    not those within the page, to a mailbox and the like.

    Raises LimitError for more of anything than BODY_LINES, BODY_BLOCKS, BODY_MARKUP and BODY_URLS.
    """
    if text.count("\n") >= BODY_LINES:
        raise LimitError(BODY_LINES + 1, f"more than {BODY_LINES:,} lines")
    text = _LONG_DATA.sub(r"\1", _LONG_RUN.sub(r"\1\2", text))
    lines = list(_lines(strip_templates(strip_jsx(text) if mdx else text), mdx))
    hrefs = itertools.chain(
        template_hrefs(text), jsx_hrefs(text) if mdx else (), *(line[2] for line in lines if line[2])
    )
    lines = [line for line in lines if line[1] or line[0] is LineKind.MORE]
    return Document(
        headings=tuple(line for kind, line, _ in lines if kind is LineKind.HEADING),
        body="\n".join(line for kind, line, _ in lines if kind not in (LineKind.HEADING, LineKind.MORE)),
        lede=find_lede(lines),
        hrefs=tuple(dict.fromkeys(href for href in map(str.strip, hrefs) if href and not _ELSEWHERE.match(href))),
    )


def href_lines(text: str, hrefs: Iterable[str], first: int = 1) -> tuple[int, ...]:
    """The line on which each href stands first in a text whose first line has this number; 0 where it is not found.

    No more than LOOKED_THROUGH characters are looked through, the text once for each href.
    """
    left = LOOKED_THROUGH
    lines: list[int] = []
    for href in hrefs:
        left -= len(text)
        found = _find_href(text, href.removesuffix("]]")) if left >= 0 else -1
        lines.append(first + text.count("\n", 0, found) if found >= 0 else 0)
    return tuple(lines)


def _find_href(text: str, href: str) -> int:
    """Where an href stands that is not the beginning of a longer one, else where it stands at all; -1 for nowhere."""
    place = text.find(href)
    for _ in range(_LONGER_HREFS):
        if place < 0 or not _GOES_ON.match(text, place + len(href)):
            return place
        place = text.find(href, place + 1)
    return place


def plain_text(text: str) -> str:
    """One paragraph of markdown as plain text."""
    return _tidy("".join(_texts(_inline(strip_templates(text), _parser(mdx=False), {}))))


def _lines(text: str, mdx: bool) -> Iterator[Line]:
    parser = _parser(mdx=mdx)
    env: dict[str, object] = {}
    opened = ""
    for token in _blocks(text, parser, env):
        if token.type == "fence":
            language = _LANGUAGE.search(token.info)
            yield LineKind.ASIDE, language.group() if language else "", ()
        elif token.type in ("inline", "html_block"):
            for number, part in enumerate(MORE.split(token.content) if "<!--" in token.content else (token.content,)):
                if number:
                    yield LineKind.MORE, "", ()
                if token.type == "html_block":
                    yield from _html(part, LineKind.ITEM if token.level else LineKind.PARAGRAPH)
                elif opened == "heading_open":
                    yield _line(_inline(part, parser, env), LineKind.HEADING)
                elif not (mdx and _MDX_STATEMENT.match(part)):
                    yield _paragraph(_inline(part, parser, env), nested=token.level > 1)
        opened = token.type


def _blocks(text: str, parser: MarkdownIt, env: dict[str, object]) -> Sequence[Token]:
    state = StateCore(text, parser, env)
    state.tokens = _Tokens()
    parser.core.process(state)
    _check_texts(state.tokens)
    return state.tokens


def _check_texts(tokens: Iterable[Token]) -> None:
    markup = urls = 0
    for token in tokens:
        if token.type in ("inline", "html_block"):
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


def _html(part: str, kind: LineKind) -> Iterator[Line]:
    for text in html_lines(part):
        yield kind, _tidy(text), _bare_urls(text)
    yield LineKind.ASIDE, "", tuple(html_hrefs(part))


def _paragraph(tokens: Sequence[Token], nested: bool) -> Line:
    kind = LineKind.ITEM if nested else LineKind.PARAGRAPH
    if not any(token.type in _TEXTS and token.content.strip() for token in tokens):
        kind = LineKind.ASIDE
    return _line(tokens, kind)


def _line(tokens: Sequence[Token], kind: LineKind) -> Line:
    text = "".join(_texts(tokens))
    hrefs = tuple(_hrefs(tokens)) if len(tokens) > 1 else ()
    return kind, _tidy(text), hrefs + _bare_urls(text)


def _hrefs(tokens: Iterable[Token]) -> Iterator[str]:
    for token in tokens:
        if token.type == "link_open":
            yield str(token.attrs["href"])
        elif token.type == "html_inline" and token.content.startswith(("<a", "<A")):
            yield from html_hrefs(token.content)


def _bare_urls(text: str) -> tuple[str, ...]:
    return tuple(url.rstrip(".,;:!?*_~") for url in _BARE_URL.findall(text)) if "://" in text else ()


def _inline(text: str, parser: MarkdownIt, env: dict[str, object]) -> list[Token]:
    if _MARKUP.search(text):
        return parser.inline.parse(text, parser, env, [])
    return [Token("text", "", 0, content=text)]


def _texts(tokens: Iterable[Token]) -> Iterator[str]:
    for token in tokens:
        if token.type in _TEXTS:
            yield token.content
        elif token.type == "image":
            yield from _texts(token.children or ())
        elif token.type == "hardbreak" or token.content.startswith(("<br", "<BR")):
            yield " "


def _tidy(text: str) -> str:
    return " ".join((_URL.sub(" ", text) if "://" in text else text).split())


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


@functools.cache
def _parser(*, mdx: bool) -> MarkdownIt:
    """CommonMark and tables, without what makes no difference to plain text.

    Inline text is parsed by the caller, where it holds markup at all, and the scanner stops at that markup only.
    """
    parser = _TextParser("commonmark").enable("table")
    parser.helpers = LINEAR_HELPERS  # type: ignore[assignment]
    parser.block.ruler.at("hr", hr, {"alt": ["paragraph", "reference", "blockquote", "list"]})
    parser.core.ruler.disable(["inline", "text_join"])
    parser.inline.ruler.disable(["newline", "autolink"])
    parser.inline.ruler2.disable("fragments_join")
    parser.inline.terminator_re = _MARKUP
    parser.inline.ruler.before("link", "wiki_link", _wiki_link)
    if mdx:
        parser.block.ruler.disable("code")  # MDX has no indented code: components are indented
    return parser
