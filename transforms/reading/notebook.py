"""Notes on what a post gives that cannot be taken as it is: it is read all the same, and nothing is lost silently."""

from __future__ import annotations

from transforms.reading.fields import clean_text
from transforms.reading.front_matter import FrontMatter
from transforms.results import Note, NoteKind

GIVEN_CHARACTERS = 80
"""So much is quoted of what a post gives."""


class Notebook:
    """The notes on one post, the first on each value, in the order in which they are taken."""

    def __init__(self, path: str, matter: FrontMatter) -> None:
        self.path = path
        self._matter = matter
        self._notes: dict[tuple[str, str], Note] = {}

    @property
    def notes(self) -> tuple[Note, ...]:
        """What was noted."""
        return tuple(self._notes.values())

    def add(self, field: str, given: object, done: NoteKind, line: int | None = None) -> None:
        """Note what a field of front matter, or a part of the post, gives, and what was done instead of taking it.

        The line is looked for in the front matter unless it is given.
        """
        line = self._matter.line_of(given) if line is None else line
        quoted = quote(given)
        self._notes.setdefault((field, quoted), Note(self.path, line, field, quoted, done))


def quote(given: object) -> str:
    """A value on one line, cut at GIVEN_CHARACTERS; a list or a mapping is only named."""
    if isinstance(given, list | dict):
        return "a list" if isinstance(given, list) else "a mapping"
    text = clean_text(given if not isinstance(given, str) else given[: 4 * GIVEN_CHARACTERS])
    return text if len(text) <= GIVEN_CHARACTERS else f"{text[: GIVEN_CHARACTERS - 1]}…"
