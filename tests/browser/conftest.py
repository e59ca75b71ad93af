"""One browser for all tests, a page of their own for each, and the reports they open."""

import shutil

import pytest

from jobs import render
from tests.browser.hostile import hostile_posts
from tests.browser.pages import Page, start_browser
from tests.jobs.results import BLOG, postkin, write_posts

MISSING = "no {} on the PATH: install Debian's chromium and chromium-driver (tests/browser/install.sh does it as root)"


@pytest.fixture(scope="session")
def browser():
    paths = {name: shutil.which(name) for name in ("chromium", "chromedriver")}
    for name, path in paths.items():
        if not path:
            pytest.fail(MISSING.format(name), pytrace=False)
    browser = start_browser(paths["chromium"], paths["chromedriver"])
    yield browser
    browser.quit()


@pytest.fixture
def page(browser):
    page = Page(browser)
    yield page
    page.forget()


@pytest.fixture(scope="session")
def blog(mapped):
    """The report of tests/data/blog."""
    return mapped.folder / "report.html"


@pytest.fixture(scope="session")
def results(mapped):
    """The tables beside that report, to compare it with."""
    return mapped


@pytest.fixture(scope="session")
def with_quiet_themes(tmp_path_factory):
    """The results of the same blog in so many themes that some have gone quiet."""
    return postkin(BLOG, tmp_path_factory.mktemp("quiet") / "out", "--themes", "10", "--map", "none")


@pytest.fixture(scope="session")
def japanese(mapped, tmp_path_factory):
    """The report of tests/data/blog in Japanese."""
    folder = shutil.copytree(mapped.folder, tmp_path_factory.mktemp("japanese") / "out")
    assert render.main([str(folder), "--lang", "ja", "--quiet"]) == 0
    return folder / "report.html"


@pytest.fixture(scope="session")
def editable(mapped, tmp_path_factory):
    """The report of tests/data/blog with pens."""
    folder = shutil.copytree(mapped.folder, tmp_path_factory.mktemp("editable") / "out")
    assert render.main([str(folder), "--edit-url", "https://git.example/edit/{path}", "--quiet"]) == 0
    return folder / "report.html"


@pytest.fixture(scope="session")
def hostile(tmp_path_factory):
    """The report of a blog that attacks its reader."""
    posts = write_posts(tmp_path_factory.mktemp("hostile"), hostile_posts())
    return postkin(posts, tmp_path_factory.mktemp("hostile-results") / "out").folder / "report.html"


@pytest.fixture(scope="session", params=["blog", "hostile"])
def report(request):
    return request.getfixturevalue(request.param)
