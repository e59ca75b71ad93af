import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from transforms.evaluation.measures import calibration_error
from transforms.numerics.arrays import NOBODY
from transforms.related.confidence import (
    START,
    both_tagged,
    confidences,
    fit_confidence,
    pair_features,
    pairs_to_learn,
    share_a_tag,
)
from transforms.tags.evidence import HALF_LIFE


def made_up_parts(rows, count, seed=0):
    """The overlaps of tags and the cosines of some candidates."""
    return np.random.default_rng(seed).random((2, rows, count))


def test_features_by_hand():
    tags, text = np.array([[0.0, 0.98]]), np.array([[0.5, 0.9]])
    np.testing.assert_allclose(pair_features(tags, text), [[[1, 0, 0.5, np.log(0.02)], [1, 0.98, 0.9, 0]]])
    sure = 1 / (1 + np.exp(-(START[0] + START[1] * 0.98 + START[2] * 0.9)))
    assert confidences(tags, text, START)[0, 1] == round(sure, 4)


@given(st.integers(0, 2**32 - 1), st.integers(0, 4))
@settings(max_examples=30, deadline=None)
def test_sharing_a_tag_by_sets(seed, count):
    rng = np.random.default_rng(seed)
    carried = rng.random((8, 4)) < 0.4
    rows, found = rng.permutation(8)[:5], rng.integers(NOBODY, 8, (5, count))
    carriers = sparse.csr_matrix(carried.astype(float))
    shared = share_a_tag(carriers[rows], carriers, found)
    both = both_tagged(carriers[rows], carriers, found)
    assert shared.shape == both.shape == found.shape
    for place in np.ndindex(found.shape):
        mine, other = carried[rows[place[0]]], found[place]
        assert shared[place] == (other != NOBODY and (mine & carried[other]).any())
        assert both[place] == (other != NOBODY and mine.any() and carried[other].any())


def test_what_is_learned_from():
    tags, text = np.array([0.0, 0.1, 0.4]), np.array([0.9, 0.8, 0.7])
    features, labels, counts = pairs_to_learn(tags, text, np.array([1.0, 0, 1]), np.array([0, 0, HALF_LIFE]))
    np.testing.assert_array_equal(features, pair_features(tags, text))
    assert labels.tolist() == [1, 0, 1]
    assert counts.tolist() == [1, 1, 0.5]
    assert features.shape == (3, len(START))
    assert pairs_to_learn(*np.zeros((4, 0)))[0].shape == (0, len(START))


def test_learned_confidences_are_calibrated():
    tags, text = made_up_parts(400, 10)
    truth = 1 / (1 + np.exp(-pair_features(tags, text) @ [-1, 3, -2, 0.5]))
    labels = np.random.default_rng(1).random(truth.shape) < truth
    weights = fit_confidence(
        pair_features(tags, text).reshape(-1, 4), labels.ravel().astype(float), np.ones(labels.size)
    )
    sure = confidences(tags, text, weights)
    assert calibration_error(sure.ravel(), labels.ravel()) < 0.02
    assert np.abs(sure - truth).max() < 0.1


def test_pairs_of_newer_articles_count_more():
    tags, text = made_up_parts(400, 10)
    features = pair_features(tags, text).reshape(-1, 4)
    labels = (np.arange(4000) < 2000).astype(float)  # articles of the first half share, the others do not
    newer = np.where(labels > 0, 1.0, 0.01)
    assert confidences(tags, text, fit_confidence(features, labels, newer)).mean() > 0.9
    assert confidences(tags, text, fit_confidence(features, labels, np.ones(4000))).mean() == pytest.approx(
        0.5, abs=0.02
    )


@pytest.mark.parametrize("label", [0.0, 1.0])
def test_labels_that_are_all_alike_stay_finite(label):
    tags, text = made_up_parts(20, 10)
    weights = fit_confidence(pair_features(tags, text).reshape(-1, 4), np.full(200, label), np.ones(200))
    assert np.isfinite(weights).all()
    assert np.abs(confidences(tags, text, weights) - label).max() < 0.2
