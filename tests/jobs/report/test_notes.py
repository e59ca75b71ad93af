"""What could not be taken as posts give it is said everywhere."""

import pytest

from jobs import render
from jobs.report.run import closing_line
from tests.jobs.results import check_sound, unmapped, write_posts

POSTS = {
    "a.md": "---\ndate: Last Modified\n---\nThe lamp is on.",
    "2021-02-03-b.md": "---\ndate: soon <b>\n---\nThe lamp is off.",
    "c.md": "---\ndate: 2022-03-04\n---\nThe wheel is true.",
}


@pytest.fixture(scope="module")
def noted(tmp_path_factory):
    folder = tmp_path_factory.mktemp("noted")
    return unmapped(write_posts(folder / "posts", POSTS), folder / "out")


def test_notes_are_in_the_data_and_counted(noted):
    check_sound(noted)
    assert noted.rows("notes") == [
        {"path": "2021-02-03-b.md", "line": 2, "field": "date", "given": "soon <b>", "done": "dated_by_path"},
        {"path": "a.md", "line": 2, "field": "date", "given": "Last Modified", "done": "undated"},
    ]
    assert noted.run["notes"] == {"dated_by_path": 1, "undated": 1}
    assert [row["date"] for row in noted.rows("articles")] == ["2021-02-03", None, "2022-03-04"]


def test_notes_are_shown(noted):
    page, summary = noted.text("report.html"), noted.text("summary.md")
    assert "soon &lt;b&gt;" in page
    assert "left without a date" in page
    assert "| left without a date | 1 |" in summary
    closing = closing_line(noted.run, 1, "out")
    assert closing.startswith("3 posts (2 notes), ")


def test_notes_are_read_back(noted):
    before = noted.files()
    assert render.main([str(noted.folder), "--quiet"]) == 0
    assert noted.files() == before
