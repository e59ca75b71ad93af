"""The posts that the previous run did not have."""

from reports.sections.new_posts import added_posts, lonely_posts, new_posts
from reports.views import ArticleLink, Suggestion
from transforms.records import Article
from transforms.results import Change, Links, Related, RelatedArticle, Why

LINKS = {id_: ArticleLink(id_.upper(), place + 1, listed=True) for place, id_ in enumerate("abc")}


def article(id_):
    return Article(id_, f"{id_}.md", id_.upper(), "2024-12-10")


def near(id_, kind="similar"):
    return RelatedArticle(id_, 0.5, None, Why(0.5), kind)


def test_only_posts_that_were_added_are_new():
    assert added_posts([Change("post-added", "a"), Change("post-changed", "b"), Change("tag-added", "c")]) == {"a"}


def test_new_posts_without_links_are_told_where_to_link_from():
    lonely = lonely_posts([Links("a", ("b",), 0), Links("b", (), 1), Links("c", (), 0)], {"a", "b"})
    assert lonely == {"a"}
    related = {id_: Related(id_, (near("c"), near("b", "newest_in_cluster"))) for id_ in "ab"}
    found = new_posts([article("b"), article("a")], lonely, LINKS, {}, related, {"a": (Suggestion("x", "60%"),)})
    assert [row.article.title for row in found.shown] == ["B", "A"]
    assert [row.linked for row in found.shown] == [True, False]
    assert [[other.article.title for other in row.linkers] for row in found.shown] == [[], ["C"]]
    assert [len(row.suggestions) for row in found.shown] == [0, 1]
