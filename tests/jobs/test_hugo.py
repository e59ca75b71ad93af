"""A Hugo site that shows related posts as `postkin init` says: every link on every page."""

import subprocess
import sys

import pytest

from tests.jobs.results import EXPECTED
from tests.jobs.sites import (
    AWKWARD,
    BASE,
    GONE,
    built_links,
    compare_next,
    expected_links,
    export_next,
    make_site,
    next_snippets,
    snippets,
)
from tests.transforms.generators.test_dates import FORMS

CONFIG = f"""
baseURL = "https://blog.example{BASE}/"
title = "Lanterns"
disableKinds = ["home", "section", "taxonomy", "term", "rss", "sitemap", "404"]
ignoreLogs = ["warning-goldmark-raw-html"]
"""
DATED_OTHERWISE = ("2022/lsa-setsumei.md", "2022/pandas-hajimete.md", "2023/pod-oom.md", "2024/mikokai.md")
"""Posts with dates that Hugo does not read."""
SECONDS = "2024"
"""A year, which Hugo takes for a time in 1970."""
PAGE = '<main data-post="{{ path.Clean .File.Path }}">{{ .Content }}</main><nav>%s</nav>'


def next_place():
    """The place for posts that follow, where its file is there, as the pages of other sites have none."""
    return f'{{{{ if fileExists "static/postkin-next.js" }}}}{next_snippets("Hugo")[1][1]}</nav>{{{{ end }}}}'


def build(folder):
    command = [sys.executable, "-m", "hugo", "--quiet", "--panicOnWarning"]
    built = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert built.returncode == 0, built.stdout + built.stderr


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """A site, and the run on its posts."""
    folder = tmp_path_factory.mktemp("hugo")
    ((language, template),) = snippets("Hugo")
    assert language == "go-html-template"
    files = {"hugo.toml": CONFIG, "layouts/_default/single.html": PAGE % template + next_place()}
    files["layouts/partials/postkin-next.html"] = next_snippets("Hugo")[0][1]
    with pytest.MonkeyPatch.context() as patched:
        patched.chdir(folder)
        return folder, make_site(folder, "content", files, without=DATED_OTHERWISE, configured=True)


def test_every_link_on_every_page(site):
    folder, run = site
    build(folder)
    links = built_links(folder / "public")
    expected = expected_links(run, str, GONE)
    assert {post: links[post] for post in expected} == expected
    assert links.keys() - expected.keys() <= EXPECTED["skipped"].keys()
    assert {*AWKWARD.values()} <= links.keys()
    assert "notes/dashi/index.md" in links
    assert sum(map(len, links.values())) > 200


def test_what_the_script_for_readers_needs(site, monkeypatch):
    folder, run = site
    monkeypatch.chdir(folder)
    export_next("static/postkin-next.js")
    build(folder)
    compare_next("public", run, str, GONE)
    page = (folder / "public/notes/dashi/index.html").read_text(encoding="utf-8")
    assert f'data-postkin="{BASE}/postkin-next.json"' in page
    (folder / "static/postkin-next.js").unlink()


def test_a_site_without_the_file_is_built_as_before(site):
    folder, _ = site
    (folder / "assets/postkin.json").rename(folder / "assets/other.json")
    build(folder)
    assert not any(built_links(folder / "public").values())


@pytest.mark.parametrize("form", [form for form in FORMS if form[0] != SECONDS], ids=lambda form: form[0])
def test_hugo_reads_the_dates_that_are_said_to_be_read(tmp_path, form):
    written, is_read, *_ = form
    files = {"hugo.toml": CONFIG, "content/a.md": f"---\ntitle: A\ndate: {written}\n---\n\nText.\n"}
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    command = [sys.executable, "-m", "hugo", "--quiet"]
    assert (subprocess.run(command, cwd=tmp_path, capture_output=True, check=False).returncode == 0) == is_read
