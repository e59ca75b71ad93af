"""The error that stands for one post that cannot be read."""

from __future__ import annotations


class ParseError(Exception):
    """A post cannot be read: its path, the 1-based line of the fault (or None), and a reason of one line."""

    def __init__(self, path: str, line: int | None, reason: str) -> None:
        super().__init__(path, line, reason)
        self.path = path
        self.line = line
        self.reason = reason

    def __str__(self) -> str:
        place = self.path if self.line is None else f"{self.path}:{self.line}"
        return f"{place}: {self.reason}"


class LimitError(ValueError):
    """A text holds more than is read: the 1-based line of the text where that shows (or None), and the reason."""

    def __init__(self, line: int | None, reason: str) -> None:
        super().__init__(line, reason)
        self.line = line
        self.reason = reason

    def __str__(self) -> str:
        return self.reason
