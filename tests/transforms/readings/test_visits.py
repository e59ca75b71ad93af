from collections import Counter
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from transforms.readings.visits import (
    GAP,
    MOST_IN_A_VISIT,
    MOST_POSTS,
    MOST_READS,
    History,
    history_of,
    join_reads,
    put_together,
)

READS = st.lists(st.tuples(st.integers(0, 40_000), st.integers(0, 8), st.integers(0, 3)), min_size=1, max_size=60)


def cut(reads):
    return history_of(put_together(reads))


@given(READS, st.data())
def test_a_reader_is_the_same_however_reads_come_and_are_parted(reads, data):
    whole = put_together(reads)
    shuffled = data.draw(st.permutations(reads))
    ends = sorted(data.draw(st.lists(st.integers(0, len(reads)), max_size=4)))
    parts = [shuffled[start:end] for start, end in zip([0, *ends], [*ends, len(reads)], strict=True)]

    assert join_reads(map(put_together, parts)) == whole
    assert join_reads([join_reads(map(put_together, parts[:2])), *map(put_together, parts[2:])]) == whole


@given(READS)
def test_every_read_is_in_a_visit_or_a_reload(reads):
    history, left_out = cut(reads)

    kept = [(post, second) for visit in history.visits for post, second in visit]
    assert len(kept) + left_out.get("reload", 0) == len(reads)
    assert Counter(kept) <= Counter((post, second) for second, post, _ in reads)
    assert set(history.posts) == set(history.last) == {post for _, post, _ in reads}
    assert list(history.visits) == sorted(history.visits, key=lambda visit: visit[0][1])
    for visit in history.visits:
        assert all(one[1] <= other[1] for one, other in pairwise(visit))


@given(st.lists(st.tuples(st.integers(0, 40_000), st.integers(0, 8)), min_size=1, max_size=60))
def test_a_visit_ends_with_a_gap(reads):
    history, _ = cut([(second, post, 0) for second, post in reads])

    seconds = sorted(second for second, _ in reads)
    gaps = sum(later - earlier >= GAP for earlier, later in pairwise(seconds))
    assert len(history.visits) == gaps + 1


def test_sessions_of_the_log_are_visits():
    history, left_out = cut([(0, 1, 7), (10, 2, 8), (5000, 3, 7), (20, 1, 8)])

    assert history == History((((1, 0), (3, 5000)), ((2, 10), (1, 20))))
    assert history.posts == (1, 3, 2)
    assert history.last == (3, 2, 1)
    assert not left_out


def test_a_post_that_is_reloaded_counts_once_and_one_that_is_read_again_twice():
    history, left_out = cut([(0, 1, 7), (100, 1, 7), (1000, 1, 7), (2799, 1, 7), (2799 + GAP, 1, 7)])

    assert history.visits == (((1, 0), (1, 2799 + GAP)),)
    assert left_out == {"reload": 3}


def crawl(posts, apart=GAP):
    return [(number * apart, number, 0) for number in range(posts)]


def test_who_reads_more_than_people_do_is_left_out_whole():
    assert cut(crawl(MOST_POSTS))[0] is not None
    assert cut(crawl(MOST_POSTS + 1)) == (None, {"outlier": MOST_POSTS + 1})
    assert cut(crawl(MOST_IN_A_VISIT, 60))[0] is not None
    assert cut(crawl(MOST_IN_A_VISIT + 1, 60)) == (None, {"outlier": MOST_IN_A_VISIT + 1})
    assert cut([(number, 1, 0) for number in range(MOST_READS + 1)]) == (None, {"outlier": MOST_READS + 1})


def test_a_crawler_is_held_no_longer_than_needed():
    parts = [put_together(crawl(MOST_POSTS + 1)) for _ in range(3)]

    assert parts[0] == (MOST_POSTS + 1, None)
    assert join_reads(parts) == (3 * MOST_POSTS + 3, None)
    assert join_reads([put_together(crawl(5)), parts[0]])[1] is None
