import dataclasses
import random
from typing import get_args

import pytest

from reports.data import build_report
from reports.pages.html import render_html
from reports.pages.summary import render_summary
from reports.sections.issues import ADVICE, issue_groups
from reports.views import ArticleLink, Issue
from transforms.results import IssueEvidence, IssueKind, TagFigures, TagIssue

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
    why = ("one tag in several spellings: x (1,193), foo; bar (7)",)
    assert group.first == (Issue(("x", "foo; bar"), "1,200 posts", why, (LINKS["a"],)),)
    assert (group.count, group.rest, group.more) == ("1", (), "")


@pytest.mark.parametrize(
    ("kind", "count", "expected"),
    [
        ("synonym", 4, (4, 0, "4", "")),
        ("synonym", 5, (4, 1, "5", "")),
        ("variant", 120, (4, 96, "120", "20")),
        ("misfit", 200, (4, 96, "200 or more", "100")),
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
    assert [issue.tags for issue in groups["variant"].first] == [("tag 1",), ("tag 2",), ("tag 3",)]


def test_what_may_well_be_wrong_is_not_shown():
    hidden = [dataclasses.replace(issue, shown=False) for issue in issues("misfit", 3)]
    (group,) = issue_groups([*hidden, *issues("synonym", 2)], LINKS).values()
    assert group.count == "2"


def test_nothing_to_mend():
    assert issue_groups([], LINKS) == {}


def test_a_tag_that_a_post_lacks_stands_behind_the_post_with_its_probability(tables):
    evidence = IssueEvidence((TagFigures("beam", 9, 0.982), TagFigures("python", 3, 0.95)))
    issue = TagIssue("missing", 1, ("beam", "python"), 1, 0.982, True, ("c",), evidence)
    report = build_report(dataclasses.replace(tables, tag_issues=[issue]))
    page = render_html(report)
    row = page[page.index('<div id="missing">') :].split("<tbody>")[1].split("</tbody>")[0]
    cells = "<td><ul><li>beam<li>python</ul></td><td>98%, 95%</td></tr>"
    assert row.strip() == f'<tr><th scope="row"><a href="#article-3" dir=auto>全文検索</a></th>{cells}'
    assert "| Post | Tags | Probability |\n|---|---|---|\n| 全文検索 | beam, python | 98%, 95% |\n" in render_summary(
        report
    )


def test_tags_that_may_be_merged_have_a_command():
    pair = IssueEvidence((TagFigures("docker", 9), TagFigures("Docker", 2)))
    mixed = [TagIssue(kind, 1, ("docker", "Docker"), 11, 0.5, True, ("a",), pair) for kind in ADVICE]
    groups = issue_groups(mixed, LINKS, fixed_with=("content/*.md",))
    merged = [kind for kind, group in groups.items() for issue in (*group.first, *group.rest) if issue.command]
    assert merged == ["synonym", "variant"]
    assert groups["variant"].first[0].command == "postkin fix 'content/*.md' --merge Docker=docker"
