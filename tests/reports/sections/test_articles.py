from hypothesis import given
from hypothesis import strategies as st

from reports.sections.articles import article_links, untagged_articles
from reports.views import Suggestion
from transforms.records import Article

BEAM = (Suggestion("beam", "90%"),)


def listed(articles, suggested):
    links = article_links(articles, articles)
    rows = untagged_articles(articles, dict.fromkeys(suggested, BEAM), links, len(articles)).shown
    return [(row.article.title, row.suggestions) for row in rows]


def test_untagged_posts_with_a_suggestion_come_first_and_of_either_kind_the_newest():
    days = {"a": "2020-01-01", "b": "2023-01-01", "c": None, "d": "2021-01-01", "e": "2022-01-01"}
    articles = [Article(id_, id_, id_, day) for id_, day in days.items()]
    assert listed([*articles, Article("t", "t", "t", "2024-01-01", ("beam",))], "act") == [
        ("a", BEAM),
        ("c", BEAM),
        ("b", ()),
        ("e", ()),
        ("d", ()),
    ]


@given(st.lists(st.booleans(), max_size=20))
def test_those_with_suggestions_come_first(wanted):
    articles = [Article(f"p{at:04}", "p", f"p{at:04}", "2020-01-01") for at in range(len(wanted))]
    suggested = [article.id for article, want in zip(articles, wanted, strict=True) if want]
    rows = listed(articles, suggested)
    assert len(rows) == len(wanted)
    assert [bool(tags) for _, tags in rows] == sorted(wanted, reverse=True)


def test_articles_of_one_title_are_told_apart():
    articles = [
        Article("a", "2023/award.md", "Award", "2023-01-02T10:00:00Z"),
        Article("b", "2024/award.md", " Award", "2024-01-02"),
        Article("c", "x/notes.md", "Notes", "2024-01-02"),
        Article("d", "y/notes.md", "Notes", "2024-01-02"),
        Article("e", "e.md", "Alone"),
        Article("f", "f.md", "Undated"),
        Article("g", "g.md", "Undated"),
    ]
    links = article_links(articles, articles)
    assert [links[id_].title for id_ in "abcdefg"] == [
        "Award (2023-01-02)",
        "Award (2024-01-02)",
        "Notes (x/notes.md)",
        "Notes (y/notes.md)",
        "Alone",
        "Undated (f.md)",
        "Undated (g.md)",
    ]
