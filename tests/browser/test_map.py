"""The map: a still picture without script and on paper; with it points that tell of themselves and can be searched."""

import collections
import csv
import itertools
import json
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


def test_a_click_shows_a_post_beside_the_map_and_scrolls_nowhere(drawn, results, leftmost):
    address = drawn.browser.current_url
    action = point_at_leftmost(drawn)
    before = drawn.run("return scrollY")
    action.click().perform()
    drawn.wait(lambda: drawn.find("#map-panel").is_displayed())
    assert (drawn.run("return scrollY"), drawn.browser.current_url) == (before, address)
    article = results.by_id("articles")[leftmost]
    panel = drawn.find("#map-panel")
    others = [row["id"] for row in results.by_id("related")[leftmost]["related"] if row["kind"] == "similar"]
    for text in (article["title"], article["date"][:10], *article["tags"], *map(titles(results).get, others)):
        assert text in panel.text
    box, canvas = panel.rect, drawn.find("#map-canvas").rect
    assert box["x"] >= canvas["x"] + canvas["width"]
    drawn.press(Keys.ESCAPE)
    drawn.wait(lambda: not panel.is_displayed())


def test_a_related_post_is_selected_and_led_to(drawn, results, leftmost):
    point_at_leftmost(drawn).click().perform()
    other = drawn.wait(lambda: drawn.find("#map-told li button"))
    title = other.text
    other.click()
    drawn.wait(lambda: drawn.find("#map-told h3").text == title)
    drawn.run("arguments[0].click()", drawn.all("#map-told .go a")[-1])
    drawn.wait(lambda: title in drawn.focused.text)


def test_keys_step_from_post_to_post(drawn, results):
    drawn.run("document.getElementById('map-canvas').focus({preventScroll: true})")
    drawn.press(Keys.ENTER)
    seen = [drawn.wait(lambda: drawn.find("#map-told h3").text)]
    for key in (Keys.ARROW_LEFT, Keys.ARROW_UP, Keys.ARROW_RIGHT):
        drawn.press(key)
        drawn.wait(lambda: drawn.find("#map-told h3").text != seen[-1])
        seen.append(drawn.find("#map-told h3").text)
    assert set(seen) <= set(titles(results).values())
    drawn.press(Keys.ENTER)
    drawn.wait(lambda: drawn.run("return document.getElementById('map-told').contains(document.activeElement)"))
    drawn.press(Keys.ESCAPE)
    drawn.wait(lambda: drawn.focused.get_attribute("id") == "map-canvas")
    assert not drawn.find("#map-panel").is_displayed()


def labels(page):
    """What is written on the map: text, middle and half of the width in pixels, colour."""
    return json.loads(page.find("#map-canvas").get_attribute("data-labels"))


@pytest.mark.parametrize("width", [390, 1280])
def test_names_of_themes_stand_apart_on_the_map(page, blog, results, width):
    page.open(blog, width=width)
    size = page.find("#map-canvas").size
    written = labels(page)
    assert written
    assert all(any(cluster["name"].startswith(text) for cluster in results.clusters) for text, *_ in written)
    for _, x, y, half, _ in written:
        assert half <= x <= size["width"] - half
        assert 0 <= y <= size["height"]
    for (_, x, y, half, _), (_, other_x, other_y, other_half, _) in itertools.combinations(written, 2):
        assert abs(x - other_x) >= half + other_half or abs(y - other_y) >= 13, "a letter is 13 pixels high"


def brightness(color):
    """The relative luminance of an rgb() colour, as WCAG defines it."""
    channels = [int(value) / 255 for value in re.findall(r"\d+", color)[:3]]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_names_of_themes_have_their_colours_and_can_be_read(page, blog, results, dark):
    page.open(blog, dark=dark)
    paper = brightness(page.style("html", "backgroundColor"))
    colors = [color for *_, color in labels(page)]
    assert len(set(colors)) == len(colors)
    for color in colors:
        low, high = sorted((paper, brightness(color)))
        assert (high + 0.05) / (low + 0.05) >= 4.5, "WCAG's contrast of text"


def test_names_find_new_places_in_a_region(drawn):
    before = labels(drawn)
    drawn.run("document.getElementById('map-in').click(); document.getElementById('map-in').click()")
    drawn.wait(lambda: labels(drawn) != before)


def test_a_box_selects_posts_into_the_table_and_its_csv(drawn, results, tmp_path):
    drawn.downloads(tmp_path)
    shares = {row["id"]: (1 + row["x"]) / 2 for row in results.rows("map") if row["method"] == "tsne"}
    middle = sorted(share for share in shares.values() if 0.3 < share < 0.7)
    cut = sum(max(itertools.pairwise(middle), key=lambda pair: pair[1] - pair[0])) / 2
    inside = {id_ for id_, share in shares.items() if share < cut}
    address = drawn.browser.current_url
    drawn.find("#map-box").click()
    canvas = drawn.find("#map-canvas canvas")
    width, height = canvas.size["width"], canvas.size["height"]
    right = (24 + cut * 952) / WIDTH  # with the rim of the map
    corner = drawn.point_at(canvas, 0.002, 0.01).click_and_hold()
    corner.move_by_offset(round((right - 0.002) * width), round(0.98 * height)).release().perform()
    drawn.wait(lambda: drawn.find("#map-picked").is_displayed())
    assert drawn.browser.current_url == address
    assert drawn.find("#map-picked-count").text == f"{len(inside)} posts selected"
    assert drawn.find("#filter-count").text.startswith(f"{len(inside)} of ")
    assert not drawn.find("#map-panel").is_displayed()
    drawn.find("#map-picked-csv").click()
    file = tmp_path / "articles.csv"
    drawn.wait(lambda: file.exists() and file.stat().st_size)
    with file.open(encoding="utf-8-sig", newline="") as lines:
        assert {row["id"] for row in csv.DictReader(lines)} == inside
    drawn.find("#map-picked-none").click()
    drawn.wait(lambda: not drawn.find("#map-picked").is_displayed())
    assert drawn.find("#filter-count").text.startswith(f"{len(results.ids)} of ")


def test_each_layout_says_what_it_means(drawn):
    first = drawn.find("#map-about").text
    assert "t-SNE" in first
    drawn.choose("#map-method", "PCA")
    drawn.wait(lambda: "PCA" in drawn.find("#map-about").text)
    assert "t-SNE" not in drawn.find("#map-about").text


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


def test_the_legend_shows_a_theme_alone_and_all_again(drawn, results):
    everything = len(results.rows("articles"))
    for button in drawn.all("#map-legend button"):
        (size,) = (cluster["size"] for cluster in results.clusters if cluster["name"] == button.text)
        button.click()
        drawn.wait(lambda size=size: count(drawn) == size)
        assert button.get_attribute("aria-pressed") == "true"
        assert len(drawn.all("#map-legend [aria-pressed=true]")) == 1
        assert all(button.text.startswith(text) for text, *_ in labels(drawn))
    button.click()
    drawn.wait(lambda: count(drawn) == everything)
    assert drawn.all("#map-legend [aria-pressed=true]") == []


def test_colours_are_chosen(drawn, results):
    before = picture(drawn)
    seen = {before}
    for label in ("date", "category", "tag"):
        drawn.choose("#map-color", label)
        before = wait_for_change(drawn, before)
        seen.add(before)
        assert drawn.find("#map-tag").is_displayed() == (label == "tag")
    uses = collections.Counter(tag for row in results.rows("articles") for tag in row["tags"])
    offered = [int(re.search(r"\((\d+)\)$", text)[1]) for text in drawn.texts("#map-tag option")]
    assert offered == sorted(uses.values(), reverse=True)
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
    assert not drawn.find("#map-panel").is_displayed()


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
