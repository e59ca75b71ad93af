"""What to do first, by hand and for any amounts of work."""

import itertools

from hypothesis import given
from hypothesis import strategies as st

from reports.sections.actions import BATCH, FIRST, KINDS, Work, count_issues, each, start
from reports.words.language import load_language
from transforms.results import IssueEvidence, TagIssue

amounts = st.dictionaries(
    st.sampled_from(list(KINDS)), st.tuples(st.integers(0, 500), st.integers(1, 50)).map(lambda pair: work(*pair))
)


def work(total, posts):
    """Work whose every piece concerns so many posts."""
    return Work(total, min(total, BATCH) * posts)


def worth(kind, works):
    return KINDS[kind].worth * works[kind].posts


def test_what_makes_most_posts_better_stands_first():
    shown = start({"synonym": Work(1, 17), "missing": each(4), "unlinked": each(63), "once": each(24)})
    assert [action.anchor for action in shown.actions] == [
        "synonym-title",
        "unlinked-title",
        "missing-title",
        "once-title",
    ]
    assert [action.gain for action in shown.actions] == ["17 posts", "10 posts", "4 posts", "10 posts"]
    assert [action.count for action in shown.actions] == ["1", "10 of 63", "4", "10 of 24"]
    assert [action.effort for action in shown.actions] == ["2 min", "20 min", "2 min", "5 min"]
    assert shown.effort == "29 min"


def test_a_new_post_counts_three_times():
    shown = start({"unlinked": each(8), "new-posts": each(3)})
    assert [action.anchor for action in shown.actions] == ["new-posts-title", "unlinked-title"]


@given(amounts)
def test_the_most_valuable_kinds_are_shown_and_those_without_work_named(works):
    shown = start(works)
    kinds = [action.anchor.removesuffix("-title") for action in shown.actions]
    busy = {kind for kind in works if works[kind].total}
    assert set(kinds) <= busy
    assert len(kinds) == min(FIRST, len(busy))
    assert all(worth(one, works) >= worth(other, works) for one, other in itertools.pairwise(kinds))
    assert all(worth(kinds[-1], works) >= worth(kind, works) for kind in busy - set(kinds))
    assert set(shown.idle) == {KINDS[kind].on for kind in works if not works[kind].total}


@given(amounts)
def test_the_order_in_which_work_is_counted_does_not_matter(works):
    assert start(works) == start(dict(reversed(works.items())))


def test_issues_that_are_not_shown_are_no_work():
    def issue(rank, posts, *, shown):
        return TagIssue("synonym", rank, ("a", "b"), posts, 0.5, shown, (), IssueEvidence(()))

    counted = count_issues([*(issue(rank, rank, shown=rank <= 12) for rank in range(20, 0, -1))])
    assert counted["synonym"] == Work(12, sum(range(1, BATCH + 1)))
    assert counted["missing"] == Work(0, 0)


def test_it_is_said_in_japanese():
    shown = start({"synonym": Work(2, 3), "untagged": each(0)}, say=load_language("ja"))
    assert shown.actions[0].title == "同じ意味のタグを統合する"
    assert shown.actions[0].effort == "4分"
    assert shown.idle == ("タグのない記事",)
