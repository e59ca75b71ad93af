"""The map under the hand: what a pointer reaches, how far it can be moved, what fingers do, and what colours mean."""

import pytest

HEIGHT = 844


def see(page):
    page.run("document.querySelector('.map').scrollIntoView({behavior: 'instant'})")
    return page


@pytest.fixture
def drawn(page, blog):
    return see(page.open(blog))


@pytest.fixture
def phone(page, blog):
    page.open(blog, width=390, height=HEIGHT)
    page.devtools("Emulation.setTouchEmulationEnabled", enabled=True, maxTouchPoints=5)
    yield see(page)
    page.devtools("Emulation.setTouchEmulationEnabled", enabled=False)


def first_point(page):
    """Where the first point of the still picture stands, in shares of the map."""
    path = page.find("#map .still path").get_attribute("d")
    x, y = path[1 : path.index("h")].split()
    return int(x) / 1000, int(y) / 620


def touch(page, kind, *places):
    box = page.run(
        "const box = document.getElementById('map-canvas').getBoundingClientRect();"
        "return [box.left, box.top, box.width, box.height]"
    )
    points = [
        {"x": box[0] + x * box[2], "y": box[1] + y * box[3], "id": finger} for finger, (x, y) in enumerate(places)
    ]
    page.devtools("Input.dispatchTouchEvent", type=kind, touchPoints=points)


def tap(page, place):
    touch(page, "touchStart", place)
    touch(page, "touchEnd")


def is_closer(page):
    return "closer" in page.find("#map-canvas").get_attribute("class")


def test_a_pointer_beside_a_point_reaches_it(drawn):
    x, y = first_point(drawn)
    canvas = drawn.find("#map-canvas canvas")
    drawn.point_at(canvas, x + 9 / canvas.size["width"], y).perform()
    drawn.wait(lambda: drawn.find("#map-tip").is_displayed())


def test_going_back_from_a_row_leads_to_the_map(drawn):
    at = drawn.run("return scrollY")
    drawn.point_at(drawn.find("#map-canvas canvas"), *first_point(drawn)).click().perform()
    drawn.wait(lambda: drawn.all("#map-told .go a"))[-1].click()
    drawn.wait(lambda: "article" in drawn.run("return location.hash"))
    drawn.browser.back()
    drawn.wait(lambda: abs(drawn.run("return scrollY") - at) < 1000)
    assert drawn.run("return location.hash") == ""


def test_the_middle_of_what_is_seen_stays_on_the_map(drawn):
    canvas = drawn.find("#map-canvas canvas")
    width = canvas.size["width"]
    for _ in range(3):
        drawn.point_at(canvas, 0.1, 0.1).click_and_hold().move_by_offset(round(0.8 * width), 0).release().perform()
    drawn.point_at(canvas, 0.9, 0.1).click_and_hold().move_by_offset(-round(0.5 * width), 0).release().perform()
    drawn.point_at(canvas, *first_point(drawn)).perform()
    drawn.wait(lambda: drawn.find("#map-tip").is_displayed(), "half a map back, all of it is not seen")


def test_a_finger_selects_a_post(phone):
    tap(phone, first_point(phone))
    phone.wait(lambda: phone.find("#map-panel").is_displayed())
    assert phone.run("return location.hash") == ""
    assert phone.overflowing() == []


def test_two_fingers_zoom(phone):
    assert not is_closer(phone)
    touch(phone, "touchStart", (0.4, 0.5), (0.6, 0.5))
    for step in range(1, 8):
        touch(phone, "touchMove", (0.4 - 0.04 * step, 0.5), (0.6 + 0.04 * step, 0.5))
    touch(phone, "touchEnd")
    phone.wait(lambda: is_closer(phone))


def test_the_colours_are_explained(drawn, results):
    assert not drawn.find("#map-scale").is_displayed()
    days = sorted(row["date"][:10] for row in results.rows("articles") if row["date"])
    drawn.choose("#map-color", "date")
    drawn.wait(lambda: drawn.find("#map-scale").is_displayed())
    assert drawn.texts("#map-scale span") == [days[0], days[-1]]
    drawn.choose("#map-color", "category")
    categories = {name for row in results.rows("articles") for name in row["categories"]}
    drawn.wait(lambda: set(drawn.texts("#map-scale li")) == categories)
    assert categories
