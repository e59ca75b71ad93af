"""What there is to do is counted by kinds, each of which has a title."""

from typing import get_args

from reports.data import build_report
from reports.sections.tasks import TITLES, count_tasks, say_to_do
from transforms.results import IssueKind


def test_each_kind_of_work_has_a_title():
    kinds = [*TITLES, *get_args(IssueKind)]
    assert len(say_to_do(dict.fromkeys(kinds, 1200))) == len(kinds)
    assert say_to_do({"untagged": 1200, "once": 1}) == [
        "Posts without tags: 1,200",
        "Use these tags again or drop them: 1",
    ]


def test_what_is_counted_is_what_the_page_lists(tables):
    report = build_report(tables)
    counts = count_tasks(report.tasks)
    assert [*counts] == [task.anchor for task in report.tasks]
    assert counts["untagged"] == report.untagged.total
    assert say_to_do(counts) == [f"{task.title}: {task.count}" for task in report.tasks]
