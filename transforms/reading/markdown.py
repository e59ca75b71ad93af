"""Markdown to plain text: a post's headings, body and lede."""

from __future__ import annotations

import itertools
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from markdown_it.token import Token

from transforms.limits import BODY_LINES
from transforms.reading.clean_line import strip_unseen
from transforms.reading.commonmark import make_parser, parse_blocks, parse_inline
from transforms.reading.directives import CLOSING, NOTES
from transforms.reading.errors import LimitError
from transforms.reading.lede import Line, LineKind, find_lede
from transforms.reading.markup import (
    MORE,
    fence_code,
    html_hrefs,
    html_lines,
    jsx_hrefs,
    open_prose,
    strip_cells,
    strip_jsx,
    strip_templates,
    template_hrefs,
)
from transforms.reading.notation import read_notation, strip_attributes, strip_notation

_URL = re.compile(r"<?(?<![A-Za-z0-9])(?:https?|ftp)://[!-~]+")
_BARE_URL = re.compile(r"(?<![A-Za-z0-9])(?i:https?)://[^\s<>\"'`()\[\]\x7f-\U0010ffff]+")
_ELSEWHERE = re.compile(r"#|(?!https?:)[a-z][a-z0-9+.-]*:", re.IGNORECASE)
_GOES_ON = re.compile(r"[\w/-]|[.]\w")
_LONGER_HREFS = 20
"""So many places are passed over where an href is the beginning of another."""
_LANGUAGE = re.compile(r"\w[\w+#.-]*")
MDX_STATEMENT = re.compile(r"(?:import|export)\s")
"""Begins a paragraph of MDX that is code."""
_RUNS = tuple(sign * 32 for sign in " \t*_=~`#>{-")
"""What endless runs begin with: to look for these first takes a fifth of the time."""
_LONG_RUN = re.compile(r"([ \t*_=~`#>{-])\1{31,}+")
_LONG_DATA = re.compile(r"(?<=[\s()<>\"'`])(data:[\w/+.-]{0,80};base64,)[\w+/=%-]{1000,}+")
"""What the parser would go through sign by sign for nothing: endless runs of one sign, and pictures in the text."""
_TEXTS = ("text", "text_special", "code_inline")
_HTML_LINK = re.compile(r"<a\b[^>]*>.*?</a\s*>", re.IGNORECASE | re.DOTALL)
_LINK_OPENS, _LINK_CLOSES = re.compile(r"<a\b", re.IGNORECASE), re.compile(r"</a\b", re.IGNORECASE)


RUN_CHARACTERS = 1_000
"""Of a run of one sign so many are read."""
LOOKED_THROUGH = 20 * 2**20
"""Characters of a post that may be looked through for the lines of its hrefs."""


Prose = tuple[int, tuple[str, ...]]
"""The number of a paragraph among the lines of a body, and what of its text is in links, pictures and code."""


class Document(NamedTuple):
    """A post's text: the body has one paragraph, list item or table cell a line, and no headings.

    `hrefs` are the destinations of its links, as written, each once. `prose` has the number of each line of the body
    that is a paragraph, from 0, and what of it is the text of a link, of a picture, or code.
    """

    headings: tuple[str, ...]
    body: str
    lede: str
    hrefs: tuple[str, ...] = ()
    prose: tuple[Prose, ...] = ()


def parse_markdown(text: str, *, mdx: bool = False, quarto: bool = False, link_texts: bool = True) -> Document:
    """The headings, the body and the lede of a markdown text.

    Inline code, the text of links, the alternative text of images and the language of a code block are kept; code
    blocks, URLs, HTML tags and template tags are dropped, and so are the imports, exports and components of MDX and the
    code that Quarto runs. The lede is what stands before `<!-- more -->`, else the first paragraph, else the first
    line, but never a picture.
    Links are those of markdown, HTML, template tags, MDX and wikis (as `[[note]]`, whatever its text), and bare URLs;
    not those within the page, to a mailbox and the like. Without `link_texts` the text of links is dropped, too.

    Raises LimitError for more of anything than BODY_LINES, BODY_BLOCKS, BODY_MARKUP and BODY_URLS.
    """
    if text.count("\n") >= BODY_LINES:
        raise LimitError(BODY_LINES + 1, f"more than {BODY_LINES:,} lines")
    text = shorten_runs(text)
    text = strip_cells(text) if quarto else text
    read = open_prose(strip_templates(fence_code(strip_jsx(text) if mdx else text)))
    lines = list(_Reader(mdx=mdx, link_texts=link_texts).lines(read))
    hrefs = itertools.chain(
        template_hrefs(text), jsx_hrefs(text) if mdx else (), *(line[2] for line in lines if line[2])
    )
    lines = [line for line in lines if line[1] or line[0] is LineKind.MORE]
    body = [line for line in lines if line[0] not in (LineKind.HEADING, LineKind.MORE)]
    return Document(
        headings=tuple(line[1] for line in lines if line[0] is LineKind.HEADING),
        body="\n".join(line[1] for line in body),
        lede=find_lede(lines),
        hrefs=tuple(dict.fromkeys(href for href in map(str.strip, hrefs) if href and not _ELSEWHERE.match(href))),
        prose=tuple((number, taken) for number, (kind, _, _, taken) in enumerate(body) if kind is LineKind.PARAGRAPH),
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


def shorten_runs(text: str) -> str:
    """Cut endless runs of one sign, and leave out pictures that stand in the text; each line stays one."""
    if any(run in text for run in _RUNS):
        text = _LONG_RUN.sub(lambda run: run[0][:RUN_CHARACTERS], text)
    return _LONG_DATA.sub(r"\1", text) if ";base64," in text else text


def plain_text(text: str, *, link_texts: bool = True) -> str:
    """One paragraph of markdown as plain text, without the text of its links if these are not wanted."""
    tokens = parse_inline(strip_templates(text), make_parser(mdx=False), {})
    return _tidy("".join(_texts(tokens if link_texts else _without_links(tokens))))


class _Reader:
    """Reads the lines of one text."""

    def __init__(self, *, mdx: bool, link_texts: bool) -> None:
        self.mdx = mdx
        self.link_texts = link_texts
        self.parser = make_parser(mdx=mdx)
        self.env: dict[str, Any] = {}
        self.containers: list[str] = []

    def lines(self, text: str) -> Iterator[Line]:
        """The lines of all blocks, in their order."""
        opened = ""
        for token in parse_blocks(text, self.parser, self.env):
            if token.type == "fence":
                language = _LANGUAGE.search(token.info)
                yield LineKind.ASIDE, language.group() if language else "", (), ()
            elif token.type == "directive":
                yield self._directive(token)
            elif token.type in ("inline", "html_block"):
                parts = MORE.split(token.content) if "<!--" in token.content else [token.content]
                for number, part in enumerate(parts):
                    if number:
                        yield LineKind.MORE, "", (), ()
                    yield from self._text(part, token, heading=opened == "heading_open")
            opened = token.type

    def _directive(self, token: Token) -> Line:
        if token.info == CLOSING:
            del self.containers[-1:]
        elif token.info:
            self.containers.append(token.info)
        kind, text, hrefs, taken = self._line(self._inline(token.content), LineKind.ASIDE)
        return kind, text, (*hrefs, *map(str, token.attrs.values())), taken

    def _text(self, text: str, token: Token, *, heading: bool) -> Iterator[Line]:
        if token.type == "html_block":
            yield from self._html(text, _kind(nested=token.level > 0 or bool(self.containers)))
        elif heading:
            titles = bool(self.containers) and "callout" in self.containers[-1]  # as a callout of Quarto has it
            yield self._line(self._inline(strip_attributes(text)), LineKind.ASIDE if titles else LineKind.HEADING)
        elif not (self.mdx and MDX_STATEMENT.match(text)):
            yield from self._paragraphs(text, _kind(nested=token.level > 1 or bool(self.containers)))

    def _paragraphs(self, text: str, kind: LineKind) -> Iterator[Line]:
        """The paragraph, and its inline footnotes."""
        text, notes = read_notation(text)
        tokens = self._inline(text)
        reads = any(token.type in _TEXTS and token.content.strip() for token in tokens)
        yield self._line(tokens, kind if reads else LineKind.ASIDE)
        for note in notes:
            yield self._line(self._inline(note), LineKind.ITEM)

    def _line(self, tokens: Sequence[Token], kind: LineKind) -> Line:
        read = tokens if self.link_texts else _without_links(tokens)
        text = "".join(_texts(read, self.env.get(NOTES, ())))
        hrefs = tuple(_hrefs(tokens)) if len(tokens) > 1 else ()
        taken = tuple(_taken(tokens)) if len(tokens) > 1 and kind is LineKind.PARAGRAPH else ()
        return kind, _tidy(text), hrefs + _bare_urls(text), taken

    def _html(self, part: str, kind: LineKind) -> Iterator[Line]:
        for text in html_lines(part if self.link_texts else _HTML_LINK.sub(" ", part)):
            line = _tidy(text)
            yield kind, line, _bare_urls(text), (line,)
        yield LineKind.ASIDE, "", tuple(html_hrefs(part)), ()

    def _inline(self, text: str) -> list[Token]:
        return parse_inline(text, self.parser, self.env)


def _kind(*, nested: bool) -> LineKind:
    return LineKind.ITEM if nested else LineKind.PARAGRAPH


def _without_links(tokens: Iterable[Token]) -> Iterator[Token]:
    """The tokens that are in no link."""
    inside = 0
    for token in tokens:
        html = token.content if token.type == "html_inline" else ""
        if token.type == "link_open" or _LINK_OPENS.match(html):
            inside += 1
        elif token.type == "link_close" or _LINK_CLOSES.match(html):
            inside = max(0, inside - 1)
        elif not inside:
            yield token


def _taken(tokens: Iterable[Token]) -> Iterator[str]:
    """The texts of links, those of pictures, and code."""
    inside, texts = 0, list[str]()
    for token in tokens:
        html = token.content if token.type == "html_inline" else ""
        if token.type == "link_open" or _LINK_OPENS.match(html):
            inside += 1
        elif token.type == "link_close" or _LINK_CLOSES.match(html):
            inside = max(0, inside - 1)
            yield _tidy("".join(texts))
            texts.clear()
        elif inside and token.type in _TEXTS:
            texts.append(token.content)
        elif token.type in ("image", "code_inline"):
            yield _tidy(token.content)


def _hrefs(tokens: Iterable[Token]) -> Iterator[str]:
    for token in tokens:
        if token.type == "link_open":
            yield str(token.attrs["href"])
        elif token.type == "html_inline" and token.content.startswith(("<a", "<A")):
            yield from html_hrefs(token.content)


def _bare_urls(text: str) -> tuple[str, ...]:
    return tuple(url.rstrip(".,;:!?*_~") for url in _BARE_URL.findall(text)) if "://" in text else ()


def _texts(tokens: Iterable[Token], notes: Collection[str] = ()) -> Iterator[str]:
    """The texts of tokens; only what is not code is stripped of notation."""
    plain: list[str] = []
    behind = False
    for token in tokens:
        if token.type in ("link_close", "image", "code_inline"):
            if token.type == "image":
                plain.extend(_texts(token.children or ()))
            yield strip_notation("".join(plain), notes, behind=behind)
            plain, behind = [], True
            if token.type == "code_inline":
                yield token.content
        elif token.type in _TEXTS:
            plain.append(token.content)
        elif token.type == "hardbreak" or token.content.startswith(("<br", "<BR")):
            plain.append(" ")
    yield strip_notation("".join(plain), notes, behind=behind)


def _tidy(text: str) -> str:
    line = " ".join((_URL.sub(" ", text) if "://" in text else text).split())
    return line if line.isprintable() else " ".join(strip_unseen(line).split())
