import dataclasses
import random

from reports.data import build_report
from reports.sections.articles import MAX_ROWS
from reports.views import Bar, Figure, LeftOut, RelatedLink, Suggestion
from transforms.results import Cluster, Dendrogram, Neighbor, TagScore, TagTrial


def test_the_corpus_in_one_sentence(tables, bare):
    assert build_report(tables).sentence == "5 posts from 2019-03-04 to 2021-05-06, 3 tags and 2 themes."
    assert build_report(bare).sentence == "No posts were found."


def test_one_article_in_one_sentence(tables):
    none = {
        name: [] for name in ("related", "recommended", "duplicates", "tag_issues", "coverage", "links", "map_points")
    }
    one = dataclasses.replace(tables, articles=tables.articles[:1], **none)
    alone = Cluster(0, "beams", 1, (), (), (Neighbor("a", 1.0),))
    one = dataclasses.replace(one, clusters=[alone], dendrogram=Dendrogram((0,), (), (0,)), tag_counts={"beam": 1})
    report = build_report(one)
    assert report.sentence == "1 post of 2020-01-02, 1 tag and 1 theme."
    assert report.drawing is None


def test_figures(tables):
    assert build_report(tables).figures == (
        Figure("Posts", "5", "of 8 files read"),
        Figure("Period", "2019–2021", "2019-03-04 to 2021-05-06, 1 undated"),
        Figure("Tags", "3", "1 used only once"),
        Figure("Tagged", "80%", "1 post without tags"),
        Figure("Languages", "2", "3 en, 1 ja, 1 not stated"),
        Figure("Themes", "2", "4 posts in the largest"),
        Figure("Near-duplicates", "1", "group of posts"),
        Figure("Left out", "3", "2 rejected, 1 skipped (1 draft)"),
    )


def test_articles_stand_newest_first_and_undated_last(tables):
    report = build_report(tables)
    assert [row.id for row in report.articles.shown] == ["b", "e", "a", "c", "d"]
    assert [row.anchor for row in report.articles.shown] == [f"article-{place}" for place in (2, 5, 1, 3, 4)]
    assert [row.day for row in report.articles.shown] == ["2021-05-06", "2021-05-06", "2020-01-02", "2019-03-04", ""]


def test_an_article_row(tables):
    report = build_report(tables)
    rows = {row.id: row for row in report.articles.shown}
    themes = {theme.link.name: theme for theme in report.themes}
    assert rows["a"].theme == themes["beam, python"].link
    assert rows["a"].related == (
        RelatedLink(
            report.themes[0].representatives[0], "0.82", "95% sure · tags: beam · words: runner, window · text 0.70"
        ),
        RelatedLink(themes["検索"].representatives[0], "0.12", "expected tags 0.12"),
    )
    assert rows["b"].related[0].why == ">99% sure · tags: beam · text 0.70 · newness 0.50"
    assert rows["a"].suggestions == (Suggestion("検索", "50%"),)
    assert (rows["a"].url, rows["b"].url) == (None, "https://blog.example/b"), "no path leads anywhere from a disk"
    assert (rows["c"].url, rows["e"].url) == (None, None)
    assert rows["e"].title == "e", "an empty title is shown by its id"


def test_untagged_articles_with_what_to_give_them(tables):
    (untagged,) = build_report(tables).untagged.shown
    assert untagged.article.title == "Untagged"
    assert untagged.suggestions == (Suggestion("python", "70%"), Suggestion("beam", "45%"))


def test_a_tag_that_is_not_probable_enough_is_not_proposed(tables):
    report = build_report(dataclasses.replace(tables, trial=dataclasses.replace(tables.trial, least=0.5)))
    (untagged,) = report.untagged.shown
    assert untagged.suggestions == (Suggestion("python", "70%"),)
    assert report.shown_tags == (
        "Shown are tags of a probability of 50% or more; data/ has all others.",
        "Tried on 4 posts held back, 2 of 3 such tags proved right.",
    )
    untried = build_report(dataclasses.replace(tables, trial=TagTrial(least=0.3)))
    assert untried.shown_tags == ("Shown are tags of a probability of 30% or more; data/ has all others.",)
    assert build_report(dataclasses.replace(tables, tag_counts={})).shown_tags == (), "a blog without tags"


def test_a_tag_that_any_post_rather_carries_is_not_proposed(tables):
    (row,) = [row for row in tables.recommended if row.id == "d"]
    rare = dataclasses.replace(row, recommended=(TagScore("python", 0.39, False), TagScore("検索", 0.39, False)))
    (untagged,) = build_report(dataclasses.replace(tables, recommended=[rare])).untagged.shown
    assert untagged.suggestions == (Suggestion("検索", "39%"),), "two of five posts carry the other"


def test_cosines_are_decimals_and_none_is_too_low(tables):
    (untagged,) = build_report(dataclasses.replace(tables, trial=None)).untagged.shown
    assert untagged.suggestions == (
        Suggestion("python", "0.70"),
        Suggestion("beam", "0.45"),
        Suggestion("検索", "0.09"),
    )


def test_themes_stand_by_size_and_have_colours_by_number(tables):
    first, second = build_report(tables).themes
    assert (first.link.name, first.link.anchor, first.link.color, first.size) == (
        "beam, python",
        "theme-1",
        2,
        "4 posts",
    )
    assert (second.link.name, second.link.color, second.size) == ("検索", 1, "1 post")
    assert first.labels == (Bar("beam", "86%", "86"), Bar("python", "25%", "25"))
    assert [member.article.title for member in first.members.shown] == ["Pipelines", "Beams", "e", "Untagged"]


def test_what_is_left_out(tables):
    report = build_report(tables)
    assert report.rejected.shown == (
        LeftOut("y.md", "rejected", "not UTF-8"),
        LeftOut("z.md:3", "rejected", "not YAML"),
    )
    assert report.skipped.shown == (LeftOut("w.md", "draft", "draft: true"),)
    assert report.renamed.shown == (LeftOut("a.markdown", "a", "a.markdown"),)


def test_the_order_of_the_tables_does_not_matter(tables):
    shuffle = random.Random(0)
    names = (
        *("articles", "related", "recommended", "clusters", "duplicates", "tag_issues", "coverage"),
        *("metrics", "rejected", "skipped"),
    )
    shuffled = {name: shuffle.sample(list(rows), len(rows)) for name in names for rows in [getattr(tables, name)]}
    settings = dict(reversed(tables.settings.items()))
    assert build_report(dataclasses.replace(tables, **shuffled, settings=settings)) == build_report(tables)


def test_a_large_corpus_is_cut_and_says_so(large):
    report = build_report(large(MAX_ROWS + 7, "x"))
    assert (len(report.articles.shown), report.articles.count, report.articles.more) == (MAX_ROWS, "307", "7")
    last = report.articles.shown[0].related[0].article
    assert (last.listed, last.number) == (False, 307), "an article that is not listed is linked to by a script"


def test_no_articles(bare):
    report = build_report(bare)
    assert (report.themes, report.measures) == ((), ())
    assert report.drawing is report.news is None
    assert report.issues == {}
    assert report.articles.total == report.untagged.total == report.duplicates.total == 0
    assert {figure.label: figure.value for figure in report.figures}["Tagged"] == "—"


def test_no_tags_and_no_dates(tables):
    articles = [dataclasses.replace(article, tags=(), date=None) for article in tables.articles]
    report = build_report(dataclasses.replace(tables, articles=articles, tag_counts={}))
    assert report.sentence == "5 posts without dates, no tags and 2 themes."
    assert report.untagged.total == 5
    assert {figure.label: figure.value for figure in report.figures}["Period"] == "—"
