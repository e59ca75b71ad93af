"""Text of others, such as the names of files, as it may stand in a log or a line of output."""

from __future__ import annotations

import unicodedata

_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
_JOINERS = "\u200c\u200d"
"""Spell words of Persian and of Hindi, and emoji."""


def printable(text: str) -> str:
    r"""Escape what ends a line, commands a terminal or turns the direction of text: \n, \x1b, \u202e."""
    if text.isprintable():
        return text
    return "".join(_escaped(char) for char in text)


def printable_place(path: str, line: int | None) -> str:
    """Name a file and the line of it, if that is known, as editors do."""
    path = printable(path)
    return path if line is None else f"{path}:{line}"


def _escaped(char: str) -> str:
    if char in _JOINERS or unicodedata.category(char) not in _UNSEEN:
        return char
    return char.encode("unicode_escape").decode()
