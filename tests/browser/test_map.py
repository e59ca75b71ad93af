"""The map: a still picture without script and on paper; with it points that tell of themselves and can be searched."""

import re

import pytest
from selenium.webdriver.common.keys import Keys

WIDTH, HEIGHT = 1000, 620


@pytest.fixture
def drawn(page, blog):
    page.open(blog)
    page.run("document.getElementById('map').scrollIntoView({behavior: 'instant'})")
    return page


@pytest.fixture
def leftmost(results):
    """The article furthest left on the first map."""
    rows = [row for row in results.rows("map") if row["method"] == "tsne"]
    return min(rows, key=lambda row: row["x"])["id"]


def still_points(page):
    """The points of the still picture, in its units."""
    paths = page.run("return [...document.querySelectorAll('#map .still path')].map((path) => path.getAttribute('d'))")
    return [(int(x), int(y)) for path in paths for x, y in re.findall(r"M(\d+) (\d+)h0", path)]


def point_at_leftmost(page):
    """Move the pointer to the point furthest left, found on the still picture that lies below the drawn one."""
    x, y = min(still_points(page))
    return page.point_at(page.find("#map-canvas canvas"), x / WIDTH, y / HEIGHT)


def picture(page):
    """What is drawn, wherever the window is scrolled to."""
    return page.run("return document.querySelector('#map-canvas canvas').toDataURL()")


def wait_for_change(page, before):
    return page.wait(lambda: (now := picture(page)) != before and now, "the map did not change")


def titles(results):
    return {row["id"]: row["title"] for row in results.rows("articles")}


def count(page):
    return int(page.find("#map-count").text.split()[0])


@pytest.mark.parametrize("reader", [{"script": False}, {"media": "print"}], ids=["no script", "print"])
def test_a_still_picture_stands_in(page, blog, results, reader):
    page.open(blog, **reader)
    assert page.find("#map .still").is_displayed()
    assert page.style("#map .still", "visibility") == "visible"
    assert page.shown("#map-canvas canvas, #map-controls, #map .zoom button") == []
    assert len(still_points(page)) == len(results.rows("articles"))


def test_every_article_is_a_point(drawn, results):
    assert drawn.find("#map-canvas").get_attribute("data-points") == str(len(results.rows("articles")))
    assert drawn.style("#map .still", "visibility") == "hidden"


def test_a_point_tells_of_its_article(drawn, results, leftmost):
    point_at_leftmost(drawn).perform()
    drawn.wait(lambda: drawn.find("#map-tip").is_displayed())
    article = results.by_id("articles")[leftmost]
    tip = drawn.find("#map-tip").text
    nearest = [titles(results)[other["id"]] for other in results.by_id("related")[leftmost]["related"]]
    for text in (article["title"], article["date"][:10], *article["tags"], *nearest[:3]):
        assert text in tip
    drawn.point_at(drawn.find("#map-title")).perform()
    drawn.wait(lambda: not drawn.find("#map-tip").is_displayed())


def test_a_point_leads_to_its_row(drawn, results, leftmost):
    point_at_leftmost(drawn).click().perform()
    drawn.wait(lambda: titles(results)[leftmost] in drawn.focused.text)
    assert drawn.run(
        "const box = document.activeElement.getBoundingClientRect(); return 0 <= box.top && box.top < innerHeight"
    )
    assert leftmost in drawn.run("return decodeURIComponent(location.hash)")


def test_hostile_titles_are_told_as_texts(page, hostile):
    page.open(hostile)
    canvas = page.find("#map-canvas canvas")
    told = set()
    for x, y in still_points(page):
        page.point_at(canvas, x / WIDTH, y / HEIGHT).perform()
        told.add(page.find("#map-tip strong").text)
    assert any("<script>" in title for title in told)
    assert any("onerror=" in title for title in told)
    assert page.run("return window.attacked") is None
    assert page.run("return document.querySelectorAll('#map-tip :not(strong, p, ol, li)').length") == 0
    assert page.errors() == []


SEARCHES = {"wheel": "wheel", "WHEEL evening": "wheel.*evening", "/^t/": "^t", "料理": "料理", "zzz": "zzz"}
"""What is searched for, and the pattern of the titles that it finds."""


def test_a_search_counts_the_titles_it_lights_up(drawn, results):
    whole = picture(drawn)
    for query, pattern in SEARCHES.items():
        wanted = sum(bool(re.search(pattern, title, re.IGNORECASE)) for title in titles(results).values())
        drawn.fill("#map-search", query)
        drawn.wait(lambda wanted=wanted: drawn.find("#map-count").text == f"{wanted} found", f"{query}: {wanted}")
        wait_for_change(drawn, whole)
        drawn.fill("#map-search", "")
        drawn.wait(lambda: picture(drawn) == whole, "the map is not as it was")


def test_a_bad_pattern_is_told(drawn):
    drawn.fill("#map-search", "/(/")
    drawn.wait(lambda: drawn.find("#map-search").get_attribute("aria-invalid") == "true")
    assert "pattern" in drawn.find("#map-count").text


def test_the_legend_hides_a_theme_and_shows_it_again(drawn, results):
    everything = len(results.rows("articles"))
    for button in drawn.all("#map-legend button"):
        (size,) = (cluster["size"] for cluster in results.clusters if cluster["name"] == button.text)
        button.click()
        drawn.wait(lambda size=size: count(drawn) == everything - size)
        assert button.get_attribute("aria-pressed") == "false"
        button.click()
        drawn.wait(lambda: count(drawn) == everything)
        assert button.get_attribute("aria-pressed") == "true"


def test_colours_are_chosen(drawn):
    before = picture(drawn)
    seen = {before}
    for label in ("date", "category", "tag"):
        drawn.choose("#map-color", label)
        before = wait_for_change(drawn, before)
        seen.add(before)
        assert drawn.find("#map-tag").is_displayed() == (label == "tag")
    drawn.fill("#map-tag", "css")
    seen.add(wait_for_change(drawn, before))
    assert len(seen) == 5


def test_the_other_layout_is_chosen(drawn):
    before = picture(drawn)
    drawn.choose("#map-method", "PCA")
    wait_for_change(drawn, before)


def test_the_map_is_moved_by_keys_and_buttons(drawn):
    drawn.run("document.getElementById('map-canvas').focus({preventScroll: true})")
    drawn.press(Keys.SHIFT)  # focus is seen once a key was pressed
    whole = picture(drawn)
    for key in ("+", Keys.ARROW_LEFT, Keys.ARROW_UP, "-", Keys.ARROW_RIGHT):
        before = picture(drawn)
        drawn.press(key)
        wait_for_change(drawn, before)
    drawn.press("0")
    drawn.wait(lambda: picture(drawn) == whole, "0 does not show all")
    drawn.run("document.getElementById('map-in').click()")
    wait_for_change(drawn, whole)
    drawn.run("document.getElementById('map-whole').click()")
    drawn.wait(lambda: picture(drawn) == whole, "the button does not show all")


def test_dragging_moves_the_map_and_opens_nothing(drawn):
    before, address = picture(drawn), drawn.browser.current_url
    point_at_leftmost(drawn).click_and_hold().move_by_offset(60, 30).release().perform()
    wait_for_change(drawn, before)
    assert drawn.browser.current_url == address


def test_the_map_turns_dark_with_the_page(drawn):
    light = picture(drawn)
    drawn.run("document.getElementById('color-scheme-switch').click()")
    wait_for_change(drawn, light)


def test_the_map_fits_a_window_that_grows_narrow(drawn):
    drawn.emulate(width=390, height=844)
    drawn.wait(
        lambda: drawn.find("#map-canvas canvas").size == drawn.find("#map-canvas").size, "the map keeps its old size"
    )
    assert drawn.overflowing() == []
