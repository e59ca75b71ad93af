"""The report in the language that was asked for, or that most posts are written in."""

import json
import os
import shutil
import subprocess
import sys
from html.parser import HTMLParser

import pytest

from jobs import render
from reports.words.language import Language
from reports.words.phrases import KINDS, OMISSIONS, say_phrase
from tests.jobs.made_up import CODE, add_language, in_circles, patterns
from tests.jobs.results import ROOT, Results, postkin, write_posts


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


class Texts(HTMLParser):
    """What a page says: texts, attributes that are read out, and what its scripts say."""

    ATTRIBUTES = ("title", "aria-label", "placeholder", "alt")

    def __init__(self, html):
        super().__init__()
        self.found = set()
        self._inside = None
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        self._inside = given.get("id", tag) if tag in ("script", "style") else None
        self.found |= {given[name] for name in self.ATTRIBUTES if given.get(name)}

    def handle_endtag(self, _tag):
        self._inside = None

    def handle_data(self, data):
        if self._inside == "messages":
            self.found |= set(json.loads(data).values())
        elif self._inside is None:
            self.found.add(" ".join(data.split()))


@pytest.fixture(scope="module")
def made_up(tmp_path_factory, blog):
    """The fixture blog's pages by a package that has one catalogue more, and the folder of catalogues."""
    place = tmp_path_factory.mktemp("made-up")
    shutil.copytree(ROOT / "templates", place / "templates")
    shutil.copytree(blog.folder, place / "out")
    add_language(place / "templates/language")
    environment = {**os.environ, "PYTHONPATH": f"{place}{os.pathsep}{ROOT}"}
    command = [sys.executable, "-m", "jobs", "render", "out", "--lang", CODE, "--quiet"]
    subprocess.run(command, cwd=place, env=environment, check=True)
    return Results(place / "out"), place / "templates/language"


def of_posts(results):
    """What the posts of a run say of themselves."""
    rows = results.rows("articles")
    return {str(value) for row in rows for value in row.values()} | {tag for row in rows for tag in row["tags"]}


def left(said, known, own):
    """What is said in a language that is known, and is not a post's own."""
    return {text for text in said - own if any(pattern.fullmatch(text) for pattern in known)}


def test_another_language_needs_a_catalogue_and_nothing_else(made_up):
    results, catalogues = made_up
    (catalogues / f"{CODE}.po").unlink()
    known, own = patterns(catalogues), of_posts(results)
    page, summary = results.text("report.html"), results.text("summary.md")
    cells = {cell.strip(" #*-⚠") for line in summary.splitlines() for cell in line.split("|")}
    said = Texts(page).found
    assert f'<html lang="{CODE}"' in page
    assert left(said, known, own) == set()
    assert left(cells, known, own) == set()
    for heading in ("Themes", "Posts without tags"):
        assert in_circles(heading) in said
        assert in_circles(heading) in summary


def test_texts_of_a_known_language_are_found(made_up, blog):
    _, catalogues = made_up
    found = left(Texts(blog.text("report.html")).found, patterns(catalogues), of_posts(blog))
    assert {"Themes", "Posts without tags", "Contents", "{n} of {total} posts"} <= found
