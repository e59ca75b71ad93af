"""A report opens from disk alone, says nothing to the console, and runs nothing that a post holds."""

import pytest

from tests.browser.hostile import TITLES


def texts(page, selector="body"):
    return " ".join(page.run("return document.querySelector(arguments[0]).textContent", selector).split())


def test_nothing_is_asked_for_and_nothing_goes_wrong(page, report):
    page.open(report)
    page.run("scrollTo(0, document.body.scrollHeight)")
    outside = [url for url in page.requests() if not url.startswith((report.as_uri(), "data:", "blob:"))]
    assert outside == []
    assert page.errors() == []


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_hostile_texts_are_shown_as_texts(page, hostile, script):
    page.open(hostile, script=script)
    while more := page.shown("#more-articles"):
        page.run("arguments[0].click()", more[0])
    assert page.run("return window.attacked") is None
    shown = texts(page, "#articles")
    wanted = [" ".join(title.replace("\u202e", "").split())[:80] for title in TITLES]  # no text turns its line around
    assert [title for title in wanted if title not in shown] == []
    assert page.run("return document.querySelectorAll('main script, main img[onerror], main [onload]').length") == 0


def test_links_of_posts_never_run(page, hostile):
    page.open(hostile)
    schemes = set(page.run("return [...document.links].map((link) => link.protocol)"))
    assert schemes <= {"file:", "https:", "http:"}
    downloads = page.run(
        "return [...document.links].filter((link) => /^(data|blob):/.test(link.href) && !link.download)"
    )
    assert downloads == []
