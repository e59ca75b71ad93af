import numpy as np
import pytest

from transforms.readings import gaps
from transforms.readings.gaps import find_gaps, in_order, near_pairs, overlooked_posts
from transforms.readings.reads import reads_of
from transforms.readings.visits import History
from transforms.results import Overlooked, ReadingGaps, UnexplainedPair, UnreadPair

START = 1_700_000_000
POSTS = 30
IDS = [f"post-{number:02}" for number in range(POSTS)]
TEXTS = np.repeat(np.eye(10), 3, axis=0) + 0.02 * np.random.default_rng(3).normal(size=(POSTS, 10))
BORN = np.zeros(POSTS, np.int64)


def history(posts, number):
    return History((tuple((post, START + number + 60 * place) for place, post in enumerate(posts)),))


def group(posts, size, begin=0):
    return [history(posts, begin + number) for number in range(size)]


@pytest.fixture(scope="module")
def reads():
    """Posts of a text are read together, but for 6 and 7; 0 and 3, of other texts, are too; nobody reads 29."""
    told = []
    for text in range(10):
        own = [post for post in range(3 * text, 3 * text + 3) if post != 29]
        if text == 2:
            told += group([6, 8], 20, 4000) + group([7, 8], 20, 5000)
        else:
            told += group(own, 20, 200 * text)
    told += group([3, 0], 9, 6000) + group([0, 3], 4, 7000)
    told += group([9, 27, 28], 12, 8000)
    return reads_of(told, POSTS)


def test_all_gaps_are_found(reads):
    found = find_gaps(reads, IDS, TEXTS, BORN)

    pair = found.unexplained[0]
    assert (pair.first, pair.then, pair.readers) == ("post-03", "post-00", 10)
    assert pair.score == round(13 / (33 + 10), 2)
    assert abs(pair.cosine) < 0.1
    assert {frozenset((pair.first, pair.then)) for pair in found.unexplained} <= {
        frozenset(pair) for pair in (("post-00", "post-03"), ("post-09", "post-27"), ("post-09", "post-28"))
    }
    assert found.unread[0] == UnreadPair("post-06", "post-07", 1)
    assert all(pair.cosine < 0.2 for pair in found.unread[1:])
    assert found.overlooked == (Overlooked("post-29", 10),)


def test_nothing_is_found_where_nobody_reads():
    assert find_gaps(reads_of([], POSTS), IDS, TEXTS, BORN) == ReadingGaps()
    assert find_gaps(reads_of([history([0], 1)], 1), IDS[:1], TEXTS[:1], BORN[:1]) == ReadingGaps()


def test_pairs_and_posts_of_few_readers_are_not_told(reads):
    found = find_gaps(reads, IDS, TEXTS, BORN, least_readers=13)

    assert [(pair.first, pair.then) for pair in found.unexplained] == [("post-03", "post-00")]
    assert found.overlooked == ()


@pytest.mark.parametrize("least", [3, 5, 12])
def test_what_is_told_is_of_readers_enough(reads, least):
    found = find_gaps(reads, IDS, TEXTS, BORN, least)
    matrix = reads.matrix(reads.readers).toarray()
    for pair in found.unexplained:
        assert isinstance(pair, UnexplainedPair)
        both = (matrix[:, IDS.index(pair.first)] * matrix[:, IDS.index(pair.then)]).sum()
        assert both >= least
        assert pair.readers <= both
    for pair in found.unread:
        assert (matrix[:, IDS.index(pair.left)] * matrix[:, IDS.index(pair.right)]).sum() < least


def test_what_more_read_first_is_first():
    told = reads_of([history([5, 1], 1), history([5, 2, 1], 9), history([1, 5], 20), history([7, 2], 30)], 9)

    assert in_order(told, 1, 5) == (5, 1)
    assert in_order(told, 2, 7) == (7, 2)
    assert in_order(told, 3, 4) == (3, 4)


def test_each_is_paired_with_the_nearest(monkeypatch):
    monkeypatch.setattr(gaps, "NEAREST", 2)
    monkeypatch.setattr(gaps, "AT_ONCE", 4)
    posts = np.arange(3, POSTS)
    left, right = near_pairs(TEXTS / np.linalg.norm(TEXTS, axis=1)[:, None], posts)

    expected = {(a, b) for a in range(3, POSTS) for b in range(a + 1, POSTS) if a // 3 == b // 3}
    assert set(zip(left.tolist(), right.tolist(), strict=True)) == expected


def test_a_new_post_is_not_overlooked(reads, monkeypatch):
    born = BORN.copy()
    born[29] = START
    assert overlooked_posts(reads, IDS, TEXTS, born, 3) == []
    monkeypatch.setattr(gaps, "ASKED", 99)
    (found,) = overlooked_posts(reads, IDS, TEXTS, BORN, 3)
    assert found.readers == 5
