"""What generators add to a line of markdown: attributes, emoji codes, marked text, footnotes, formulas, comments."""

from __future__ import annotations

import re
from collections.abc import Collection

from markdown_it.rules_inline import StateInline

_ITEM = r"(?:[#.][\w-][\w:.-]*+|[\w:-]+=(?:\"[^\"{}]*\"|'[^'{}]*'|[^\s{}\"']++)|-)"
_ITEMS = rf"[ \t]*{_ITEM}(?:[ \t]+{_ITEM})*+[ \t]*\}}"
_BEHIND = re.compile(rf"\{{:?{_ITEMS}")
_ATTRIBUTES = re.compile(rf"[ \t]?\{{(?=:|[ \t]*[#.])(?::toc\}}|::[^{{}}\n]*\}}|:?{_ITEMS})")
_LAST = re.compile(rf"[ \t]*+\{{:?{_ITEMS}\Z")
_SPAN = re.compile(r"\[([^\[\]\n]{1,500})\](?=\{[ \t]*[#.][\w-])")
_CODE = r"(?<![A-Za-z0-9:/_]):(?:[a-z+-][a-z0-9_+-]{1,40}|100|1234):(?![A-Za-z0-9:/])"
_EMOJI = re.compile(rf"{_CODE}(?:\s*+{_CODE})*+(\s*+\Z)?")
_EDGE = 20
"""So many characters of space may stand before what adorns a text's start."""
_MARKED = re.compile(r"==(?=[^\s=])([^=\n]{0,500})(?<=\S)==")
_RAISED = re.compile(r"(?<=[A-Za-z0-9)])([~^])(?=[\w+-])([\w+-]{1,10})\1(?![~^])")
"""Letters below or above the line, as in `H~2~O` and `x^2^`."""
_STRUCK = re.compile(r"(?<!~)~~(?!~)")
_COMMENT = re.compile(r"%%(?:(?!%%).){1,2000}%%", re.DOTALL)
_NOTE = re.compile(r"\[\^([^\]\s\[^]{1,100})\]")

_MARKER = re.compile(r"\[(?:!\w[\w-]{0,30}\][+-]?|[ xX]\](?=[ \t]))[ \t]*")
"""What tells the kind of a quote, and whether a task is done."""
_SIZE = re.compile(r"(\]\([^()\s]*+)[ \t]+=\d{0,5}(?:x\d{0,5}|%)?\)")
_INLINE_NOTE = re.compile(r"\^\[((?:[^\[\]]++|\[[^\[\]]*+\])*+)\]")

_FORMULA = re.compile(r"\$(\$?)(?![\s$])((?:[^$\\`]|\\.){1,300}?|`[^`$]{1,300}`)(?<![\s\\])\1\$(?![A-Za-z0-9$])")
_BEFORE_FORMULA = " \t\n([{\"'*_,;:/~-"
_TEX = re.compile(r"[\\^_{}=]")
_COMMAND = re.compile(r"\\([A-Za-z]+|.)", re.DOTALL)
_GREEK = """
alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi rho sigma tau upsilon phi chi psi
omega
"""
_LETTERS = frozenset(_GREEK.split())


def strip_notation(text: str, notes: Collection[str] = (), *, behind: bool = False) -> str:
    """Take notation out of plain text, in which `notes` are the names of footnotes.

    `behind` says that a link, a picture or code stands before the text, whose attributes may begin it.
    """
    if "{" in text:
        if behind and (found := _BEHIND.match(text)):
            text = text[found.end() :]
        text = _ATTRIBUTES.sub("", _SPAN.sub(r"\1", text))
    text = strip_emoji(text)
    if "==" in text:
        text = _MARKED.sub(r"\1", text)
    if "~~" in text:
        text = _STRUCK.sub("", text)
    if "~" in text or "^" in text:
        text = _RAISED.sub(r"\2", text)
    if "%%" in text:
        text = _COMMENT.sub("", text)
    if notes and "[^" in text:
        text = _NOTE.sub(lambda found: "" if found[1] in notes else found[0], text)
    return text


def strip_emoji(text: str) -> str:
    """Take codes as `:tada:` out of the start and the end of a text; between words they become words."""
    return _EMOJI.sub(_emoji, text) if text.count(":") > 1 else text


def _emoji(found: re.Match[str]) -> str:
    """Nothing for what adorns a text's start or end; in a sentence, the words of the codes."""
    start = found.start()
    if found[1] is not None or (start < _EDGE and not found.string[:start].strip()):
        return " "
    return found[0].replace(":", "").replace("_", " ")


def strip_attributes(heading: str) -> str:
    """Take the attributes from the end of a heading."""
    return _LAST.sub("", heading) if heading.endswith("}") else heading


def read_notation(text: str) -> tuple[str, list[str]]:
    """Make markdown of what the parser would take for text, and take the texts of inline footnotes out of it."""
    if text.startswith("[") and (found := _MARKER.match(text)):
        text = text[found.end() :]
    if "](" in text and " =" in text:
        text = _SIZE.sub(r"\1)", text)
    notes = [found[1] for found in _INLINE_NOTE.finditer(text)] if "^[" in text else []
    return (_INLINE_NOTE.sub("", text) if notes else text), notes


def formula(state: StateInline, silent: bool) -> bool:
    """Parse `$x^2$` and `$$x^2$$`, but not amounts of money: what can be read of it becomes text."""
    found = _FORMULA.match(state.src, state.pos)
    before = state.src[state.pos - 1 : state.pos]
    if found is None or (before.isascii() and before not in _BEFORE_FORMULA):
        return False
    content = found[2].strip("`")
    if not _TEX.search(content) and (" " in content or content[0].isdigit()):
        return False
    if not silent:
        plain = _COMMAND.sub(lambda command: command[1] if command[1].lower() in _LETTERS else " ", content)
        state.push("text_special", "", 0).content = re.sub(r"[{}]", "", plain)
    state.pos = found.end()
    return True
