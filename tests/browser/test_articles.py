"""The table of articles: searched, filtered, sorted, a page at a time, linked to, and taken away as CSV."""

import csv
import unicodedata
from urllib.parse import quote

import pytest

LEAST, LEAST_OF_ALL = 20, 8
"""Articles that a page of the table holds at least; fewer where none is asked for, as the page goes on below them."""


def fold(text):
    return unicodedata.normalize("NFKC", text).lower()


@pytest.fixture
def articles(results):
    """The articles, newest first, each with its theme's name."""
    themes = {member["id"]: cluster["name"] for cluster in results.clusters for member in cluster["members"]}
    rows = [
        row | {"theme": themes.get(row["id"], ""), "day": (row["date"] or "")[:10]} for row in results.rows("articles")
    ]
    return sorted(rows, key=lambda row: row["day"], reverse=True)


@pytest.fixture
def table(page, blog):
    return page.open(blog)


def paths(page):
    """The articles listed, by their paths."""
    return page.run("return [...document.querySelectorAll('#article-table tbody th')].map((head) => head.title)")


def listed(page, wanted, least=LEAST):
    """Tell whether the table lists the first of these, in order, a page at least."""
    found = paths(page)
    return len(found) >= min(least, len(wanted)) and found == wanted[: len(found)]


def wait_for(page, articles):
    """Wait until a page of these articles is listed and all are counted."""
    wanted = [row["path"] for row in articles]
    asked = page.run("return location.hash.includes('=')")
    page.wait(lambda: listed(page, wanted, LEAST if asked else LEAST_OF_ALL), f"not listed: {wanted}")
    assert page.find("#filter-count").text.startswith(f"{len(wanted)} of ")


def in_view(page, selector):
    return page.run(
        """const box = document.querySelector(arguments[0])?.getBoundingClientRect();
        return Boolean(box) && box.top >= -1 && box.top < innerHeight;""",
        selector,
    )


def test_the_newest_stand_first_and_more_on_request(table, articles):
    wait_for(table, articles)
    more = table.find("#more-articles")
    while more.is_displayed():
        before = len(paths(table))
        more.click()
        table.wait(lambda before=before: len(paths(table)) > before)
        assert articles[before]["title"] in table.focused.text
    assert paths(table) == [row["path"] for row in articles]


def test_a_search_finds_titles_tags_and_themes(table, articles):
    text = {row["id"]: fold(" ".join([row["title"], *row["tags"], row["theme"]])) for row in articles}
    for query in ("wheel", "CSS grid", "料理", "ｃｌｏｕｄ", "no such words", "<b>layout", ""):
        table.fill("#filter-q", query)
        wait_for(table, [row for row in articles if all(word in text[row["id"]] for word in fold(query).split())])


def test_filters_narrow_each_other_and_are_cleared(table, articles):
    theme = articles[0]["theme"]
    year = articles[0]["day"][:4]
    table.choose("#filter-theme", theme)
    found = [row for row in articles if row["theme"] == theme]
    wait_for(table, found)
    table.choose("#filter-year", year)
    wait_for(table, [row for row in found if row["day"].startswith(year)])
    table.find("#clear-filter").click()
    wait_for(table, articles)
    assert table.run("return location.hash") == ""


def test_a_tag_is_filtered_by(table, articles):
    for tag in ("css", "python", "-"):
        table.fill("#filter-tag", tag)
        wait_for(table, [row for row in articles if (tag in row["tags"] if tag != "-" else not row["tags"])])


def test_a_tag_of_a_row_is_a_filter(table, articles):
    tag = next(row["tags"][0] for row in articles if row["tags"])
    table.find("#article-table button[data-tag]").click()
    wait_for(table, [row for row in articles if tag in row["tags"]])
    assert table.find("#filter-tag").get_attribute("value") == tag


def shown_days(page):
    return [text.split(" ")[0] if text[:1].isdigit() else "" for text in page.texts("#article-table tbody th > p")]


def shown_titles(page):
    """The titles listed that hold plain letters alone, which every collation sorts alike."""
    titles = page.texts("#article-table tbody th > :first-child")
    return [title.lower() for title in titles if title.replace(" ", "").isalpha() and title.isascii()]


def test_the_order_is_chosen(table, articles):
    table.choose("#filter-sort", "oldest first")
    days = sorted(row["day"] for row in articles)
    table.wait(lambda: shown_days(table) == days[: len(paths(table))])
    table.choose("#filter-sort", "by title")
    table.wait(lambda: len(shown_titles(table)) > 5 and shown_titles(table) == sorted(shown_titles(table)))


def test_an_address_restores_an_article(page, blog, articles):
    last = articles[-1]
    page.open(blog, at=f"#article={quote(last['id'], safe='')}")
    page.wait(lambda: in_view(page, ".marked"))
    assert last["title"] in page.texts(".marked th")[0]
    assert last["title"] in page.focused.text


def test_a_numbered_address_leads_to_its_row(page, blog, articles):
    last = articles[-1]
    number = 1 + sorted(row["id"] for row in articles).index(last["id"])
    page.open(blog, at=f"#article-{number}")
    page.wait(lambda: in_view(page, f"#article-{number}"))
    assert last["title"] in page.texts(f"#article-{number} th")[0]


def test_an_address_restores_a_view(table, blog, articles):
    table.fill("#filter-q", "a")
    table.choose("#filter-sort", "oldest first")
    table.choose("#filter-theme", articles[3]["theme"])
    table.wait(lambda: "theme" in table.browser.current_url)
    found = paths(table)
    assert 0 < len(found) < len(articles)
    at = table.run("return location.hash")
    table.open(blog, at=at)
    table.wait(lambda: paths(table) == found)
    assert table.find("#filter-q").get_attribute("value") == "a"


def test_an_address_of_nothing_does_no_harm(page, blog, articles):
    page.open(blog, at="#article=unknown")
    for at in ("#article-999999", "#article-0", "#theme=99", "#q=%E0%A4%A", "#unknown", "#%E0%A4%A"):
        page.run("location.hash = arguments[0]", at)
        page.find("#clear-filter").click()
        wait_for(page, articles)
    assert page.errors() == []


@pytest.mark.parametrize("section", ["map", "themes", "articles"])
def test_an_anchor_stays_at_its_section(page, blog, section):
    page.open(blog, at=f"#{section}")
    page.wait(lambda: in_view(page, f"#{section}"), "the page has moved away")


def test_a_related_article_is_followed_and_come_back_from(table, articles):
    table.find("#article-table tbody summary").click()  # related articles are folded
    link = table.find("#article-table tbody ol a")
    title, anchor = link.text, link.get_attribute("href").partition("#")[2]
    link.click()
    table.wait(lambda: in_view(table, f"#{anchor}"))
    assert title in table.focused.text
    table.browser.back()
    table.wait(lambda: not table.browser.current_url.endswith(anchor))


def test_without_script_everything_is_listed(page, blog, articles):
    page.open(blog, script=False)
    assert set(paths(page)) == {row["path"] for row in articles}
    assert page.shown("#articles button, #articles input, #articles select") == []


def download(page, folder, button):
    page.downloads(folder)
    page.run("arguments[0].click()", button)
    file = page.wait(lambda: next((file for file in folder.glob("*.csv") if file.stat().st_size), None), "no download")
    with file.open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.reader(lines))


def test_the_listed_articles_are_taken_as_csv(table, articles, results, tmp_path):
    table.fill("#filter-tag", "css")
    wanted = [row for row in articles if "css" in row["tags"]]
    wait_for(table, wanted)
    head, *rows = download(table, tmp_path, table.find("#articles-csv"))
    columns = dict(zip(head, zip(*rows, strict=True), strict=True))
    for column in ("id", "path", "title", "theme"):
        assert list(columns[column]) == [row[column] for row in wanted]
    tags = zip(*(columns[name] for name in head if name.startswith("tag ") and name[4:].isdigit()), strict=True)
    assert [[tag for tag in row if tag] for row in tags] == [row["tags"] for row in wanted], "one tag a cell"
    related = {row["id"]: [other["id"] for other in row["related"]] for row in results.rows("related")}
    others = zip(*(columns[name] for name in head if name.startswith("related ")), strict=True)
    for row, found in zip(wanted, others, strict=True):
        assert [id_ for id_ in found if id_] == list(dict.fromkeys(related[row["id"]]))


def test_no_cell_is_a_formula(page, hostile, tmp_path):
    page.open(hostile)
    rows = download(page, tmp_path, page.find("#articles-csv"))
    assert any("HYPERLINK" in cell for row in rows for cell in row)
    assert any("SUM" in cell for row in rows for cell in row)
    assert [cell for row in rows for cell in row if cell.startswith(tuple("=+-@＝＋－＠\t\r"))] == []
    assert not any(sign in cell for row in rows for cell in row for sign in "\n\x1b\u202e")
