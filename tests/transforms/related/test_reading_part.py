import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.transforms.records_by_hand import assert_same
from transforms.related.reading_part import ReadingPart, join_reading, nothing_read, shares_of


def made_up_part(rows, candidates, seed=0):
    rng = np.random.default_rng(seed)
    shares = shares_of(rng.integers(0, 100, (rows, candidates)))
    together, added = rng.random((rows, candidates)), rng.random((rows, candidates)) < 0.3
    return ReadingPart(together, together, shares, rng.integers(0, 50, (rows, candidates)), added)


def test_shares_grow_with_the_readers():
    assert shares_of(np.array([[0, 10, 30]])).tolist() == [[0, 0.375, 0.5625]]
    assert shares_of(np.array([[10**9]]))[0, 0] == pytest.approx(0.75)


def test_a_blended_score_by_hand():
    together = np.array([[0.0, 0.8, 0.8, 0.5]])
    shares = np.array([[0.0, 0.5, 0.25, 0.5]])
    part = ReadingPart(together, together, shares, np.zeros((1, 4), np.int64), np.zeros((1, 4), np.bool_))
    assert part.blend(np.array([[-0.2, 0.4, 0.4, -0.2]])).tolist() == pytest.approx(
        np.array([[-0.2, 0.6, 0.5, 0.25]]), abs=1e-12
    )


@given(st.integers(0, 4), st.integers(0, 4), st.integers(0, 2**32 - 1))
def test_a_blended_score_is_between_both_and_nothing_read_changes_nothing(rows, candidates, seed):
    scores = np.random.default_rng(seed).random((rows, candidates))
    part = made_up_part(rows, candidates, seed)
    blended = part.blend(scores)
    assert (blended >= np.minimum(scores, part.together) - 1e-12).all()
    assert (blended <= np.maximum(scores, part.together) + 1e-12).all()
    assert (nothing_read(scores.shape).blend(scores - 0.5) == scores - 0.5).all()


def test_pairs_of_few_readers_change_no_further_than_they_must():
    zeros, half = np.zeros((1, 3)), np.full((1, 3), 0.5)
    part = ReadingPart(zeros, np.array([[0.6, 0.2, 0.0]]), half, np.zeros((1, 3), np.int64), zeros > 0)
    assert part.blend(np.full((1, 3), 0.4)).tolist() == pytest.approx(np.array([[0.4, 0.3, 0.2]]), abs=1e-12)


def test_parts_are_joined_and_taken_apart():
    whole = made_up_part(7, 3)
    parts = [whole.each(lambda array, at=at: array[at]) for at in (slice(2), slice(2, 2), slice(2, None))]
    assert_same(join_reading(parts), whole)
