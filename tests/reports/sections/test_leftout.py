from reports.sections.leftout import rejected_files, renamed_files, sharing_files, skipped_files
from transforms.results import Collision, Rejected, Skipped

NAME, SHOWN = "a\n::error::\x1b\u202e.md", r"a\n::error::\x1b\u202e.md"


def test_names_of_files_are_escaped():
    assert rejected_files([Rejected(NAME, 3, "not a file")], 1).shown[0].place == f"{SHOWN}:3"
    assert skipped_files([Skipped(NAME, "empty", "no text and no heading")], 1).shown[0].place == SHOWN
    assert renamed_files([Collision(NAME, NAME, NAME)], 1).shown[0].place == SHOWN
    assert sharing_files([Collision(NAME, NAME, NAME, "address")], 1).shown[0].reason == SHOWN


def test_ids_and_addresses_that_were_taken_are_listed_apart():
    rows = [Collision("b.md", "a", "a//2"), Collision("c.md", "/x", "b.md", "address")]
    assert [row.place for row in renamed_files(rows, 1).shown] == ["b.md"]
    assert [(row.place, row.kind, row.reason) for row in sharing_files(rows, 1).shown] == [("c.md", "/x", "b.md")]
