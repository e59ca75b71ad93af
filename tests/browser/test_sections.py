"""What stands around the map and the articles: lists of work as CSV, drawings that lead on, and the contents."""

import csv
from urllib.parse import quote

from tests.browser.test_articles import in_view


def test_every_list_of_work_is_taken_as_csv(page, with_quiet_themes, tmp_path):
    page.open(with_quiet_themes.folder / "report.html")
    page.downloads(tmp_path)
    names = page.run("return [...document.querySelectorAll('[data-csv-for]')].map((button) => button.dataset.csvFor)")
    assert {"untagged", "duplicates", "orphans", "quiet"} <= set(names)
    for name in names:
        button = page.find(f"[data-csv-for='{name}']")
        assert button.is_displayed()
        page.run("arguments[0].click()", button)
        file = tmp_path / f"{name}.csv"
        page.wait(lambda file=file: file.exists() and file.stat().st_size, f"no {name}.csv")
        with file.open(encoding="utf-8-sig", newline="") as lines:
            head, *rows = csv.reader(lines)
        places = [place for place, column in enumerate(head) if column.endswith(" (id)")]
        assert {row[place] for row in rows for place in places} <= {"", *with_quiet_themes.ids}
        assert len(rows) >= len(page.all(f"[id='{name}'] tbody tr"))
        assert {len(row) for row in rows} == {len(head)}
        if name == "orphans":
            assert {row[1] for row in rows} == {
                row["id"] for row in with_quiet_themes.rows("links") if not row["linked_by"]
            }


def test_without_script_no_control_stands_there_in_vain(page, blog):
    page.open(blog, script=False)
    assert page.shown("button:enabled, input, select") == []


def test_the_contents_and_the_tasks_lead_to_their_places(page, blog):
    page.open(blog)
    links = page.all(".contents a, .tasks a")
    assert len(links) > 9
    for link in links:
        anchor = link.get_attribute("href").partition("#")[2]
        page.run("arguments[0].click()", link)
        page.wait(lambda anchor=anchor: in_view(page, f"[id='{anchor}']"), anchor)


def test_a_leaf_leads_to_its_theme(page, blog):
    page.open(blog)
    leaf = page.find("#how-themes-relate .leaves a")
    name, anchor = leaf.text, leaf.get_attribute("href").partition("#")[2]
    page.run("arguments[0].click()", leaf)
    page.wait(lambda: in_view(page, f"[id='{anchor}']"))
    assert name in page.texts(f"[id='{anchor}']")[0]


def test_a_folded_section_opens_for_who_is_led_to_it(page, blog):
    page.open(blog)
    assert not page.find("#quality table").is_displayed()
    page.run("arguments[0].click()", page.find(".contents a[href='#quality']"))
    page.wait(lambda: page.find("#quality table").is_displayed())
    page.open(blog, at="#numbers")
    page.wait(lambda: page.find("#numbers dl").is_displayed())


def test_the_contents_mark_the_section_that_is_read(page, blog):
    page.open(blog)
    for section in ("themes", "articles", "map"):
        page.run("document.getElementById(arguments[0]).scrollIntoView({behavior: 'instant'})", section)
        page.wait(lambda section=section: current(page) == [f"#{section}"], section)


def current(page):
    return page.run("return [...document.querySelectorAll('.contents [aria-current]')].map((link) => link.hash)")


def test_a_tag_of_a_theme_filters_the_articles(page, blog):
    page.open(blog)
    tag = page.find("#themes a.tag")
    name = tag.text
    tag.click()
    page.wait(lambda: page.find("#filter-tag").get_attribute("value") == name)
    page.wait(lambda: in_view(page, "#articles"))


def test_a_tag_of_a_to_do_filters_the_articles(page, blog):
    page.open(blog)
    tag = page.find("#contradiction a.tag, #missing a.tag, #synonym a.tag, #variant a.tag")
    name = tag.text
    tag.click()
    page.wait(lambda: page.find("#filter-tag").get_attribute("value") == name)
    page.wait(lambda: in_view(page, "#articles"))


def test_titles_have_pens_to_their_sources(page, editable, results):
    page.open(editable, width=390)
    paths = [row["path"] for row in sorted(results.rows("articles"), key=lambda row: row["id"])]
    page.wait(lambda: page.all(".mention"))
    pairs = page.run(
        "return [...document.querySelectorAll('.mention')].map((mention) => [...mention.children].map((link) => "
        "[link.dataset.article, link.href]))"
    )
    assert len(pairs) > len(paths)
    for (number, _), (_, edited) in pairs:
        assert edited == f"https://git.example/edit/{quote(paths[int(number) - 1], safe='/')}"
    assert page.overflowing() == []
