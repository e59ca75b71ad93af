import numpy as np
import pytest

from tests.transforms.readings.test_next_model import COUNT, model
from transforms.readings.suggest import direction, nearest, suggest

RNG = np.random.default_rng(5)
VECTORS = RNG.normal(size=(12, 6)).astype(np.float32)
OPEN = np.zeros(COUNT, bool)


def posts(found):
    return [post for post, _ in found]


def test_the_best_are_suggested_and_the_last_place_is_for_an_unread_post():
    found = suggest(model(), [0], OPEN, 0, 5)

    assert posts(found) == [1, 2, 3, 4, 18]
    np.testing.assert_allclose([score for _, score in found], np.linspace(2, 0.1, COUNT)[posts(found)])


def test_what_was_read_and_what_is_closed_is_left_out():
    closed = OPEN.copy()
    closed[[1, 18]] = True

    assert posts(suggest(model(), [3, 0], closed, 0, 4)) == [2, 4, 5, 17]
    assert posts(suggest(model(), [0], np.ones(COUNT, bool), 0, 4)) == []
    assert len(suggest(model(), [0], OPEN, 0, 99)) == COUNT - 1


def test_a_newer_read_counts_more():
    found = model(unread=())
    weights = found.counted.weights.tolil()
    weights[5, 9] = weights[6, 10] = 1
    object.__setattr__(found.counted, "weights", weights.tocsr())

    assert posts(suggest(found, [5, 6], OPEN, 0, 2)) == [10, 9]
    assert posts(suggest(found, [6, 5], OPEN, 0, 2)) == [9, 10]
    np.testing.assert_allclose(suggest(found, [6, 5], OPEN, 0, 2)[1][1], 0.5 ** (1 / 3))


def test_the_nearest_are_by_hand():
    unit = VECTORS / np.linalg.norm(VECTORS, axis=1, keepdims=True)
    towards = unit[1] + unit[2] - unit[3]
    towards = towards / np.linalg.norm(towards)
    kept = ~np.isin(np.arange(12), [1, 2, 3])

    found = nearest(VECTORS, direction(VECTORS, [1, 2], [3]), kept, 4)

    expected = sorted(np.flatnonzero(kept).tolist(), key=lambda row: -(unit[row] @ towards))[:4]
    assert posts(found) == expected
    assert [cosine for _, cosine in found] == pytest.approx((unit @ towards)[expected], abs=1e-4)
    assert len(nearest(VECTORS, direction(VECTORS, [1], []), kept, 99)) == 9
    assert not direction(VECTORS, [1], [1]).any()
