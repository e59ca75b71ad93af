from reports.sections.notes import count_notes, note_rows
from reports.views import NoteCount, NoteRow
from reports.words.language import load_language
from transforms.results import Note


def test_notes_are_listed_by_path_and_escaped():
    notes = [
        Note("b.md", None, "date", "soon", "undated"),
        Note("a\x1b.md", 3, "da\nte", "\u202e2019", "dated_first_day"),
    ]
    listing = note_rows(notes, 7)
    assert listing.shown == (
        NoteRow(r"a\x1b.md:3", r"da\nte", r"\u202e2019", "dated to the first day of it"),
        NoteRow("b.md", "date", "soon", "left without a date"),
    )
    assert listing.total == 7


def test_notes_are_counted_by_what_was_done():
    counts = {"passed_over": 2, "undated": 1_000, "dated_by_path": 2}
    japanese = load_language("ja")
    assert count_notes(counts) == (
        NoteCount("left without a date", "1,000"),
        NoteCount("dated by its file’s name or folders", "2"),
        NoteCount("passed over", "2"),
    )
    assert count_notes(counts, japanese)[0] == NoteCount("日付なしとしました", "1,000")
