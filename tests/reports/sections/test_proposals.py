from dataclasses import replace

import pytest

from reports.data import build_report
from reports.pages.html import render_html
from reports.pages.summary import render_summary
from reports.sections.articles import Mentions
from reports.sections.proposals import proposed_tags
from reports.sections.suggestions import with_proposals
from reports.views import Listing, Suggestion, Task
from reports.words.language import load_language
from transforms.results import ProposedTag, TagTrial


def proposal(rank=1, tag="kilns", also=(), titles=2, articles=("a", "c", "d")):
    return ProposedTag(rank, tag, also, len(articles), 5, titles, 4.5, 0.8, articles)


def test_a_blog_with_tags_has_none_to_introduce(tables):
    report = build_report(tables)
    assert report.proposed == Listing((), 0)
    assert "proposed" not in [task.anchor for task in report.tasks]
    assert 'id="proposed"' not in render_html(report)
    assert "Tags to introduce" not in render_summary(report)


def test_tags_to_introduce_come_first(tables):
    report = build_report(replace(tables, proposed=[proposal(2, "looms"), proposal(1, "<kilns>", ("raku kiln",))]))
    assert report.tasks[0] == Task("proposed", "Tags to introduce", "2", 2)
    first, second = report.proposed.shown
    assert (first.tags, first.posts, second.tags) == (("<kilns>",), "3 posts", ("looms",))
    assert first.reason == (
        "3 of the 5 posts that mention it are about it; it stands in 2 titles; much the same posts are about: raku kiln"
    )
    assert [article.listed for article in first.articles] == [True] * 3
    page, summary = render_html(report), render_summary(report)
    assert 'id="proposed-title"' in page
    assert "&lt;kilns&gt;" in page
    assert "### Tags to introduce (2)" in summary


def test_a_title_less_phrase_says_nothing_of_titles():
    (row,) = proposed_tags([proposal(titles=0)], Mentions()).shown
    assert row.reason == "3 of the 5 posts that mention it are about it"


def test_many_are_folded_away(tables):
    report = build_report(replace(tables, proposed=[proposal(rank, f"tag {rank}") for rank in range(1, 26)]))
    assert "Show 17 more" in render_html(report)
    assert "### Tags to introduce (25)" in render_summary(report)


def test_posts_without_suggestions_are_offered_what_is_proposed():
    given = {"a": (Suggestion("beam", "90%"),), "c": ()}
    tags = [proposal(1, "kilns"), proposal(2, "looms", articles=("c",))]
    assert with_proposals(given, tags) == {
        "a": (Suggestion("beam", "90%"),),
        "c": (Suggestion("kilns", "new", new=True), Suggestion("looms", "new", new=True)),
        "d": (Suggestion("kilns", "new", new=True),),
    }


@pytest.mark.parametrize("trial", [TagTrial(), None])
def test_without_a_scored_tag_nothing_is_said_of_scores(tables, trial):
    new = replace(tables, recommended=[], tag_issues=[], metrics=[], trial=trial, proposed=[proposal()])
    page, summary = render_html(build_report(new)), render_summary(build_report(new))
    assert '<p class="note">Tags marked as new are proposed above.</p>' in page
    for text in ("probability", "cosine to the post", "Tried on"):
        assert text not in page
        assert text not in summary
    assert "Tags marked as new" not in render_html(build_report(replace(new, proposed=[])))


def test_in_japanese(tables):
    report = build_report(replace(tables, proposed=[proposal()], language=load_language("ja")))
    assert report.tasks[0].title == "新しく設けるタグの候補"
    assert report.proposed.shown[0].reason == "語句が出てくる5件の記事のうち3件の主題; 2件のタイトルに含まれる"
