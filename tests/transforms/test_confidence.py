import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from transforms.confidence import (
    JUDGED,
    START,
    confidences,
    fit_confidence,
    pair_features,
    pairs_to_learn,
    share_a_tag,
)
from transforms.evaluation.measures import calibration_error
from transforms.learning.evidence import HALF_LIFE
from transforms.related import Ranking
from transforms.search import NOBODY


def made_up_ranking(rows, count, seed=0, articles=50):
    rng = np.random.default_rng(seed)
    found = rng.integers(0, articles, (rows, count))
    return Ranking(found, *rng.random((4, rows, count)))


def test_features_by_hand():
    zero = np.zeros((1, 2))
    ranking = Ranking(np.array([[1, 2]]), zero, text=np.array([[0.5, 0.9]]), tags=np.array([[0.0, 0.98]]), recent=zero)
    np.testing.assert_allclose(pair_features(ranking), [[[1, 0, 0.5, np.log(0.02)], [1, 0.98, 0.9, 0]]])
    sure = 1 / (1 + np.exp(-(START[0] + START[1] * 0.98 + START[2] * 0.9)))
    assert confidences(ranking, START)[0, 1] == round(sure, 4)


@given(st.integers(0, 2**32 - 1), st.integers(0, 4))
@settings(max_examples=30, deadline=None)
def test_sharing_a_tag_by_sets(seed, count):
    rng = np.random.default_rng(seed)
    carried = rng.random((8, 4)) < 0.4
    rows, found = rng.permutation(8)[:5], rng.integers(NOBODY, 8, (5, count))
    shared = share_a_tag(sparse.csr_matrix(carried.astype(float)), rows, found)
    assert shared.shape == found.shape
    for place in np.ndindex(found.shape):
        other = found[place]
        assert shared[place] == (other != NOBODY and (carried[rows[place[0]]] & carried[other]).any())


def test_what_is_learned_from():
    # The first article has no tag, nor does it teach; nobody stands for no article, the last one neither.
    carriers = sparse.csr_matrix(np.array([[0, 0], [1, 0], [1, 1], [0, 1]], float))
    rows = np.array([1, 3, 0])
    found = np.array([[2, 3, 0], [0, 2, NOBODY], [1, 2, 3]])
    tags = np.arange(9).reshape(3, 3) / 10
    later = np.array([0, HALF_LIFE, 1])
    features, labels, counts = pairs_to_learn(carriers, rows, Ranking(found, tags, tags, tags, tags), later)
    assert labels.tolist() == [1, 0, 1]
    assert counts.tolist() == [1, 1, 0.5]
    assert features[:, 1].tolist() == [0, 0.1, 0.4]


def test_the_first_candidates_are_learned_from():
    carriers = sparse.csr_matrix(np.ones((50, 1)))
    features, labels, _ = pairs_to_learn(carriers, np.arange(6), made_up_ranking(6, JUDGED + 5), np.zeros(6))
    assert (features.shape, labels.tolist()) == ((6 * JUDGED, 4), [1.0] * 6 * JUDGED)


def test_learned_confidences_are_calibrated():
    ranking = made_up_ranking(400, 10)
    truth = 1 / (1 + np.exp(-pair_features(ranking) @ [-1, 3, -2, 0.5]))
    labels = np.random.default_rng(1).random(truth.shape) < truth
    weights = fit_confidence(pair_features(ranking).reshape(-1, 4), labels.ravel().astype(float), np.ones(labels.size))
    sure = confidences(ranking, weights)
    assert calibration_error(sure.ravel(), labels.ravel()) < 0.02
    assert np.abs(sure - truth).max() < 0.1


def test_pairs_of_newer_articles_count_more():
    ranking = made_up_ranking(400, 10)
    features = pair_features(ranking).reshape(-1, 4)
    labels = (np.arange(4000) < 2000).astype(float)  # articles of the first half share, the others do not
    newer = np.where(labels > 0, 1.0, 0.01)
    assert confidences(ranking, fit_confidence(features, labels, newer)).mean() > 0.9
    assert confidences(ranking, fit_confidence(features, labels, np.ones(4000))).mean() == pytest.approx(0.5, abs=0.02)


@pytest.mark.parametrize("label", [0.0, 1.0])
def test_labels_that_are_all_alike_stay_finite(label):
    ranking = made_up_ranking(20, 10)
    weights = fit_confidence(pair_features(ranking).reshape(-1, 4), np.full(200, label), np.ones(200))
    assert np.isfinite(weights).all()
    assert np.abs(confidences(ranking, weights) - label).max() < 0.2
