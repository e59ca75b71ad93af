"""Links to set, as the page shows them."""

import dataclasses

from reports.data import build_report
from reports.pages.html import render_html
from transforms.results import LinkToSet

SENTENCE = "We read <b> of beams, and of beams."


def test_the_newest_posts_come_first_and_the_marked_words_stand_in_their_sentence(tables):
    found = [
        LinkToSet("a", "c", SENTENCE, "beams", 0.5, first=False),
        LinkToSet("c", "a", SENTENCE, "of beams", 0.5, first=False),
        LinkToSet("b", "d", SENTENCE, "beams", 0.5, first=True),
    ]
    report = build_report(dataclasses.replace(tables, suggested_links=found))
    rows = report.suggested_links.shown
    assert [(row.source.title, row.target.title) for row in rows] == [
        ("Pipelines", "Untagged"),
        ("Beams", "全文検索"),
        ("全文検索", "Beams"),
    ]
    assert (rows[0].before, rows[0].anchor, rows[0].after) == ("We read <b> of ", "beams", ", and of beams.")
    assert [row.first for row in rows] == [True, False, False]
    page = render_html(report)
    section = page[page.index('id="links-to-set"') :]
    assert "We read &lt;b&gt; of <mark>beams</mark>, and of beams.</td>" in section
    assert section.count("Nothing links to it yet.") == 1
    assert '<a href="#links-to-set-title"><b>3</b> Links to set</a>' in page


def test_without_any_nothing_is_said_of_them(tables):
    assert "links-to-set" not in render_html(build_report(tables))
