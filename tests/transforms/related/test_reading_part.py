import dataclasses

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.transforms.records_by_hand import assert_same
from transforms.related.reading_part import ReadingPart, join_reading, kept_of, nothing_read, shares_of


def made_up_part(rows, candidates, seed=0):
    rng = np.random.default_rng(seed)
    shares = shares_of(rng.integers(0, 100, (rows, candidates)))
    together, added = rng.random((rows, candidates)), rng.random((rows, candidates)) < 0.3
    return ReadingPart(together, shares, rng.integers(0, 50, (rows, candidates)), added)


def test_readers_are_believed_the_more_they_are():
    assert shares_of(np.array([[0, 10, 30]])).tolist() == [[0, 0.5, 0.75]]
    assert kept_of(np.array([0, 0.5, 1])).tolist() == [1, 1 - 0.75 / 8, 0.25]


def test_a_blended_score_by_hand():
    together, shares = np.array([[0.0, 0.8, 0.0, 0.5]]), np.array([[0.0, 0.5, 0.5, 0.5]])
    part = ReadingPart(together, shares, np.zeros((1, 4), np.int64), np.zeros((1, 4), np.bool_))
    kept = 1 - 0.75 / 8
    assert part.blend(np.array([[-0.2, 0.4, 0.4, -0.2]])).tolist() == pytest.approx(
        np.array([[-0.2, 1 - (1 - 0.4) * (1 - kept * 0.4), kept * 0.4, 0.25]]), abs=1e-12
    )


@given(st.integers(0, 4), st.integers(0, 4), st.integers(0, 2**32 - 1))
def test_a_blended_score_grows_with_both_and_nothing_read_changes_nothing(rows, candidates, seed):
    scores = np.random.default_rng(seed).random((rows, candidates))
    part = made_up_part(rows, candidates, seed)
    blended = part.blend(scores)
    assert ((blended >= 0) & (blended <= 1)).all()
    assert (blended >= part.shares * part.together - 1e-12).all()
    assert (blended <= part.blend((1 + scores) / 2) + 1e-12).all()
    assert (dataclasses.replace(part, together=part.together / 2).blend(scores) <= blended + 1e-12).all()
    assert (nothing_read(scores.shape).blend(scores - 0.5) == scores - 0.5).all()


@given(st.floats(0, 1), st.integers(3, 10**6))
def test_pairs_of_few_readers_lose_no_more_than_is_not_believed(score, readers):
    shares, zeros = shares_of(np.array([[readers]])), np.zeros((1, 1))
    blended = ReadingPart(zeros, shares, np.zeros((1, 1), np.int64), zeros > 0).blend(np.full((1, 1), score))
    assert 0.25 * score <= blended[0, 0] <= score


def test_parts_are_joined_and_taken_apart():
    whole = made_up_part(7, 3)
    parts = [whole.each(lambda array, at=at: array[at]) for at in (slice(2), slice(2, 2), slice(2, None))]
    assert_same(join_reading(parts), whole)
