from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.output.changes import COMPARED, add_cause, compare, facts_of
from transforms.records import Article
from transforms.results import (
    Change,
    Cluster,
    IssueEvidence,
    Neighbor,
    Note,
    Related,
    RelatedArticle,
    TagIssue,
    UnresolvedLink,
    Why,
)

POST = Article("a", "a.md", "Tea", "2024-01-02", ("green", "leaf"))


def related(id_, *others, kind="similar"):
    return Related(id_, tuple(RelatedArticle(other, 0.5, 0.5, Why(0.5), kind) for other in others))


def theme(number, name, size):
    return Cluster(number, name, size, (), (), (Neighbor("a", 1.0),))


def issue(kind, tags, *articles, shown=True, rank=1):
    return TagIssue(kind, rank, tags, 2, None, shown, articles, IssueEvidence(()))


def changes(before, now):
    """Compare the records of two runs as the pipeline does."""
    sides = [{}, {}]
    for side, records in zip(sides, (before, now), strict=True):
        for record in records:
            for key, value in facts_of(record):
                side.setdefault(key, []).append(value)
    keys = sorted({*sides[0], *sides[1]})
    found = [change for key in keys for change in compare(key, sides[0].get(key, []), sides[1].get(key, []))]
    posts = {change.id: change.kind for change in found if change.kind.startswith("post-")}
    return [add_cause(change, posts) for change in found]


def test_the_same_records_in_another_order_are_no_change():
    records = [POST, related("a", "b"), theme(1, "tea", 4), issue("once", ("green",), "a"), replace(POST, id="b")]
    assert changes(records, records[::-1]) == []


@pytest.mark.parametrize("field", COMPARED)
def test_a_post_is_changed_by_any_field_that_is_compared(field):
    other = ("x",) if isinstance(getattr(POST, field), tuple) else "x"
    found = [change for change in changes([POST], [replace(POST, **{field: other})]) if change.kind == "post-changed"]
    assert found == [Change("post-changed", "a", after=(field,))]


def test_a_post_is_changed_by_the_rest_of_its_file():
    assert changes([POST], [replace(POST, blob="0")]) == [Change("post-changed", "a", after=("file",))]


def test_views_do_not_change_a_post():
    assert changes([POST], [replace(POST, views=7)]) == []


def test_posts_come_and_go_with_their_tags():
    other = replace(POST, id="b", tags=("leaf", "water"))
    assert changes([POST], [other]) == [
        Change("post-removed", "a"),
        Change("post-added", "b"),
        Change("tag-gone", "green"),
        Change("tag-added", "water"),
    ]


def test_related_posts_in_another_order_are_no_change():
    assert changes([related("a", "b", "c")], [related("a", "c", "b")]) == []


def test_only_similar_posts_are_compared():
    assert changes([related("a", "b", kind="newest_in_cluster")], [related("a", "c", kind="newest_in_cluster")]) == []


@pytest.mark.parametrize(
    ("posts", "cause"),
    [
        ({}, "refit"),
        ({"c": "post-added"}, "added"),
        ({"c": "post-changed", "b": "post-removed"}, "changed"),
        ({"b": "post-removed"}, "removed"),
        ({"a": "post-changed", "c": "post-added"}, "itself"),
        ({"d": "post-added"}, "refit"),
    ],
)
def test_related_posts_say_why_they_are_others(posts, cause):
    (change,) = compare(("related", "a"), [("b", "e")], [("c", "e")])
    assert add_cause(change, posts) == Change("related-changed", "a", ("b", "e"), ("c", "e"), cause)


def test_a_theme_is_renamed_and_grows():
    assert changes([theme(1, "tea", 4), theme(2, "ink", 3)], [theme(1, "leaf", 6), theme(3, "pen", 1)]) == [
        Change("theme-renamed", "1", ("tea",), ("leaf",)),
        Change("theme-grown", "1", ("4",), ("6",)),
        Change("theme-gone", "2", ("ink",)),
        Change("theme-new", "3", after=("pen",)),
    ]


def test_a_theme_shrinks_by_number_not_by_text():
    assert changes([theme(1, "tea", 10)], [theme(1, "tea", 9)]) == [Change("theme-shrunk", "1", ("10",), ("9",))]


def test_an_issue_is_solved_when_it_is_no_longer_found():
    listed = issue("variant", ("tea", "teas"), "a", "b", shown=False)
    shown = replace(listed, shown=True, tags=("teas", "tea"), articles=("c",), rank=3)
    assert changes([shown], [listed]) == changes([listed], [shown]) == []
    assert changes([listed], []) == changes([], [listed]) == []
    assert changes([shown], []) == [Change("issue-solved", "", ("variant", "tea", "teas"))]
    assert changes([], [shown]) == [Change("issue-new", "", after=("variant", "tea", "teas"))]


def test_an_issue_of_one_post_is_another_of_the_next():
    assert changes([issue("missing", ("tea",), "a")], [issue("missing", ("tea",), "b")]) == [
        Change("issue-solved", "a", ("missing", "tea")),
        Change("issue-new", "b", after=("missing", "tea")),
    ]


def test_links_break_and_are_mended():
    old, new = UnresolvedLink("a", "/x", "broken", 3), UnresolvedLink("a", "/y", "broken", 3)
    other = UnresolvedLink("a", "/z", "other")
    assert changes([old, other], [new]) == [
        Change("link-mended", "a", ("/x",)),
        Change("link-broken", "a", after=("/y",)),
    ]


def test_other_rows_are_passed_over():
    assert list(facts_of(Note("a.md", 1, "date", "x", "undated"))) == []


TAGS = st.lists(st.sampled_from("abcdef"), max_size=4, unique=True).map(tuple)
BLOGS = st.dictionaries(st.sampled_from("pqrst"), TAGS)


@given(BLOGS, BLOGS)
def test_every_post_and_tag_that_differs_is_told_once(before, now):
    blogs = [[Article(id_, f"{id_}.md", "T", tags=tags) for id_, tags in blog.items()] for blog in (before, now)]
    found = changes(*blogs)
    told = {(change.kind, change.id) for change in found}
    old, new = ({tag for tags in blog.values() for tag in tags} for blog in (before, now))
    assert told == {
        *(("post-added", id_) for id_ in now.keys() - before.keys()),
        *(("post-removed", id_) for id_ in before.keys() - now.keys()),
        *(("post-changed", id_) for id_ in before.keys() & now.keys() if before[id_] != now[id_]),
        *(("tag-added", tag) for tag in new - old),
        *(("tag-gone", tag) for tag in old - new),
    }
    assert len(found) == len(told)
