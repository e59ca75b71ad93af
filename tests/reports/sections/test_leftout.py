from reports.sections.leftout import other_files, rejected_files, renamed_files, sharing_files, skipped_files
from reports.words.language import load_language
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


def test_files_of_other_kinds_are_counted_the_most_frequent_first():
    assert other_files({}) == ""
    assert other_files({".rst": 1}) == "1 file of another kind is not read: .rst (1)"
    many = {".adoc": 3, ".ipynb": 1_200, ".rst": 3}
    assert other_files(many) == "1,206 files of other kinds are not read: .ipynb (1,200), .adoc (3), .rst (3)"
    assert "3件" in other_files({".rst": 3}, load_language("ja"))
