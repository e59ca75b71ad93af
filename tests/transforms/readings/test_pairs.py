from collections import Counter
from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from transforms.readings.pairs import add_pairs, count_pairs

READERS = st.lists(st.lists(st.integers(0, 9).map(lambda post: 1000 * post), unique=True, max_size=8), max_size=30)


def by_hand(readers, least=1):
    pairs = Counter(pair for posts in readers for pair in combinations(sorted(posts), 2))
    rows = {}
    for (left, right), both in pairs.items():
        if both >= least:
            rows.setdefault(left, []).append([right, both])
            rows.setdefault(right, []).append([left, both])
    return {post: sorted(row) for post, row in rows.items()}


@given(READERS)
def test_pairs_are_every_two_posts_of_a_reader(readers):
    rows = list(count_pairs(readers))

    assert {post: row.tolist() for post, row in rows} == by_hand(readers)
    assert len({post for post, _ in rows}) == len(rows)


@given(READERS, st.integers(1, 4), st.data())
def test_pairs_add_up_to_the_same_however_readers_are_parted(readers, least, data):
    ends = sorted(data.draw(st.lists(st.integers(0, len(readers)), max_size=3)))
    parts = {}
    for start, end in zip([0, *ends], [*ends, len(readers)], strict=True):
        for post, row in count_pairs(readers[start:end]):
            parts.setdefault(post, []).append(row)

    whole = {post: add_pairs(data.draw(st.permutations(rows)), least).tolist() for post, rows in parts.items()}

    assert {post: row for post, row in whole.items() if row} == by_hand(readers, least)
