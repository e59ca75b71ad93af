import dataclasses
import random
from typing import get_args

import pytest

from reports.data import build_report
from reports.pages.html import render_html
from reports.pages.summary import render_summary
from reports.sections.issues import ADVICE, Fixable, fixable_posts, issue_groups, tags_nearby
from reports.views import ArticleLink, Issue
from transforms.records import Article
from transforms.results import IssueEvidence, IssueKind, Related, RelatedArticle, TagFigures, TagIssue, Why

LINKS = {"a": ArticleLink("A", 1, True)}


def issues(kind, count):
    return [
        TagIssue(kind, rank, (f"tag {rank}",), 1, None, True, ("a",), IssueEvidence(())) for rank in range(1, count + 1)
    ]


def test_every_kind_has_advice_and_the_least_urgent_is_last():
    assert set(ADVICE) == set(get_args(IssueKind))
    assert [*ADVICE][-1] == "once"


def test_an_issue():
    evidence = IssueEvidence((TagFigures("x", 1_193), TagFigures("foo; bar", 7)), "spelling")
    issue = TagIssue("variant", 1, ("x", "foo; bar"), 1_200, 0.5, True, ("a",), evidence)
    (group,) = issue_groups([issue], LINKS).values()
    why = "One tag in several spellings: x (1,193), foo; bar (7)."
    row = Issue(("x", "foo; bar"), "1,200 posts", why, (LINKS["a"],), commands=("",), remove=("foo; bar",), keep=("x",))
    assert group.first == (row,)
    assert (group.count, group.rest, group.more) == ("1", (), "")


@pytest.mark.parametrize(
    ("kind", "count", "expected"),
    [
        ("synonym", 2, (2, 0, "2", "")),
        ("synonym", 5, (2, 3, "5", "")),
        ("variant", 120, (2, 98, "120", "20")),
        ("misfit", 200, (2, 98, "200 or more", "100")),
        ("once", 24, (0, 24, "24", "")),
        ("once", 137, (0, 100, "137", "37")),
    ],
)
def test_long_lists_are_folded_and_cut(kind, count, expected):
    (group,) = issue_groups(issues(kind, count), LINKS).values()
    assert (len(group.first), len(group.rest), group.count, group.more) == expected


def test_groups_stand_in_the_order_of_their_kinds_and_issues_by_rank():
    mixed = [issue for kind in ("once", "variant", "synonym") for issue in issues(kind, 3)]
    random.Random(0).shuffle(mixed)
    groups = issue_groups(mixed, LINKS)
    assert [*groups] == ["synonym", "variant", "once"]
    shown = [*groups["variant"].first, *groups["variant"].rest]
    assert [issue.tags for issue in shown] == [("tag 1",), ("tag 2",), ("tag 3",)]


def test_what_may_well_be_wrong_is_not_shown():
    hidden = [dataclasses.replace(issue, shown=False) for issue in issues("misfit", 3)]
    (group,) = issue_groups([*hidden, *issues("synonym", 2)], LINKS).values()
    assert group.count == "2"


def test_nothing_to_mend():
    assert issue_groups([], LINKS) == {}


def test_a_tag_that_a_post_lacks_stands_behind_the_post_and_its_probability_in_a_fold(tables):
    evidence = IssueEvidence((TagFigures("beam", 9, 0.982), TagFigures("python", 3, 0.95)))
    issue = TagIssue("missing", 1, ("beam", "python"), 1, 0.982, True, ("c",), evidence)
    report = build_report(dataclasses.replace(tables, tag_issues=[issue]))
    page = render_html(report)
    row = page[page.index('<div id="missing">') :].split("<tbody>")[1].split("</tbody>")[0]
    assert row.startswith('\n<tr><th scope="row"><a href="#article-3" dir=auto>全文検索</a> <p class="reason">It reads')
    assert "<summary>Figures</summary><p>probable: beam 98%, python 95%</p></details>" in row
    assert 'class="remove"' not in row, "no post is to lose a tag"
    assert '<td class="add" data-label="Add"><ul><li><a class="tag" href="#tag=beam" dir=auto>beam</a><li>' in row
    link = '<a class="tag" href="#tag=%E6%A4%9C%E7%B4%A2" dir=auto>検索</a>'
    assert f'<td class="keep" data-label="Keep"><ul><li>{link}</ul></td></tr>' in row
    assert "| 全文検索 | It reads like posts tagged “beam”. |  | beam, python | 検索 |\n" in render_summary(report)


def test_a_reason_names_the_posts_most_like_it():
    evidence = IssueEvidence((TagFigures("fish", 4, 0.01),), lacking=(TagFigures("dog", 9, 0.9),))
    issue = TagIssue("contradiction", 1, ("fish",), 1, 0.9, True, ("a",), evidence)
    near = (RelatedArticle(id_, 0.5, 0.9, Why(None)) for id_ in "bcd")
    featured = RelatedArticle("e", 0.5, None, Why(None), "newest_in_cluster")
    tags = {"a": ("fish", "interview"), "b": ("dog",), "c": ("dog",), "e": ("fish",)}
    articles = [Article(id_, id_, id_, tags=of) for id_, of in tags.items()]
    nearby = tags_nearby(articles, [Related("a", (*near, featured))])
    (group,) = issue_groups([issue], LINKS, nearby=nearby).values()
    (row,) = group.first
    assert row.reason == "2 of the 2 posts most like it are tagged “dog”, none “fish”."
    assert (row.remove, row.add, row.keep) == (("fish",), ("dog",), ("interview",))


def test_tags_that_may_be_merged_have_a_command():
    pair = IssueEvidence((TagFigures("docker", 9), TagFigures("Docker", 2)))
    mixed = [TagIssue(kind, 1, ("docker", "Docker"), 11, 0.5, True, ("a",), pair) for kind in ADVICE]
    groups = issue_groups(mixed, LINKS, fixable=Fixable(("content/*.md",)))
    merged = [kind for kind, group in groups.items() for issue in (*group.first, *group.rest) if issue.command]
    assert merged == ["synonym", "variant"]
    assert groups["variant"].first[0].command == "postkin fix 'content/*.md' --merge Docker=docker --write"


def test_tags_of_a_post_may_be_changed_by_a_command():
    figures = IssueEvidence((TagFigures("fish", 4, 0.01),), lacking=(TagFigures("hot dog", 9, 0.9),))
    posts = fixable_posts([Article("a", "2024/it's.md", "A"), Article("b", "b.md", "B")], ("content",), "content")
    found = [TagIssue(kind, 1, ("fish",), 1, 0.9, True, ("a",), figures) for kind in ("contradiction", "missing")]
    groups = issue_groups(found, LINKS, fixable=posts)
    begin = "postkin fix content --changed 'content/2024/it'\"'\"'s.md'"
    assert groups["contradiction"].first[0].command == f"{begin} --remove fish --add 'hot dog' --write"
    assert groups["contradiction"].first[0].commands == (
        f"{begin} --remove fish --write",
        f"{begin} --add 'hot dog' --write",
    )
    assert groups["missing"].first[0].command == f"{begin} --add fish --write"


@pytest.mark.parametrize("folder", ["", "content/a.md"])
def test_without_a_folder_no_command_changes_a_post(folder):
    issue = TagIssue("missing", 1, ("fish",), 1, 0.9, True, ("a",), IssueEvidence((TagFigures("fish", 4, 0.9),)))
    posts = fixable_posts([Article("a", "a.md", "A")], ("content",), folder)
    (row,) = issue_groups([issue], LINKS, fixable=posts)["missing"].first
    assert (row.command, row.commands) == ("", ("",))
