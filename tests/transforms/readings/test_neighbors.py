import math
import random
from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.numerics.rounding import DECIMALS
from transforms.readings.neighbors import (
    STRONG,
    PostCounts,
    ReadWith,
    add_counts,
    count_cosines,
    nearest,
    read_posts,
    strong_cosine,
)
from transforms.readings.together import rounded_down, shrunk_cosine

KEYS = np.array([50, 10, 90, 30, 70])
READERS = Counter({0: 12, 1: 7, 2: 100, 3: 4, 4: 2})


@given(st.lists(st.lists(st.tuples(st.integers(0, 5), st.integers(1, 3)), max_size=6), max_size=5))
def test_counts_of_parts_add_up(parts):
    whole = add_counts(
        PostCounts(Counter(dict.fromkeys((post for post, _ in part), 1)), Counter(dict(part))) for part in parts
    )
    for post in range(6):
        assert whole.readers[post] == sum(post in dict(part) for part in parts)
        assert whole.reads[post] == sum(dict(part).get(post, 0) for part in parts)


def test_read_posts_are_of_enough_readers_and_in_the_order_of_their_keys():
    counts = PostCounts(READERS, Counter({post: 2 * readers for post, readers in READERS.items()}))
    found = read_posts(counts, KEYS, 3)
    assert len(found) == 4
    assert found.keys.tolist() == [10, 30, 50, 90]
    assert found.readers.tolist() == [5, 3, 10, 100]
    assert found.reads.tolist() == [10, 5, 20, 200]
    assert read_posts(counts, KEYS, 5).keys.tolist() == [10, 50, 90]
    assert len(read_posts(PostCounts(), KEYS, 3)) == 0


@pytest.mark.parametrize("seed", range(4))
def test_posts_are_near_by_numbers_of_readers_that_may_be_published(seed):
    together = [(1, 6), (2, 11), (3, 3)]
    random.Random(seed).shuffle(together)
    found = nearest(0, together, READERS, KEYS, 3)
    cosines = {
        int(KEYS[post]): shrunk_cosine(rounded_down(both), rounded_down(READERS[0]), rounded_down(READERS[post]))
        for post, both in together
    }
    assert found.key == 50
    assert found.found.tolist() == sorted(cosines, key=lambda key: -cosines[key]) == [10, 90, 30]
    assert found.both.tolist() == [5, 10, 3]
    assert found.cosines.tolist() == pytest.approx([cosines[key] for key in found.found.tolist()], abs=0.5e-4)


def test_counts_that_round_to_the_same_tell_the_same():
    more = Counter({0: 19, 1: 9, 2: 199, 3: 4})
    one, other = (
        nearest(0, together, readers, KEYS, 3)
        for together, readers in (([(1, 5), (2, 10)], READERS), ([(1, 8), (2, 18)], more))
    )
    for name in ("found", "both", "cosines"):
        assert getattr(one, name).tolist() == getattr(other, name).tolist()


def test_equally_near_posts_are_in_the_order_of_their_numbers():
    assert nearest(0, [(3, 4), (1, 4)], Counter({0: 9, 1: 5, 3: 5}), KEYS, 3).found.tolist() == [10, 30]


@given(
    st.lists(st.lists(st.integers(1, 10**DECIMALS), min_size=1, max_size=60), max_size=5),
    st.randoms(use_true_random=False),
)
def test_a_strong_pair_is_one_of_the_nearest_hundredth(of_posts, order):
    pairs = [ReadWith(0, np.array(part), np.array(part), np.array(part) / 1e4) for part in of_posts]
    parts = [count_cosines(of_post) for of_post in pairs]
    order.shuffle(parts)
    every = sorted(value for part in of_posts for value in part)
    by_hand = every[math.ceil(STRONG * len(every)) - 1] / 1e4 if every else 0
    assert strong_cosine(parts) == by_hand
    assert strong_cosine([sum(parts, Counter())]) == by_hand
