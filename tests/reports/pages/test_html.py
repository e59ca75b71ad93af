import base64
import dataclasses
import hashlib
import itertools
import re
from collections import Counter
from html.parser import HTMLParser
from urllib.parse import quote

import pytest

from reports.data import build_report
from reports.pages.html import render_html
from reports.sections.issues import ADVICE
from reports.tables import count_tables
from transforms.output.layout import TABLES
from transforms.records import Article
from transforms.results import (
    Cluster,
    Dendrogram,
    IssueEvidence,
    Links,
    MapPoint,
    Neighbor,
    Recommended,
    Related,
    RelatedArticle,
    TagFigures,
    TagIssue,
    TagScore,
    UnresolvedLink,
    Why,
)

HOSTILE = "\"><script>alert(1)</script><img src=x onerror=alert(1)> & ' {{ 7 * 7 }} </title></style> </textarea>"
HEADINGS = [
    "Newest posts",
    "Do these first",
    "To do",
    "Themes",
    "Articles",
    "The map",
    "In numbers",
    "Quality",
    "Rejected and skipped",
    "How it was made",
]
FOLDED = {"numbers", "quality", "left-out", "settings"}


class Page(HTMLParser):
    """What a page holds: its tags with their attributes, and the text of each kind of element."""

    def __init__(self, text):
        super().__init__()
        self.tags = []
        self.texts = {}
        self.open = ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        self.open = tag
        self.texts.setdefault(tag, []).append("")

    def handle_endtag(self, _tag):
        self.open = ""

    def handle_data(self, data):
        if self.open:
            self.texts[self.open][-1] += data

    def values(self, name):
        return [attrs[name] for _, attrs in self.tags if name in attrs]


def page(tables):
    return Page(render_html(build_report(tables)))


def corpora(tables, bare):
    one = dataclasses.replace(
        bare,
        articles=tables.articles[:1],
        related=[Related("a", ())],
        clusters=[Cluster(0, "beams", 1, (), (Neighbor("a", 1.0),), (Neighbor("a", 1.0),))],
        dendrogram=Dendrogram((0,), (), (0,)),
        map_points=[MapPoint("a", "pca", 0.0, 0.0)],
    )
    untagged = [dataclasses.replace(article, tags=(), date=None) for article in tables.articles]
    return {
        "whole": tables,
        "empty": bare,
        "one": one,
        "untagged": dataclasses.replace(tables, articles=untagged, recommended=[], tag_counts={}),
        "no theme": dataclasses.replace(
            tables, clusters=[], dendrogram=Dendrogram((), (), ()), coverage=tables.coverage[:1]
        ),
    }


@pytest.fixture(params=["whole", "empty", "one", "untagged", "no theme"])
def any_page(request, tables, bare):
    return page(corpora(tables, bare)[request.param])


def test_every_anchor_exists_once(any_page):
    ids = Counter(any_page.values("id"))
    assert max(ids.values()) == 1
    targets = {href[1:] for href in any_page.values("href") if href.startswith("#") and "=" not in href}
    references = {
        id_ for name in ("aria-labelledby", "for") for value in any_page.values(name) for id_ in value.split()
    }
    assert targets | references <= set(ids)


def test_sections_stand_in_order(any_page):
    drawn = "map-canvas" in any_page.values("id")
    texts = [text.strip() for text in any_page.texts["h2"]]
    assert texts == [heading for heading in HEADINGS if drawn or heading != "The map"]


def test_what_few_read_is_folded(any_page):
    """A section whose own child is a fold, which is closed."""
    opened = [(tag, attrs) for tag, attrs in any_page.tags if tag in ("section", "details")]
    folded = {
        section["id"]
        for (outer, section), (inner, fold) in itertools.pairwise(opened)
        if (outer, inner) == ("section", "details") and "id" not in fold and "open" not in fold
    }
    assert folded >= FOLDED


def test_nothing_is_loaded(any_page):
    for tag, attrs in any_page.tags:
        assert not {"src", "srcset", "action", "background", "data", "poster"} & set(attrs)
        assert not [name for name in attrs if name.startswith("on")]
        if tag != "a" and "href" in attrs:
            assert attrs["href"] == "data:,"
    for style in any_page.texts["style"]:
        assert not re.search(r"url\(|@import|https?:", style)


def test_the_policy_allows_the_page_s_scripts_alone(any_page):
    scripts = [dict(attrs) for tag, attrs in any_page.tags if tag == "script"]
    texts = dict(zip((attrs.get("id", "") for attrs in scripts), any_page.texts["script"], strict=True))
    assert scripts[0] == {}, "the page's own script"
    assert all(attrs["type"] in ("application/json", "text/plain") for attrs in scripts if "id" in attrs)
    digest = base64.b64encode(hashlib.sha256(texts[""].encode()).digest()).decode()
    (policy,) = [attrs["content"] for _, attrs in any_page.tags if attrs.get("http-equiv") == "Content-Security-Policy"]
    assert f"script-src 'sha256-{digest}'; img-src data:;" in policy
    assert policy.startswith("default-src 'none';")


def test_two_renders_give_the_same_bytes(tables):
    assert render_html(build_report(tables)).encode() == render_html(build_report(tables)).encode()


def test_post_texts_are_shown_as_text(tables):
    articles = [dataclasses.replace(article, title=HOSTILE, path=HOSTILE) for article in tables.articles]
    articles[0] = dataclasses.replace(articles[0], tags=(HOSTILE,), url="/" + HOSTILE)
    evidence = IssueEvidence((TagFigures(HOSTILE, 2, 0.01),), "spelling", lacking=(TagFigures(HOSTILE, 3, 0.95),))
    hostile = dataclasses.replace(
        tables,
        title=HOSTILE,
        articles=articles,
        recommended=[Recommended("d", (TagScore(HOSTILE, 0.5, False),))],
        clusters=[dataclasses.replace(cluster, name=HOSTILE) for cluster in tables.clusters],
        related=[
            Related(
                "a",
                (
                    RelatedArticle(
                        "b", 0.5, 0.5, Why(text=0.5, tags=0.5, shared_tags=(HOSTILE,), shared_words=(HOSTILE,))
                    ),
                ),
            )
        ],
        tag_issues=[TagIssue(kind, 1, (HOSTILE,), 2, 0.5, True, ("a",), evidence) for kind in ADVICE],
        coverage=[dataclasses.replace(row, name=HOSTILE) for row in tables.coverage],
        rejected=[dataclasses.replace(row, path=HOSTILE, reason=HOSTILE) for row in tables.rejected],
        settings={HOSTILE: HOSTILE},
        tag_counts={HOSTILE: 1},
        digest=HOSTILE,
    )
    shown = page(hostile)
    tags = Counter(tag for tag, _ in shown.tags)
    assert (tags["script"], tags["img"], tags["title"]) == (3, 0, 9), (
        "a column has its title in its card and in the timeline"
    )
    assert "<img" not in render_html(build_report(hostile))
    assert HOSTILE in shown.texts["h1"]
    assert HOSTILE in shown.texts["h3"]
    assert HOSTILE in shown.texts["code"]
    assert HOSTILE in shown.texts["a"]
    assert f"#tag={quote(HOSTILE)}" in shown.values("href")
    assert HOSTILE in shown.texts["td"]
    assert f"One tag in several spellings: {HOSTILE} (2)." in shown.texts["th"]
    assert f"No other post has it. “{HOSTILE}”, which 3 posts have, would suit its post too." in shown.texts["td"]
    figures = f"unlikely: {HOSTILE} 1%; likely, but missing: {HOSTILE} 95%"
    assert figures in shown.texts["p"]
    assert f"50% sure · tags: {HOSTILE} · words: {HOSTILE} · text 0.50" in shown.texts["i"]
    assert HOSTILE in shown.values("title")


def test_only_safe_links_are_followed(tables):
    hrefs = [href for href in page(tables).values("href") if not href.startswith("#")]
    assert sorted(hrefs) == ["data:,", "https://blog.example/b"], "a path leads nowhere from a disk"


def test_titles_lead_to_the_live_pages_and_pens_to_the_sources(tables):
    articles = [dataclasses.replace(row, address=f"https://a.example/{row.id}/") for row in tables.articles]
    articles[0] = dataclasses.replace(articles[0], path='a "b"/{path}.md')
    live = dataclasses.replace(tables, articles=articles, edit_url="https://git.example/edit/{path}")
    hrefs = set(page(live).values("href"))
    assert {f"https://a.example/{row.id}/" for row in articles} <= hrefs
    assert {"https://git.example/edit/b.md", "https://git.example/edit/a%20%22b%22/%7Bpath%7D.md"} <= hrefs
    unsafe = dataclasses.replace(live, edit_url="javascript:alert('{path}')")
    assert not [href for href in page(unsafe).values("href") if "alert" in href]


def test_an_article_without_a_link_shows_its_path(tables):
    shown = page(tables).texts["code"]
    linked = {row.path for row in build_report(tables).articles.shown if row.url}
    assert {article.path for article in tables.articles} - linked <= set(shown)
    assert not linked & set(shown)
    assert linked


def test_titles_find_their_own_direction(tables):
    assert ("span", {"dir": "auto"}) in page(tables).tags
    assert ("a", {"href": "#article-2", "dir": "auto"}) in page(tables).tags


def test_headings_leave_no_level_out(any_page):
    levels = [int(tag[1]) for tag, _ in any_page.tags if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))


def test_every_table_has_a_caption_and_every_heading_a_scope(any_page):
    tags = [tag for tag, _ in any_page.tags]
    assert tags.count("table") == tags.count("caption")
    assert all(attrs.get("scope") in ("col", "row") for tag, attrs in any_page.tags if tag == "th")


def test_scores_are_called_what_they_are(tables):
    assert "probability that the post carries it" in render_html(build_report(tables))
    cosines = render_html(build_report(dataclasses.replace(tables, trial=None)))
    assert "probability that" not in cosines
    assert "its cosine to the post" in cosines


def test_an_untagged_post_without_a_good_suggestion_says_so(tables):
    poor = dataclasses.replace(tables, recommended=[Recommended("d", (TagScore("beam", 0.0999, False),))])
    assert "no good suggestion" in page(poor).texts["p"]


def test_only_intervals_are_drawn(tables):
    styles = [
        attrs["style"]
        for tag, attrs in page(tables).tags
        if tag == "span" and "style" in attrs and "--v" in attrs["style"]
    ]
    assert styles == [
        "--v:46%;--l:40%;--h:50%",
        "--v:25%;--l:20%;--h:30%",
        "--v:10%;--l:0%;--h:25%",
        "--v:0%",
    ]


def test_issues_lead_to_the_rows_of_their_articles(tables):
    text = render_html(build_report(tables))
    todo = text[text.index('id="duplicates-title"') : text.index('id="broken-title"')]
    assert [href for href in Page(todo).values("href") if not href.startswith("#tag=")] == [
        *("#article-1", "#article-2"),  # the two near-duplicates
        *("#article-1", "#article-2"),
        "#article-2",
        "#article-3",
    ]
    assert todo.count("<details>") == 1, "tags used once are folded away"


def test_a_row_for_each_article(tables):
    rows = [attrs["id"] for tag, attrs in page(tables).tags if tag == "tr" and "id" in attrs]
    assert rows == ["article-2", "article-5", "article-1", "article-3", "article-4"]


def test_five_hundred_posts_stay_below_a_megabyte_and_a_half(tables):
    ids = [f"posts/{place:04}" for place in range(509)]
    tags = tuple(TagScore(f"some tag {place}", 0.5, False) for place in range(8))
    why = Why(
        text=0.62,
        tags=0.41,
        shared_tags=("agile", "design", "research"),
        shared_words=("sprint", "backlog", "velocity", "story"),
    )
    evidence = IssueEvidence((TagFigures("some tag", 1),), lacking=(TagFigures("agile", 9, 0.5),))
    issue = TagIssue("once", 1, ("some tag",), 1, 0.5, True, (ids[0],), evidence)
    corpus = dataclasses.replace(
        tables,
        articles=[
            Article(id_, f"{id_}.md", "A title of a common length, as posts have them", "2020-01-01") for id_ in ids
        ],
        related=[Related(id_, tuple(RelatedArticle(other, 0.5, 0.9, why) for other in ids[:4])) for id_ in ids],
        recommended=[Recommended(id_, tags) for id_ in ids],
        clusters=[Cluster(0, "all", 509, (), (), tuple(Neighbor(id_, 0.5) for id_ in ids))],
        dendrogram=Dendrogram((0,), (), (0,)),
        duplicates=[],
        tag_issues=[dataclasses.replace(issue, kind=kind, rank=rank) for kind in ADVICE for rank in range(1, 201)],
        coverage=[],
        links=[Links(id_, (), 0) for id_ in ids],
        map_points=[MapPoint(id_, "tsne", 0.1, 0.2) for id_ in ids],
    )
    assert len(render_html(build_report(corpus)).encode()) < 1_500_000


def test_a_list_that_is_cut_says_so_and_where_the_rest_is(tables, large):
    blog = large(421, "x")
    ids = [article.id for article in blog.articles]
    cut = dataclasses.replace(
        blog,
        links=[Links(id_, (ids[1],) if id_ == ids[0] else (), int(id_ == ids[1])) for id_ in ids],
        unresolved=[UnresolvedLink(id_, "/x/", "broken") for id_ in ids],
    )
    told = [text for text in page(cut).texts["p"] if text.startswith("The first")]
    totals = [421, 210, *[200] * len(ADVICE), 421, 420]
    assert told == [f"The first 100 of {total} are listed here, all of them in the CSV." for total in totals]
    assert "are listed here" not in render_html(build_report(tables))


def test_a_list_of_a_sample_says_where_the_whole_is(large):
    sample = large(150, "x")
    totals = count_tables(sample, {})
    totals.counts["untagged"] = 20_000
    told = page(dataclasses.replace(sample, totals=totals)).texts["p"]
    where = "The first 100 of 20,000 are listed here, 150 in the CSV, and all in data/tags.jsonl."
    assert [text for text in told if text.startswith("The first") and "tags.jsonl" in text] == [where]
    assert "tags" in TABLES
