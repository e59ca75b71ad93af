"""What is not markdown in a markdown file: template tags, MDX and HTML.

Plain patterns, each linear in the length of the text: html.parser is quadratic on unclosed tags and can raise.
"""

from __future__ import annotations

import functools
import html
import re
from collections.abc import Iterator

MORE = re.compile(r"<!--\s*(?:more|truncate|excerpt)\s*-->", re.IGNORECASE)
"""The mark that ends a lede in Hexo, Hugo, Zola, Jekyll and Docusaurus."""

_TEMPLATE = re.compile(r"\{\{(?:(?!\{\{|\}\}|\n[ \t]*\n).)*\}\}|\{%(?:(?!\{%|%\}|\n[ \t]*\n).)*%\}", re.DOTALL)
_MDX_MORE = re.compile(r"\{/\*\s*(?:more|truncate|excerpt)\s*\*/\}", re.IGNORECASE)
_MDX_COMMENT = re.compile(r"\{/\*(?:(?!\{/\*|\*/\}).)*\*/\}", re.DOTALL)
_BRACES = r"\{(?:[^{}]++|\{[^{}]*+\})*+\}"
_JSX = re.compile(rf"</?(?:[A-Za-z][\w.:-]*+(?:\s(?:[^<>{{}}\"']++|\"[^\"]*+\"|'[^']*+'|{_BRACES})*+)?/?)?>")

_CODE = "chart|code|codeblock|comment|graphviz|highlight|katex|latex|math|mermaid|plantuml"
_CODE_OR_QUOTE = f"{_CODE}|blockquote|pullquote|quote"
_LANGUAGE = re.compile(r"[ \t]*(?:lang:)?([A-Za-z][\w+#.-]*)(?![\w=:(])")
_FENCE, _CONTAINER = "~" * 9, ":::"
_FENCE_LINE = re.compile(r"^[ \t>]*+(?P<fence>`{3,}+|~{3,}+)(?P<info>[^`\n]*)$", re.MULTILINE)
_PROSE = re.compile(
    r"[ \t]*\{(?:admonition|attention|caution|danger|deprecated|dropdown|epigraph|error|exercise|hint|important|margin"
    r"|note|pull-quote|seealso|sidebar|solution|tip|topic|versionadded|versionchanged|warning)\}"
)
_OPTIONS = re.compile(r"(?:\n[ \t>]*:[\w-]+:[^\n]*)*+")
_CELL = re.compile(r"(?<!`)`(?:r |\{\w+\} )[^`\n]*`(?!`)")

_UNREAD = re.compile(
    r"<!--.*?(?:-->|\Z)|<(script|style|pre|template|svg)\b.*?(?:</\1\s*>|\Z)", re.DOTALL | re.IGNORECASE
)
_INLINE_TAG = re.compile(
    r"</?(?:a|abbr|b|code|em|font|i|kbd|mark|s|small|span|strong|sub|sup|u|wbr)\b[^<>]*>", re.IGNORECASE
)
_TAG = re.compile(r"</?[A-Za-z!?][^<>]*>")

_TEMPLATE_LINK = re.compile(
    r"\{%-?\s*(?:post_link|post_path|post_url|link)\s+(?:\"([^\"\n]+)\"|'([^'\n]+)'|([^\s\"'%]+))"  # Hexo, Jekyll
    r"|\{\{[<%]\s*(?:rel)?ref\s+(?:path=)?(?:[\"`]([^\"`\n]+)[\"`]|([^\s\"`<>%]+))"  # Hugo
    r"|\{\{-?\s*[\"']([^\"'\n]+)[\"']\s*\|\s*(?:url|relative_url|absolute_url|prepend)\b"  # Liquid, Nunjucks
)
_LINK_IN_TEMPLATE = re.compile(r"\]\(((?:https?:/)?/[^\s()\"'<>]{1,500})\)")
_ANCHOR = re.compile(
    r"<(?:[Aa]|\w{0,10}Link)\b[^<>]*?\s(?:(?i:href)|to)\s*+=\s*+"
    r"(?:\{?\s*+(?:\"([^\"<>{}]*)\"|'([^'<>{}]*)'|`([^`<>{}]*)`)|([^\s\"'`<>{}=]++))"
)


def strip_templates(text: str) -> str:
    """Take out the tags of Liquid, Jinja, Nunjucks and Hugo; what stands between them stays."""
    return _TEMPLATE.sub("", text)


def fence_code(text: str) -> str:
    """Make fenced code blocks of the tags of Liquid, Hexo and Hugo that hold code, formulas, drawings or comments.

    An opening tag must be the first of its line, and there must be one that closes it.
    """
    parts, end = [], 0
    for opening, closing, indent in _enclosed(_CODE, text):
        language = _LANGUAGE.match(opening["rest"] or opening["more"] or "")
        code = text[opening.end() : closing.start()].rstrip(" \t")
        parts += [text[end : opening.start()], _FENCE, language[1] if language else ""]
        parts += ["" if code.startswith("\n") else "\n", code, "" if code.endswith("\n") else "\n"]
        parts += [indent, _FENCE, "" if text.startswith("\n", closing.end()) else "\n"]
        end = closing.end()
    return "".join((*parts, text[end:]))


def blank_tagged(text: str) -> str:
    """Leave nothing but line ends of the tags of Liquid, Hexo and Hugo that hold code or quotations, and of these."""
    parts, end = [], 0
    for opening, closing, _ in _enclosed(_CODE_OR_QUOTE, text):
        parts += [text[end : opening.start()], "\n" * text.count("\n", opening.start(), closing.end())]
        end = closing.end()
    return "".join((*parts, text[end:]))


def _enclosed(names: str, text: str) -> Iterator[tuple[re.Match[str], re.Match[str], str]]:
    """The tags with these names that open and close something, and what stands before the first on its line."""
    if "{%" not in text and "{{" not in text:
        return
    end, indent = 0, ""
    opening: re.Match[str] | None = None
    for tag in _pair_tags(names).finditer(text):
        name = tag["name"] or tag["code"]
        if not (tag["ends"] or tag["closes"]):
            before = text[text.rfind("\n", end, tag.start()) + 1 : tag.start()]
            if opening is None and not before.strip(" \t>"):
                opening, indent = tag, before
        elif opening and name == (opening["name"] or opening["code"]):
            yield opening, tag, indent
            opening, end = None, tag.end()


@functools.cache
def _pair_tags(names: str) -> re.Pattern[str]:
    return re.compile(
        rf"\{{(?:%-?[ \t]*(?P<ends>end)?(?P<name>{names})\b(?P<rest>[^%\n]*)%\}}"
        rf"|\{{[<%][ \t]*(?P<closes>/)?(?P<code>{names})\b(?P<more>[^<>%\n]*)[%>]\}}\}})"
    )


def open_prose(text: str) -> str:
    """Make containers of the fences of MyST that hold text, as ```` ```{note} ````, without their options."""
    if "{" not in text or not ("```" in text or "~~~" in text):
        return text
    parts, end = [], 0
    opened: list[tuple[str, bool]] = []
    for line in _FENCE_LINE.finditer(text):
        fence, info = line["fence"], line["info"]
        if opened and fence.startswith(opened[-1][0]) and not info.strip():
            if opened.pop()[1]:
                parts += [text[end : line.start("fence")], _CONTAINER]
                end = line.end()
        elif not opened or opened[-1][1]:
            prose = _PROSE.match(info)
            opened.append((fence, prose is not None))
            if prose:
                parts += [text[end : line.start("fence")], _CONTAINER, info]
                end = _OPTIONS.match(text, line.end()).end()  # type: ignore[union-attr]
    return "".join((*parts, text[end:]))


def strip_cells(text: str) -> str:
    """Take out the code that Quarto runs within lines, as in `r nrow(lamps)`."""
    return _CELL.sub("", text)


def strip_jsx(text: str) -> str:
    """Take out the components and comments of MDX; a comment that ends the lede becomes `<!-- more -->`."""
    return _JSX.sub(" ", _MDX_COMMENT.sub("", _MDX_MORE.sub("\n<!-- more -->\n", text)))


def template_hrefs(text: str) -> Iterator[str]:
    """What the tags of Hexo, Jekyll, Hugo and Eleventy link to: the name, the file or the address in them.

    So do links of markdown in what is given to them, as in a caption.
    """
    if "{%" not in text and "{{" not in text:
        return
    yield from _groups(_TEMPLATE_LINK, text)
    for tag in _TEMPLATE.finditer(text):
        yield from (link[1] for link in _LINK_IN_TEMPLATE.finditer(tag[0]))


def jsx_hrefs(text: str) -> Iterator[str]:
    """What the anchors and the Link components of MDX link to."""
    return _groups(_ANCHOR, _MDX_COMMENT.sub("", text))


def html_hrefs(text: str) -> Iterator[str]:
    """What the anchors in a piece of HTML link to."""
    return map(html.unescape, _groups(_ANCHOR, _UNREAD.sub("", text)))


def html_lines(text: str) -> Iterator[str]:
    """The text in a piece of HTML, a block a line; scripts, styles, preformatted text and comments are dropped."""
    blocks = _UNREAD.sub("\n", text.replace("\n", " "))
    return iter(html.unescape(_TAG.sub("\n", _INLINE_TAG.sub("", blocks))).split("\n"))


def _groups(pattern: re.Pattern[str], text: str) -> Iterator[str]:
    """The one group of each match that matched."""
    return (match[match.lastindex] for match in pattern.finditer(text) if match.lastindex)
