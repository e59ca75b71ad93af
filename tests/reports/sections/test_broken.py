from reports.sections.articles import article_links
from reports.sections.broken import broken_links
from reports.views import ArticleLink
from transforms.records import Article
from transforms.results import UnresolvedLink

ARTICLES = [Article("a", "a.md", "Weir"), Article("b", "b\x1b.md", "Mill")]


def test_broken_links_stand_before_those_to_what_is_left_out():
    rows = [
        UnresolvedLink("a", "/y/", "skipped", 2, "draft.md"),
        UnresolvedLink("b", "/z\u202e/", "broken", 7, "a"),
        UnresolvedLink("b", "/x/", "broken", 3),
        UnresolvedLink("b", "/about/", "other", 1),
        UnresolvedLink("c", "/w/", "broken", None, "z"),
    ]
    listing = broken_links(rows, ARTICLES, article_links(ARTICLES, ARTICLES), {"broken": 30, "skipped": 4, "other": 9})
    weir, mill = ArticleLink("Weir", 1, listed=True), ArticleLink("Mill", 2, listed=True)
    assert listing.total == 34
    assert [(row.article, row.place, row.href, row.nearest, row.note) for row in listing.shown] == [
        (mill, r"b\x1b.md:3", "/x/", None, ""),
        (mill, r"b\x1b.md:7", r"/z\u202e/", weir, ""),
        (ArticleLink("c", 0, listed=False), "c", "/w/", ArticleLink("z", 0, listed=False), ""),
        (weir, "a.md:2", "/y/", None, "draft.md is left out"),
    ]
