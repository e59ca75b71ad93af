import dataclasses

import pytest

from reports.data import build_report
from reports.pages.html import render_html
from reports.pages.summary import render_summary
from reports.payload import Known, make_payload
from reports.sections.articles import article_links
from reports.words.language import load_language
from reports.words.readings import DROPPED
from transforms.readings.page_view import Drop
from transforms.results import (
    AlsoRead,
    Links,
    MonthShare,
    Neighbor,
    Overlooked,
    OverRead,
    ReaderTheme,
    ReaderThemes,
    ReadingGaps,
    ReadingSummary,
    ReadTogether,
    ScoredTag,
    UnexplainedPair,
    UnreadPair,
)

SUMMARY = ReadingSummary(
    files=1,
    formats=("table",),
    rows=5_000,
    reads=4_000,
    dropped={"bot": 700, "reload": 300},
    faults=(),
    readers=900,
    readers_of_several=500,
    visits=1_500,
    since="2024-01-02",
    until="2024-06-30",
    least_readers=3,
    published=True,
)


def months(*shares):
    return tuple(MonthShare(f"2024-0{month}", share) for month, share in shares)


@pytest.fixture
def read(tables):
    return dataclasses.replace(
        tables,
        readings=SUMMARY,
        also_read=[
            AlsoRead("a", 100, (ReadTogether("b", 0.5, 50), ReadTogether("c", 0.2, 20))),
            AlsoRead("b", 100, (ReadTogether("d", 0.5, 50),)),
        ],
        reader_themes=ReaderThemes(
            900,
            (
                ReaderTheme(
                    number=1,
                    name="beam",
                    size=600,
                    share=0.67,
                    tags=(ScoredTag("beam", 0.9),),
                    articles=(Neighbor("a", 0.9),),
                    over_read=(OverRead("b", 2.5, 20),),
                    months=months((1, 0.5), (3, 0.8)),
                ),
                ReaderTheme(
                    number=2,
                    name="検索",
                    size=295,
                    share=0.33,
                    tags=(),
                    articles=(),
                    over_read=(),
                    months=months((1, 0.5), (3, 0.0)),
                ),
            ),
            5,
        ),
        reading_gaps=ReadingGaps(
            (
                UnexplainedPair("a", "c", 0.4, 20, 0.1),
                UnexplainedPair("b", "a", 0.3, 5, 0.1),
                UnexplainedPair("a", "b", 0.3, 5, 0.1),
            ),
            (UnreadPair("a", "e", 0.9),),
            (Overlooked("d", 50),),
        ),
    )


def test_without_logs_there_is_no_section(tables):
    report = build_report(tables)
    assert report.readings is None
    page = render_html(report)
    assert 'id="readings"' not in page
    assert "What readers read together" not in page + render_summary(report)


def test_what_was_read_in_sentences(read):
    assert build_report(read).readings.sentences == (
        "900 readers read posts 4,000 times in 1,500 visits, from 2024-01-02 to 2024-06-30.",
        "For 2 of 5 posts it is known which others their readers read too.",
        "For 50% of these the post that is read together with it most often is among its related posts.",
    )


def test_too_few_readers_are_said_to_be_too_few(read):
    few = dataclasses.replace(
        read,
        readings=dataclasses.replace(SUMMARY, published=False, reads=30),
        also_read=[],
        reader_themes=ReaderThemes(0, (), 0),
        reading_gaps=ReadingGaps(),
    )
    found = build_report(few).readings
    assert found.sentences == (
        "30 reads of posts are in the logs.",
        "That is too little to tell anything by it without telling of single readers.",
    )
    assert render_html(build_report(few)).count('<h3 id="read') == 0
    none = dataclasses.replace(few, readings=dataclasses.replace(SUMMARY, published=False, reads=0))
    assert build_report(none).readings.sentences == (
        "No row of the logs is a read of a post.",
        "Most rows, 700 of 5,000, are left out: programs, such as search engines.",
    )
    empty = dataclasses.replace(none, readings=dataclasses.replace(none.readings, rows=0, dropped={}))
    assert build_report(empty).readings.sentences == ("No row of the logs is a read of a post.",)


def test_suggested_links_are_those_that_are_not_set(read):
    found = build_report(read).readings.unexplained
    pairs = [(pair.left.title, pair.right.title, pair.note) for pair in found.shown]

    assert pairs == [
        ("Beams", "全文検索", "20 readers or more"),
        ("Pipelines", "Beams", "5 readers or more; the second links to the first already"),
    ]
    linked = dataclasses.replace(read, links=[Links("a", ("c", "b"), 0), Links("b", ("a",), 0)])
    assert build_report(linked).readings.unexplained.total == 0


def test_themes_of_readers_have_months_that_can_be_told(read):
    found = build_report(read).readings
    first, second = found.themes

    assert (found.first, found.last, found.highest) == ("2024-01", "2024-03", "80%")
    assert found.months == ("2024-01", "2024-02", "2024-03")
    assert (first.shares, second.shares) == (("50%", "", "80%"), ("50%", "", "0%"))
    assert [column.label for column in first.columns] == ["2024-01: 50%", "2024-03: 80%"]
    assert first.columns[1].path == "M266.7 60V0.0H400.0V60Z"
    assert [column.label for column in second.columns] == ["2024-01: 50%"]
    assert first.size == "about 600 readers, 67% of all"
    assert found.others == "5 readers are in no theme."
    assert [(link.article.title, link.readers) for link in first.over_read] == [("Pipelines", "2.5 times as often")]
    assert {card.theme.color for card in found.themes} == {1, 2}


def test_themes_without_months_have_no_pictures(read):
    of_no_month = tuple(dataclasses.replace(theme, months=()) for theme in read.reader_themes.themes)
    bare = dataclasses.replace(read, reader_themes=ReaderThemes(900, of_no_month, 0))
    found = build_report(bare).readings
    assert (found.months, found.first, found.others) == ((), "", "")
    assert "The last months as a table" not in render_html(build_report(bare))


def test_what_was_left_out_is_said_in_words(read):
    assert [(bar.label, bar.value) for bar in build_report(read).readings.left_out] == [
        ("programs, such as search engines", "700"),
        ("posts that were loaded again", "300"),
    ]
    assert set(DROPPED) == set(Drop.__args__)


def test_articles_have_what_was_also_read(read):
    rows = {row.id: row for row in build_report(read).articles.shown}
    assert [(link.article.title, link.readers) for link in rows["a"].also_read] == [
        ("Pipelines", "50 readers or more"),
        ("全文検索", "20 readers or more"),
    ]
    assert rows["c"].also_read == ()
    page = render_html(build_report(read))
    assert page.count("<summary>Also read</summary>") == 2


def test_the_scripts_know_what_was_also_read(read):
    articles = sorted(read.articles, key=lambda article: article.id)
    known = Known(article_links(articles, articles), {}, {}, {}, (), None, read.also_read)
    assert make_payload(articles, known)["alsoRead"] == [[[1, 50], [2, 20]], [[3, 50]], [], [], []]
    assert "alsoRead" not in make_payload(articles, dataclasses.replace(known, also_read=()))


@pytest.mark.parametrize("code", ["en", "ja"])
def test_the_section_is_whole_in_every_language(read, code):
    report = build_report(dataclasses.replace(read, language=load_language(code)))
    page, summary = render_html(report), render_summary(report)
    for id_ in ("read-together", "read-apart", "overlooked", "reader-themes", "reader-theme-1", "readings-title"):
        assert f'id="{id_}"' in page
    assert 'href="#readings"' in page
    for text in (page, summary):
        assert ("読者が一緒に読むもの" in text) == (code == "ja")
    assert "| 検索 |" in summary
