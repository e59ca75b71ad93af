"""A Hugo site that shows related posts as `postkin init` says: every link on every page."""

import subprocess
import sys

import pytest

from tests.jobs.results import EXPECTED
from tests.jobs.sites import AWKWARD, BASE, GONE, built_links, expected_links, make_site, snippets

CONFIG = f"""
baseURL = "https://blog.example{BASE}/"
title = "Lanterns"
disableKinds = ["home", "section", "taxonomy", "term", "rss", "sitemap", "404"]
ignoreLogs = ["warning-goldmark-raw-html"]
"""
DATED_OTHERWISE = ("2022/lsa-setsumei.md", "2022/pandas-hajimete.md", "2023/pod-oom.md", "2024/mikokai.md")
"""Posts with dates that Hugo does not read."""
PAGE = '<main data-post="{{ path.Clean .File.Path }}">{{ .Content }}</main><nav>%s</nav>'


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
    files = {"hugo.toml": CONFIG, "layouts/_default/single.html": PAGE % template}
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


def test_a_site_without_the_file_is_built_as_before(site):
    folder, _ = site
    (folder / "assets/postkin.json").rename(folder / "assets/other.json")
    build(folder)
    assert not any(built_links(folder / "public").values())
