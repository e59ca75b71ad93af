"""What posts give that could not be taken as it is, and what was done instead."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from reports.views import Listing, NoteCount, NoteRow
from reports.words.format import number
from reports.words.language import ENGLISH, Language
from reports.words.notes import DONE
from transforms.output.extract import LISTED_FILES
from transforms.plumbing.printable import printable, printable_place
from transforms.results import Note, NoteKind


def note_rows(notes: Sequence[Note], total: int, say: Language = ENGLISH) -> Listing[NoteRow]:
    """The first of so many notes, by path and field."""
    ordered = sorted(notes, key=lambda note: (note.path, note.field, note.given, note.done))
    rows = [
        (printable_place(note.path, note.line), printable(note.field), printable(note.given), say(DONE[note.done]))
        for note in ordered[:LISTED_FILES]
    ]
    return Listing(tuple(NoteRow(*row) for row in rows), total)


def count_notes(notes: Mapping[NoteKind, int], say: Language = ENGLISH) -> tuple[NoteCount, ...]:
    """How many notes say that each thing was done, the most frequent first."""
    ordered = sorted(notes.items(), key=lambda item: (-item[1], item[0]))
    return tuple(NoteCount(say(DONE[done]), number(count)) for done, count in ordered)
