"""The report in the language that was asked for, or that most posts are written in."""

import pytest

from jobs import render
from reports.words.language import Language
from reports.words.phrases import KINDS, OMISSIONS, say_phrase
from tests.jobs.results import postkin, write_posts


def test_all_that_a_run_says_in_english_is_known(blog):
    reasons = {row["reason"] for row in blog.rows("skipped") if ": " not in row["reason"]}
    marked = Language("xx", dict.fromkeys(OMISSIONS, "known"))
    assert reasons
    assert {reason for reason in reasons if say_phrase(reason, OMISSIONS, marked) != "known"} == set()
    assert {row["kind"] for row in blog.rows("skipped")} <= set(KINDS)


POSTS = {
    "a.md": "---\ntags: [灯り]\n---\n灯りの下で自転車を直す。",
    "b.md": "---\ntags: [灯り]\n---\n自転車の灯りを選ぶ。",
    "c.md": "---\nlang: en\n---\nPaint on the wheel.",
}


@pytest.fixture(scope="module")
def japanese(tmp_path_factory):
    folder = tmp_path_factory.mktemp("japanese")
    return postkin(write_posts(folder / "posts", POSTS), folder / "out", "--lang", "auto", "--color-scheme", "dark")


def test_the_report_speaks_the_language_of_most_posts(japanese, blog):
    assert '<html lang="ja" data-color-scheme="dark">' in japanese.text("report.html")
    assert "タグのない記事" in japanese.text("summary.md")
    assert '<html lang="en">' in blog.text("report.html")


def test_a_run_is_rendered_in_another_language_and_back(japanese):
    before = japanese.files()
    folder = str(japanese.folder)
    assert render.main([folder, "--lang", "en", "--color-scheme", "auto", "--quiet"]) == 0
    assert '<html lang="en">' in japanese.text("report.html")
    assert "Posts without tags" in japanese.text("summary.md")
    after = japanese.files()
    assert {file for file in after if after[file] != before[file]} == {"report.html", "summary.md"}
    assert render.main([folder, "--quiet"]) == 0
    assert japanese.files() == before
