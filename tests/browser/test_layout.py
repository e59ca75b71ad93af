"""The page fits every width, and paper."""

import pytest

WIDTHS = (390, 768, 1280, 1920)


@pytest.mark.parametrize("width", WIDTHS)
def test_nothing_is_wider_than_the_window(page, report, width):
    page.open(report, width=width)
    assert page.run("return document.documentElement.scrollWidth") <= width
    assert page.overflowing() == []


def test_the_japanese_page_fits_a_narrow_window(page, japanese):
    page.open(japanese, width=390)
    assert page.run("return document.documentElement.lang") == "ja"
    assert page.overflowing() == []


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_print_leaves_out_what_paper_cannot_do(page, blog, script):
    page.open(blog, media="print", dark=True, script=script)
    assert page.shown("button, input, select, nav") == []
    assert not page.is_dark()
    pictures = page.all("main svg")
    assert len(pictures) >= 3
    assert page.run("return [...document.querySelectorAll('main svg')].every((picture) => picture.checkVisibility())")
    assert page.run("return [...document.querySelectorAll('details table')].every((table) => table.checkVisibility())")
