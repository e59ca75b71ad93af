import pytest

from reports.sections.since import since_last
from reports.views import SinceRow
from transforms.output.totals import Totals
from transforms.results import Before, Change, Cluster, Metric

BEFORE = Before(495, "2023-12-10", 8, 3, ())


def theme(number, name, size=5):
    return Cluster(number, name, size, (), (), ())


def said(changes, clusters=(), before=BEFORE, issues=8, metrics=(), broken=0):
    totals = Totals()
    totals.unresolved["broken"] = broken
    for change in changes:
        totals.add_change(change)
    return since_last(before, changes, totals, clusters, issues, metrics)


def metric(value, low, high, method="all parts", measure="related dice@4", in_use=True):
    return Metric(measure, method, value, 100, in_use, low, high)


def test_nothing_is_said_without_a_previous_run():
    assert said([], before=None) is None


def test_posts_tags_and_related_posts_are_counted():
    since = said(
        [
            *(Change("tag-added", tag) for tag in "abcde"),
            *(Change("post-added", f"p{n}") for n in range(1_400)),
            Change("post-changed", "q", after=("body",)),
            Change("related-changed", "q", ("a",), ("b",), "itself"),
            Change("related-changed", "r", ("a",), ("b",), "refit"),
        ]
    )
    assert since.run == "495 posts, the newest of 2023-12-10"
    assert since.sentences == (
        "Posts: 1,400 new, 0 gone, 1 changed.",
        "Tags: 5 new (a, b, c, d…), 0 gone.",
        "Posts with other related posts: 2; of these 1 without any new or changed post behind it.",
    )


def test_a_run_without_dates_is_called_by_its_posts():
    assert said([], before=Before(1, None, 0, 0, ())).run == "1 post"


def test_tags_and_links_to_mend_are_compared():
    rows = said(
        [
            Change("issue-solved", "", ("variant", "a", "b")),
            Change("issue-solved", "x", ("missing", "c")),
            Change("link-broken", "p", after=("/x",)),
        ],
        issues=6,
        broken=4,
    ).rows
    assert rows[1:] == (
        SinceRow("Tags to mend", "8", "6", "0 new, 2 solved"),
        SinceRow("Links that lead nowhere", "3", "4", "1 new, 0 solved"),
    )


@pytest.mark.parametrize(
    ("now", "note"),
    [
        (8, "1 new, 1 solved"),
        (11, "1 new, 1 solved, too unsure before: 3"),
        (6, "1 new, 1 solved, too unsure now: 2"),
    ],
)
def test_tags_to_mend_add_up(now, note):
    changes = [Change("issue-new", "", after=("once", "a")), Change("issue-solved", "", ("once", "b"))]
    assert said(changes, issues=now).rows[1] == SinceRow("Tags to mend", "8", str(now), note)


def test_themes_that_grew_most_are_named_after_new_and_renamed_ones():
    clusters = [theme(1, "tea"), theme(2, "ink"), theme(4, "pen"), theme(5, "nib"), theme(6, "pad")]
    (row, *_) = said(
        [
            Change("theme-new", "4", after=("pen",)),
            Change("theme-gone", "3", ("wax",)),
            Change("theme-renamed", "2", ("blot",), ("ink",)),
            Change("theme-grown", "5", ("5",), ("6",)),
            Change("theme-grown", "1", ("9",), ("12",)),
        ],
        clusters,
    ).rows
    assert row == SinceRow("Themes", "5", "5", "new: pen; gone: wax; ink was blot; tea 9 → 12; …")


@pytest.mark.parametrize(
    ("before", "now", "note"),
    [
        (metric(0.5, 0.4, 0.6), metric(0.7, 0.65, 0.75), "better"),
        (metric(0.5, 0.4, 0.6), metric(0.3, 0.2, 0.39), "worse"),
        (metric(0.5, 0.4, 0.6), metric(0.7, 0.6, 0.8), "no sure difference"),
        (metric(0.5, None, None), metric(0.7, 0.65, 0.75), ""),
    ],
)
def test_measures_differ_where_their_intervals_lie_apart(before, now, note):
    row = said([], metrics=[now, metric(0.9, 0.9, 0.9, in_use=False)], before=Before(1, None, 0, 0, (before,))).rows[-1]
    assert row == SinceRow("related dice@4", f"{before.value:.3f}", f"{now.value:.3f}", note)


def test_a_measure_that_was_not_taken_before_has_a_dash():
    row = said([], metrics=[metric(0.7, 0.6, 0.8)]).rows[-1]
    assert row == SinceRow("related dice@4", "—", "0.700", "")
