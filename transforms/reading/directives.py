"""Blocks that generators add to markdown: containers, admonitions, footnotes, formulas, comments, tables of contents.

The rules for them in mdit-py-plugins are not used: some are quadratic, so that one post could take minutes, containers
do not nest as Quarto's do, and bodies with other indents than theirs are lost.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from markdown_it.rules_block import StateBlock

_INDENT = 4
_LONGEST = 200
"""Lines of a formula or a comment."""

_FENCE = re.compile(r":{3,}[ \t]*([^\n]*?)[ \t:]*$")
_LEAF = re.compile(r"::[A-Za-z][\w-]*(?:\[([^\]\n]*)\](?:\{[^{}\n]*\})?|\{[^{}\n]*\})[ \t]*$")
_IN_BRACES = re.compile(r"\{([^{}]*)\}")
_TITLE_IN_BRACES = re.compile(r"\btitle=(?:\"([^\"]*)\"|'([^']*)')")
_NAME = re.compile(r"[\w-]*[ \t]*")
_LOOKS = frozenset(("alert", "closed", "info", "open", "warn"))
"""What stands behind a container's name and is no title."""
_ADMONITION = re.compile(r"(?:!!!|\?\?\?\+?)[ \t]*(?:[\w-]+(?:[ \t]+[\w-]+){0,5})?[ \t]*(?:\"([^\n]*)\")?[ \t]*$")
_SLASHES = re.compile(r"/{3,}[ \t]*(?:([\w-]+)[ \t]*(?:\|[ \t]*([^\n]*?))?)?[ \t]*$")
"""As PyMdown's blocks have it: `/// note | Title`, and `///` at the end."""
_TAB = re.compile(r"===[!+]?[ \t]+\"([^\n]*)\"[ \t]*$")
_NOTE = re.compile(r"\[\^([^\]\s\[^]{1,100})\]:[ \t]*")
_CONTENTS = re.compile(r"\[\[?_{0,2}toc_{0,2}\]\]?[ \t]*$", re.IGNORECASE)
_ATTRIBUTES = re.compile(r"\{(?::[ \t]*(?:toc\b|[#.:]|[\w-]+=)|[ \t]*[#.][\w-])[^{}\n]*\}[ \t]*$")
_RULED = re.compile(r"\+(?:[-=:]{2,}\+)+[ \t]*$")
"""Between the rows of a table of Pandoc."""
_EMBEDDED = re.compile(r"@\[[\w-]*\]\((?:((?:https?:)?/[^()\s]*)|[^()\s]*)\)[ \t]*$")
_LIST_OF_CONTENTS = re.compile(r"\{:[ \t]*toc\b")
_REST = {"$$": re.compile(r"[ \t]*(?:\([^()\n]*\)|\{[^{}\n]*\})?[ \t]*$"), "%%": re.compile(r"[ \t]*$")}
_NEAR = 5
"""Tokens from what stands behind a list back to its last item's text."""
_BLANK_LINE = re.compile(r"\n[ \t>]*\n")

CLOSING = ":::"
NOTES = "notes"
"""The parser's environment has the names of the footnotes that are defined, under this key."""


def directive(state: StateBlock, start_line: int, end_line: int, silent: bool) -> bool:
    """Parse a block of any kind; its markup becomes a token `directive` that holds its title, if it has one.

    The token's info is what opens a container, or CLOSING; its `href` is what is embedded.
    """
    start = state.bMarks[start_line] + state.tShift[start_line]
    rule = _RULES.get(state.src[start : start + 1])
    if rule is None or state.is_code_block(start_line):
        return False
    return rule(state, start_line, end_line, silent)


def _container(state: StateBlock, start_line: int, end_line: int, silent: bool) -> bool:  # noqa: ARG001
    line = _line(state, start_line)
    fence, leaf = _FENCE.match(line), _LEAF.match(line)
    if not fence and not leaf:
        return False
    if not silent:
        if leaf:
            _mark(state, start_line, title=leaf[1] or "")
        elif fence:
            _mark(state, start_line, title=_title(fence[1]), info=fence[1] or CLOSING)
        state.line = start_line + 1
    return True


def _slashes(state: StateBlock, start_line: int, end_line: int, silent: bool) -> bool:  # noqa: ARG001
    found = _SLASHES.match(_line(state, start_line))
    if found and not silent:
        _mark(state, start_line, title=found[2] or "", info=found[1] or CLOSING)
        state.line = start_line + 1
    return found is not None


def _title(opening: str) -> str:
    """The title behind a container's name, in brackets, or among its attributes."""
    braces = _IN_BRACES.search(opening)
    rest = _IN_BRACES.sub("", opening).strip()
    if given := braces and _TITLE_IN_BRACES.search(braces[1]):
        return given[1] or given[2] or ""
    if not opening.startswith("{"):
        rest = rest[_NAME.match(rest).end() :]  # type: ignore[union-attr]
    if rest.startswith("["):
        rest = rest[1:].removesuffix("]")
    return "" if rest in _LOOKS else rest.strip('" \t')


def _admonition(state: StateBlock, start_line: int, end_line: int, silent: bool) -> bool:
    line = _line(state, start_line)
    found = _ADMONITION.match(line) or _TAB.match(line)
    indent = state.blkIndent + _INDENT
    first = state.skipEmptyLines(start_line + 1) if found else end_line
    if not found or first >= end_line or state.sCount[first] < indent:
        return False
    if not silent:
        end = first
        while end < end_line and (state.sCount[end] >= indent or state.isEmpty(end)):
            end += 1
        _mark(state, start_line, title=found[1] or "")
        _parse_inside(state, first, end)
    return True


def _note(state: StateBlock, start_line: int, end_line: int, silent: bool) -> bool:
    line = _line(state, start_line)
    found = _NOTE.match(line)
    if not found:
        return _drop(_CONTENTS, state, start_line, silent)
    if not silent:
        state.env.setdefault(NOTES, set()).add(found[1])
        kept = state.bMarks[start_line], state.tShift[start_line], state.sCount[start_line]
        state.bMarks[start_line] += state.tShift[start_line] + found.end()
        state.tShift[start_line], state.sCount[start_line] = 0, state.blkIndent + _INDENT
        _parse_inside(state, start_line, end_line)
        state.bMarks[start_line], state.tShift[start_line], state.sCount[start_line] = kept
    return True


def _parse_inside(state: StateBlock, first: int, end: int) -> None:
    """Parse the blocks of these lines, which are indented, one level down."""
    kept = state.parentType, state.lineMax
    state.parentType, state.lineMax = "directive", end
    state.blkIndent += _INDENT
    state.push("directive_open", "", 1)
    state.md.block.tokenize(state, first, end)
    state.push("directive_close", "", -1)
    state.blkIndent -= _INDENT
    state.parentType, state.lineMax = kept


def _attributes(state: StateBlock, start_line: int, end_line: int, silent: bool) -> bool:  # noqa: ARG001
    if not _drop(_ATTRIBUTES, state, start_line, silent):
        return False
    if not silent and _LIST_OF_CONTENTS.match(_line(state, start_line)):  # Kramdown puts it in place of the list above
        for token in state.tokens[-_NEAR:]:
            if token.type == "inline":
                token.content = ""
    return True


def _ruled(state: StateBlock, start_line: int, end_line: int, silent: bool) -> bool:  # noqa: ARG001
    return _drop(_RULED, state, start_line, silent)


def _embedded(state: StateBlock, start_line: int, end_line: int, silent: bool) -> bool:  # noqa: ARG001
    return _drop(_EMBEDDED, state, start_line, silent)


def _drop(pattern: re.Pattern[str], state: StateBlock, line: int, silent: bool) -> bool:
    """Pass over a line of this pattern, and note the address in its group."""
    found = pattern.match(_line(state, line))
    if found and not silent:
        _mark(state, line, href=(found[1] or "") if pattern.groups else "")
        state.line = line + 1
    return found is not None


def _closed(state: StateBlock, start_line: int, end_line: int, silent: bool) -> bool:
    """Pass over a formula between `$$`, which has no blank line, or a comment between `%%`."""
    start = state.bMarks[start_line] + state.tShift[start_line]
    mark = state.src[start : start + 2]
    if mark not in _REST:
        return False
    last = min(start_line + _LONGEST, end_line) - 1
    end = state.src.find(mark, start + 2, state.eMarks[last])
    if end < 0 or (mark == "$$" and _BLANK_LINE.search(state.src, start, end)):
        return False
    line = start_line + state.src.count("\n", start, end)
    if not _REST[mark].match(state.src[end + 2 : state.eMarks[line]]):
        return False
    if not silent:
        state.line = line + 1
    return True


def _line(state: StateBlock, line: int) -> str:
    return state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]]


def _mark(state: StateBlock, line: int, *, title: str = "", info: str = "", href: str = "") -> None:
    token = state.push("directive", "", 0)
    token.content, token.info, token.map = title, info, [line, line + 1]
    token.attrs = {"href": href} if href else {}


Rule = Callable[[StateBlock, int, int, bool], bool]
_RULES: Mapping[str, Rule] = {
    ":": _container,
    "/": _slashes,
    "!": _admonition,
    "?": _admonition,
    "=": _admonition,
    "[": _note,
    "{": _attributes,
    "@": _embedded,
    "+": _ruled,
    "$": _closed,
    "%": _closed,
}
"""By the sign that a block begins with."""
