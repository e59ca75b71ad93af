"""Light and dark, by what the reader prefers and by the switch, which is remembered."""

import pytest


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_the_page_follows_the_reader(page, blog, dark, script):
    assert page.open(blog, dark=dark, script=script).is_dark() == dark


def test_the_page_follows_a_change_of_mind(page, blog):
    page.open(blog)
    page.emulate(dark=True)
    page.wait(page.is_dark)


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_the_switch_turns_the_page_over_and_is_remembered(page, blog, dark):
    page.open(blog, dark=dark)
    label = page.find("#color-scheme-switch").text
    page.find("#color-scheme-switch").click()
    page.wait(lambda: page.is_dark() != dark)
    assert page.find("#color-scheme-switch").text != label
    assert page.open(blog, dark=dark).is_dark() != dark
    page.find("#color-scheme-switch").click()
    page.wait(lambda: page.is_dark() == dark)
    assert page.find("#color-scheme-switch").text == label


def test_there_is_no_switch_without_script(page, blog):
    page.open(blog, script=False)
    assert not page.find("#color-scheme-switch").is_displayed()
