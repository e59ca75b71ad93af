"""The lists of work as tables: whole, one value a cell."""

import dataclasses

import pytest

from reports.data import LISTED, build_report
from reports.exports import COLUMNS
from reports.words.commands import change_command, merge_command
from reports.words.language import load_language
from tests.reports.test_payload import unpack
from transforms.results import (
    Before,
    Change,
    Links,
    LinkToSet,
    ProposedTag,
    Translated,
    UnresolvedLink,
)


def lists_of(tables):
    data = unpack(build_report(tables).payload)
    return data["id"], data["lists"]


def rows_of(tables, name):
    """The rows of a list, articles by their ids."""
    ids, lists = lists_of(tables)
    columns = lists[name]["columns"]

    def shown(cell, column):
        return ids[cell] if column[1] and isinstance(cell, int) else cell

    return [tuple(map(shown, row, columns)) for row in lists[name]["rows"]]


def test_each_tag_and_each_post_has_a_row_of_its_own(tables):
    assert rows_of(tables, "untagged") == [("d", "python"), ("d", "beam")]
    assert rows_of(tables, "duplicates") == [("1", "97%", "a"), ("1", "97%", "b")]
    why = "It reads like posts tagged “検索”, and not like those tagged “beam”."
    assert rows_of(tables, "contradiction") == [
        ("b", "Remove", "beam", why, ""),
        ("b", "Add", "検索", why, ""),
    ]


def test_each_tag_to_merge_has_a_command_of_its_own(tables):
    issue = next(issue for issue in tables.tag_issues if issue.kind == "synonym")
    three = dataclasses.replace(issue, tags=("beam", "beams", "be am"))
    rows = rows_of(dataclasses.replace(tables, tag_issues=[three], fixed_with=("posts",)), "synonym")
    assert [(remove, keep, command) for remove, keep, _, command in rows] == [
        ("beams", "beam", merge_command(("beam", "beams"), ("posts",))),
        ("be am", "beam", merge_command(("beam", "be am"), ("posts",))),
    ]
    assert {row[-1] for row in rows_of(dataclasses.replace(tables, tag_issues=[three]), "synonym")} == {""}


def test_each_tag_to_change_has_a_command_of_its_own(tables):
    rows = rows_of(dataclasses.replace(tables, fixed_with=("posts",), folder="posts"), "contradiction")
    path = next(article.path for article in tables.articles if article.id == "b")
    assert [command for *_, command in rows] == [
        change_command(f"posts/{path}", ("posts",), remove=("beam",)),
        change_command(f"posts/{path}", ("posts",), add=("検索",)),
    ]


def test_links_and_languages_have_a_row_each(tables):
    found = dataclasses.replace(
        tables,
        suggested_links=[LinkToSet("a", "b", "We run Pipelines here.", "Pipelines", 0.9, True)],
        unresolved=[UnresolvedLink("a", "/gone/", "broken", 7, "b")],
        translations=[
            Translated("a", "en", "a", (), ("fr", "ja"), False),
            Translated("c", "ja", "a", (), (), True),
        ],
        proposed=[ProposedTag(1, "window", (), 2, 3, 1, 2.0, 0.5, ("a", "gone"))],
        before=Before(4, "2020-01-02", 2, 1, ()),
        changes=[Change("post-added", "d")],
    )
    assert rows_of(found, "links-to-set") == [("a", "We run Pipelines here.", "Pipelines", "b")]
    assert rows_of(found, "broken") == [("a", "a.md:7", "/gone/", "b", "")]
    assert rows_of(found, "translations") == [
        ("c", "To renew", "", "a"),
        ("a", "To write", "French", ""),
        ("a", "To write", "Japanese", ""),
    ]
    assert [(tag, post) for tag, _, post in rows_of(found, "proposed")] == [("window", "a"), ("window", "gone")]
    assert {(post, tag) for _, post, _, _, tag in rows_of(found, "new-posts-list")} >= {("d", "python"), ("d", "beam")}


def test_what_the_page_cuts_is_whole(large):
    blog = large(3 * LISTED, "x")
    ids = [article.id for article in blog.articles]
    found = dataclasses.replace(
        blog,
        links=[Links(id_, (ids[1],) if id_ == ids[0] else (), int(id_ == ids[1])) for id_ in ids],
        unresolved=[UnresolvedLink(id_, "/x/", "broken") for id_ in ids],
    )
    report = build_report(found)
    assert len(report.untagged.shown) == len(report.broken.shown) == len(report.linking.orphans.shown) == LISTED
    assert {row[0] for row in rows_of(found, "untagged")} == set(ids)
    assert {row[0] for row in rows_of(found, "orphans")} == set(ids) - {ids[1]}
    assert len(rows_of(found, "broken")) == 3 * LISTED
    assert len(rows_of(found, "once")) == 200 * 5 * 5, "each tag with each of its posts"


@pytest.mark.parametrize("name", COLUMNS)
def test_a_list_has_cells_for_all_of_its_columns(name, large):
    _, lists = lists_of(large(9, "x"))
    if name in lists:
        assert {len(row) for row in lists[name]["rows"]} == {len(lists[name]["columns"])}


def test_columns_are_named_in_the_language_of_the_report(tables):
    _, lists = lists_of(dataclasses.replace(tables, language=load_language("ja")))
    assert [name for name, _ in lists["untagged"]["columns"]] == ["記事", "追加するタグ"]
    assert {row[1] for row in lists["contradiction"]["rows"]} == {"外す", "付ける"}


def test_a_list_without_rows_is_no_list(bare):
    assert lists_of(bare)[1] == {}
