"""Axe-core finds nothing serious, and the keyboard reaches everything and is seen where it is."""

import pytest
from selenium.webdriver.common.keys import Keys


@pytest.mark.parametrize("reader", [{}, {"dark": True}, {"width": 390, "height": 844}], ids=["light", "dark", "narrow"])
def test_axe_finds_nothing_serious(page, blog, reader):
    assert page.open(blog, **reader).violations() == []


def test_axe_finds_nothing_serious_in_japanese_without_script(page, japanese):
    assert page.open(japanese, script=False).violations() == []


def test_the_skip_link_is_first_and_leads_to_the_report(page, blog):
    page.open(blog)
    page.press(Keys.TAB)
    assert page.focused.get_attribute("class") == "skip"
    assert page.focused.rect["x"] >= 0 <= page.focused.rect["y"]
    page.press(Keys.ENTER)
    page.wait(lambda: page.focused.get_attribute("id") == "main")


def tab_stops(page, count):
    """What the Tab key reaches, as (id or text, whether its focus is seen)."""
    for _ in range(count):
        page.press(Keys.TAB)
        yield page.run(
            """const at = document.activeElement, {outlineStyle, outlineWidth} = getComputedStyle(at);
            return [at.id || at.textContent.trim(), outlineStyle !== "none" && parseFloat(outlineWidth) > 0]"""
        )


def test_the_keyboard_is_seen_where_it_is(page, blog):
    page.open(blog)
    stops = list(tab_stops(page, 16))
    assert "color-scheme-switch" in [name for name, _ in stops]
    assert [name for name, seen in stops if not seen] == []


def test_the_switch_works_by_keyboard(page, blog):
    page.open(blog)
    page.run("document.getElementById('color-scheme-switch').focus()")
    page.press(Keys.SPACE)
    page.wait(lambda: page.run("return document.documentElement.dataset.colorScheme") == "dark")
