"""The report of a corpus of which the tables are a sample."""

import dataclasses

import pytest

from reports.data import build_report
from reports.pages.html import render_html
from reports.pages.summary import render_summary
from reports.sections.themes import cluster_numbers
from reports.tables import count_tables
from reports.views import ArticleLink, Sample
from tests.reports.test_payload import unpack
from transforms.results import Member


@pytest.fixture
def sample(tables):
    """The hand-made corpus, of which the report sees the articles b, c and d, and nothing of clusters but sizes."""
    listed = "bcd"
    clusters = [dataclasses.replace(cluster, members=cluster.members[:1]) for cluster in tables.clusters]
    return dataclasses.replace(
        tables,
        articles=[article for article in tables.articles if article.id in listed],
        related=[row for row in tables.related if row.id in listed],
        recommended=[row for row in tables.recommended if row.id in listed],
        links=[row for row in tables.links if row.id in listed],
        clusters=clusters,
        members=[Member("b", 1, 0.9), Member("c", 0, 1.0), Member("d", 1, 0.1)],
        totals=count_tables(tables, cluster_numbers(tables.clusters)),
    )


def test_numbers_count_the_whole(sample, tables):
    found, whole = build_report(sample), build_report(tables)
    for name in ("sentence", "figures", "tags", "timeline", "quiet", "news", "rejected", "skipped", "renamed"):
        left, right = getattr(found, name), getattr(whole, name)
        if name != "timeline":
            assert left == right, name
    assert [row.columns for row in found.timeline.themes] == [row.columns for row in whole.timeline.themes]
    assert (found.linking.sentence, found.linking.orphans.total) == (whole.linking.sentence, 4)
    assert len(found.linking.orphans.shown) == 2
    assert found.untagged.total == whole.untagged.total
    assert (found.articles.total, len(found.articles.shown)) == (5, 3)
    assert [(theme.size, theme.members.total) for theme in found.themes] == [("4 posts", 4), ("1 post", 1)]
    assert (found.map.shown, found.map.total) == (3, 5)
    assert (found.sample, whole.sample) == (Sample("3", "5"), None)


def test_articles_outside_of_the_sample_are_named_by_their_ids(sample):
    report = build_report(sample)
    (other,) = next(row for row in report.articles.shown if row.id == "b").related
    assert other.article == ArticleLink("a", 0, listed=False)
    data = unpack(report.payload)
    assert [row[0] for row in data["related"][data["id"].index("b")]] == ["a"]
    assert [article.title for article in report.duplicates.shown[0].articles.shown] == ["a", "Pipelines"]
    newest = dataclasses.replace(sample, articles=[])
    assert build_report(newest).timeline.themes[0].newest.title == "Pipelines", "the totals know its title"


def test_the_page_says_that_it_lists_a_sample(sample, tables):
    page, summary = render_html(build_report(sample)), render_summary(build_report(sample))
    assert page.count("This page lists and searches a sample: 3 of 5 posts.") == 2
    assert "<span dir=auto>a</span> <b>0.82</b>" in page
    assert "The lists below are of a sample: 3 of 5 posts." in summary
    assert "sample:" not in render_html(build_report(tables)) + render_summary(build_report(tables))
