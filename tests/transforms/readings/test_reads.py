import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from transforms.readings.reads import HALF_LIFE, hash_reads, hold_back, most_read, reads_of, renumbered
from transforms.readings.visits import History, history_of, put_together

HISTORIES = st.lists(
    st.lists(st.tuples(st.integers(0, 40_000), st.integers(0, 8), st.just(0)), min_size=1, max_size=9).map(
        lambda reads: history_of(put_together(reads))[0]
    ),
    max_size=9,
)


def by_reader(reads):
    found = {}
    for reader, post, second in zip(reads.readers, reads.posts, reads.seconds, strict=True):
        found.setdefault(int(reader), []).append((int(second), int(post)))
    return list(found.values())


@given(HISTORIES, st.randoms())
def test_readers_are_in_an_order_of_what_they_read(histories, random):
    reads = reads_of(histories, 9)
    shuffled = random.sample(histories, len(histories))

    again = reads_of(shuffled, 9)

    for name in ("readers", "posts", "seconds", "visits"):
        np.testing.assert_array_equal(getattr(reads, name), getattr(again, name))
    assert sorted(by_reader(reads)) == sorted(
        sorted((min(s for visit in h.visits for p, s in visit if p == post), post) for post in h.posts)
        for h in histories
    )
    assert reads.matrix(reads.readers).sum() == reads.matrix(reads.visits).sum() == len(reads)
    assert len(set(zip(reads.readers, reads.visits, strict=True))) == len(set(reads.visits.tolist()))


@given(HISTORIES, st.integers(0, 9))
def test_a_sample_is_of_what_was_read_and_not_of_who(histories, limit):
    sample = reads_of(histories, 9, limit)

    assert len(by_reader(sample)) == min(limit, len(histories))
    np.testing.assert_array_equal(sample.posts, reads_of(histories[::-1], 9, limit).posts)


@given(HISTORIES)
def test_the_last_new_post_is_held_back(histories):
    reads = reads_of(histories, 9)
    left, queries = hold_back(reads, 3)

    asked = [some for some in by_reader(reads) if len(some) >= 3]
    assert [(int(second), int(post)) for second, post in zip(queries.seconds, queries.targets, strict=True)] == [
        some[-1] for some in asked
    ]
    assert by_reader(left) == [some[:-1] if len(some) >= 3 else some for some in by_reader(reads)]
    for some, weights in zip(asked, queries.weights.toarray(), strict=True):
        expected = np.zeros(9)
        for later, (_, post) in enumerate(reversed(some[:-1])):
            expected[post] = 0.5 ** (later / HALF_LIFE)
        np.testing.assert_allclose(weights, expected)


def test_nobody_is_held_back_of_nobody():
    left, queries = hold_back(reads_of([], 5))

    assert (len(left), len(queries), queries.weights.shape) == (0, 0, (0, 5))
    history = History((((1, 10), (2, 20)),))
    assert len(hold_back(reads_of([history], 5))[1]) == 0


def test_posts_of_a_sample_have_other_numbers():
    history = History((((3, 10), (5, 20)), ((4, 30),), ((5, 40),)))

    assert list(renumbered([history], {3: 0, 5: 1})) == [History((((0, 10), (1, 20)), ((1, 40),)))]
    assert list(renumbered([history], {7: 0})) == []


def test_the_most_read_posts_are_in_their_order():
    histories = [History((tuple((post, 10) for post in posts),)) for posts in ((1, 5), (5, 3), (3, 5), (2, 1))]

    assert most_read(histories, 3).tolist() == [1, 3, 5]
    assert most_read(histories, 1).tolist() == [5]


def test_readers_of_the_same_posts_have_one_hash():
    one, again, other = (History((((3, 10), (post, 20)),)) for post in (5, 5, 6))

    assert hash_reads(one) == hash_reads(again) != hash_reads(other)
