from reports.sections.leftout import rejected_files, renamed_files, skipped_files
from transforms.results import Collision, Rejected, Skipped

NAME, SHOWN = "a\n::error::\x1b\u202e.md", r"a\n::error::\x1b\u202e.md"


def test_names_of_files_are_escaped():
    assert rejected_files([Rejected(NAME, 3, "not a file")], 1).shown[0].place == f"{SHOWN}:3"
    assert skipped_files([Skipped(NAME, "empty", "no text and no heading")], 1).shown[0].place == SHOWN
    assert renamed_files([Collision(NAME, NAME, NAME)], 1).shown[0].place == SHOWN
