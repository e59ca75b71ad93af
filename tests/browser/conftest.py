"""One browser for all tests, a page of their own for each, and the reports they open."""

import shutil

import pytest

from tests.browser.hostile import hostile_posts
from tests.browser.pages import Page, start_browser
from tests.jobs.results import BLOG, Results, postkin, write_posts

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
def blog(tmp_path_factory):
    """The report of tests/data/blog."""
    return postkin(BLOG, tmp_path_factory.mktemp("blog") / "out", "--map", "tsne,pca").folder / "report.html"


@pytest.fixture(scope="session")
def results(blog):
    """The tables beside that report, to compare it with."""
    return Results(blog.parent)


@pytest.fixture(scope="session")
def japanese(tmp_path_factory):
    """The report of tests/data/blog in Japanese."""
    return postkin(BLOG, tmp_path_factory.mktemp("japanese") / "out", "--lang", "ja").folder / "report.html"


@pytest.fixture(scope="session")
def hostile(tmp_path_factory):
    """The report of a blog that attacks its reader."""
    posts = write_posts(tmp_path_factory.mktemp("hostile"), hostile_posts())
    return postkin(posts, tmp_path_factory.mktemp("hostile-results") / "out").folder / "report.html"


@pytest.fixture(scope="session", params=["blog", "hostile"])
def report(request):
    return request.getfixturevalue(request.param)
