import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.readings.counts import count_reads, publishable
from transforms.readings.reads import reads_of
from transforms.readings.together import rounded_down
from transforms.readings.visits import History


def test_readers_are_counted_of_all_reads_and_of_those_in_one_visit():
    histories = [
        History((((0, 10), (1, 20)), ((2, 5000),))),
        History((((0, 10), (1, 20), (2, 30)),)),
        History((((1, 10),), ((0, 9000), (1, 9010)))),  # was read before
    ]

    counts = count_reads(reads_of(histories, 4))

    np.testing.assert_array_equal(counts.readers, [3, 3, 2, 0])
    np.testing.assert_array_equal(counts.pairs.toarray()[:3, :3], [[3, 3, 2], [3, 3, 2], [2, 2, 2]])
    np.testing.assert_array_equal(counts.visits.toarray()[:3, :3], [[3, 2, 1], [2, 3, 1], [1, 1, 2]])
    np.testing.assert_array_equal(counts.gram[:3, :3], [[6, 5, 3], [5, 6, 3], [3, 3, 4]])


@given(st.lists(st.integers(0, 3_000_000), min_size=1), st.integers(3, 30))
def test_what_is_published_is_cut_and_rounded_down(readers, least):
    found = publishable(np.array(readers, float), least)

    assert found.tolist() == [rounded_down(one) if one >= least else 0 for one in readers]


@pytest.mark.parametrize("least", [3, 5])
def test_nothing_is_left_of_pairs_of_few_readers(least):
    histories = [History((tuple((post, 10 + post) for post in (0, 1)),))] * 4
    histories += [History((tuple((post, 10 + post) for post in (1, 2)),))] * 12

    counts = count_reads(reads_of(histories, 3)).publishable(least)

    few = 3 if least == 3 else 0
    np.testing.assert_array_equal(counts.pairs.toarray(), [[few, few, 0], [few, 10, 10], [0, 10, 10]])
    np.testing.assert_array_equal(counts.visits.toarray(), counts.pairs.toarray())
