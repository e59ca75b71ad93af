"""Two of the markdown parser's functions, so that no post makes them go through one text again and again."""

from __future__ import annotations

import re
from types import SimpleNamespace

from markdown_it import helpers
from markdown_it.common.utils import unescapeAll
from markdown_it.rules_block import StateBlock
from markdown_it.rules_block import hr as parse_rule

MOST_PARENTHESES = 1_000
"""Of an address: links inside of each other's addresses are each read to the end."""
DEEPEST_PARENTHESES = 32
LONGEST_RULE = 2_000
"""Characters of a thematic break, which is looked for at each level of nested lists."""

_PLAIN = re.compile(r"[^\x00-\x20\x7f()\\]++")


def hr(state: StateBlock, start_line: int, end_line: int, silent: bool) -> bool:
    """Parse a thematic break, in no line longer than LONGEST_RULE."""
    if state.eMarks[start_line] - state.bMarks[start_line] > LONGEST_RULE:
        return False
    return parse_rule(state, start_line, end_line, silent)


def parse_link_destination(string: str, pos: int, maximum: int) -> object:
    """Parse an address as markdown-it does, not sign by sign; one of more than MOST_PARENTHESES is none."""
    if string[pos : pos + 1] == "<":
        return helpers.parseLinkDestination(string, pos, maximum)
    end = _end_of_address(string, pos, maximum)
    if end is None or end == pos:
        return SimpleNamespace(ok=False, pos=0, str="")
    return SimpleNamespace(ok=True, pos=end, str=unescapeAll(string[pos:end]))


def _end_of_address(string: str, pos: int, maximum: int) -> int | None:
    level = count = 0
    while pos < maximum:
        plain = _PLAIN.match(string, pos, maximum)
        if plain:
            pos = plain.end()
            continue
        sign = string[pos]
        if sign == "\\":
            if pos + 1 < maximum and string[pos + 1] == " ":
                break
            pos += 2 if pos + 1 < maximum else 1
            continue
        if sign not in "()" or (sign == ")" and not level):
            break
        level += 1 if sign == "(" else -1
        count += 1
        if level > DEEPEST_PARENTHESES or count > MOST_PARENTHESES:
            return None
        pos += 1
    return None if level else pos


LINEAR_HELPERS = SimpleNamespace(
    parseLinkDestination=parse_link_destination,
    parseLinkLabel=helpers.parseLinkLabel,
    parseLinkTitle=helpers.parseLinkTitle,
)
