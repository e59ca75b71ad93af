import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from tests.transforms.related.test_lessons import made_up_lessons
from transforms.evaluation.measures import calibration_error
from transforms.numerics.arrays import NOBODY
from transforms.related.confidence import (
    LEARNED,
    LEAST_LINKS,
    START,
    Confidence,
    both_tagged,
    chance_overlap,
    fit_by_links,
    fit_by_tags,
    fit_confidence,
    linked_pairs,
    more_than_chance,
    place_features,
    sure_of_links,
)
from transforms.related.lessons import NO_LESSONS
from transforms.related.weights import FEATURES, FOLDS, RankWeights, features_of
from transforms.results import PARTS
from transforms.tags.evidence import HALF_LIFE

ALL_PARTS = frozenset(PARTS)
EVERYTHING = features_of(ALL_PARTS)
EVEN = RankWeights(np.ones((FOLDS, len(FEATURES))))
NO_PAIRS = (np.zeros((0, 3)), *np.zeros((2, 0)), np.zeros(0, np.int64))


def made_up_scores(rows, count, seed=0):
    """The scores of some candidates, the best first."""
    return -np.sort(-np.random.default_rng(seed).random((rows, count)), axis=1)


def made_up_pairs(rows=500, seed=1):
    """Pairs that share, by their scores and places, as weights would have it: as `fit_by_tags` takes them."""
    rng, features = np.random.default_rng(seed), place_features(made_up_scores(rows, 10))
    truth = 1 / (1 + np.exp(-features @ [-3, 4, 0.5]))
    labels = (rng.random(truth.shape) < truth).astype(float)
    keys = np.repeat(np.arange(rows), 10)
    return features.reshape(-1, 3), labels.ravel(), np.zeros(10 * rows), keys, truth


def test_features_by_hand():
    features = place_features(np.array([[0.9, 0.5]]))
    np.testing.assert_allclose(features, [[[1, 0.9, 0], [1, 0.5, -np.log(2)]]])
    sure = 1 / (1 + np.exp(-(START[0] + START[1] * 0.5 - START[2] * np.log(2))))
    assert Confidence("tags", np.tile(START, (FOLDS, 1)))(np.array([[0.9, 0.5]]), np.array([7]))[0, 1] == round(sure, 4)


@given(st.integers(0, 2**32 - 1), st.integers(1, 12))
@settings(max_examples=30, deadline=None)
def test_the_confidence_falls_as_the_list_goes_on(seed, count):
    labels = np.random.default_rng(seed).random(50 * count) < 0.3
    features = place_features(made_up_scores(50, count, seed))
    keys = np.repeat(np.arange(50), count)
    confidence = fit_by_tags(features.reshape(-1, 3), labels.astype(float), np.zeros(len(keys)), keys)
    assert (np.diff(confidence(made_up_scores(9, 30, seed), np.arange(9)), axis=1) <= 0).all()


@given(st.integers(0, 2**32 - 1), st.integers(0, 4))
@settings(max_examples=30, deadline=None)
def test_sharing_more_than_chance_by_sets(seed, count):
    rng = np.random.default_rng(seed)
    carried, weights, chance = rng.random((8, 4)) < 0.4, rng.random(4) + 0.5, rng.random() / 2
    rows, found = rng.permutation(8)[:5], rng.integers(NOBODY, 8, (5, count))
    carriers = sparse.csr_matrix(carried.astype(float))
    shared = more_than_chance(carriers[rows], carriers, found, weights, chance)
    both = both_tagged(carriers[rows], carriers, found)
    assert shared.shape == both.shape == found.shape
    for place in np.ndindex(found.shape):
        mine, other = carried[rows[place[0]]], found[place]
        total = weights @ mine + weights @ carried[other]
        overlap = 2 * weights @ (mine & carried[other]) / total if total else 0
        assert shared[place] == (other != NOBODY and round(overlap, 4) > round(chance, 4))
        assert both[place] == (other != NOBODY and mine.any() and carried[other].any())


def test_what_two_share_by_chance():
    # each has x and one of two others: two have x in common, and half of them another
    assert chance_overlap(np.array([4, 2, 2]), 4, np.ones(3)) == pytest.approx((1 + 0.25 + 0.25) / 2)
    assert chance_overlap(np.zeros(0, np.int64), 0, np.zeros(0)) == 0
    rng = np.random.default_rng(0)
    carried, weights = rng.random((500, 30)) < 0.2, rng.random(30) + 0.5
    one, other = carried[rng.integers(0, 500, (2, 20_000))]
    mean = (2 * (one & other) @ weights).mean() / (one @ weights + other @ weights).mean()
    assert chance_overlap(carried.sum(axis=0), 500, weights) == pytest.approx(mean, abs=0.01)


def test_learned_confidences_are_calibrated_out_of_fold():
    *pairs, truth = made_up_pairs()
    confidence = fit_by_tags(*pairs)
    assert confidence.of == "tags"
    sure = confidence(made_up_scores(500, 10), np.arange(500))
    assert calibration_error(sure.ravel(), pairs[1].astype(bool)) < 0.03
    assert np.abs(sure - truth).max() < 0.1
    pairs[1][pairs[3] % FOLDS == 3] = 1
    changed = fit_by_tags(*pairs).by_fold
    assert changed[3].tolist() == confidence.by_fold[3].tolist()
    assert changed[2].tolist() != confidence.by_fold[2].tolist()


def test_pairs_of_newer_articles_count_more():
    features, _, _, keys, _ = made_up_pairs(400)
    labels = (np.arange(4000) < 2000).astype(float)  # articles of the first half share, the others do not
    scores = made_up_scores(400, 10)
    later = np.where(labels > 0, 0, 10 * HALF_LIFE)
    assert fit_by_tags(features, labels, later, keys)(scores, np.arange(400)).mean() > 0.9
    even = fit_by_tags(features, labels, np.zeros(4000), keys)
    assert even(scores, np.arange(400)).mean() == pytest.approx(0.5, abs=0.05)


@pytest.mark.parametrize("label", [0.0, 1.0])
def test_labels_that_are_all_alike_stay_finite(label):
    features, _, later, keys, _ = made_up_pairs(20)
    confidence = fit_by_tags(features, np.full(200, label), later, keys)
    assert np.isfinite(confidence.by_fold).all()
    assert np.abs(confidence(made_up_scores(20, 10), np.arange(20)) - label).mean() < 0.2


def linked_lessons(rows=300):
    """Lessons whose authors link to what scores high."""
    lessons = made_up_lessons(rows, 30, 0.0)
    scores = lessons.features.mean(axis=2)
    lessons.linked[:] = np.random.default_rng(3).random(scores.shape) < np.clip(2 * (scores - 0.55), 0, 1)
    return lessons


def test_pairs_that_authors_chose_from_are_ranked():
    lessons = linked_lessons(40)
    features, chosen, offered, keys = linked_pairs(lessons, EVEN, EVERYTHING)
    assert features.shape == (len(keys), LEARNED, 3)
    row_of = {key: row for row, key in enumerate(lessons.keys.tolist())}
    for row, key in enumerate(keys.tolist()):
        of = row_of[key]
        scores = np.round(lessons.features[of].mean(axis=1), 4)
        known = np.flatnonzero(lessons.offered[of]).tolist()
        order = sorted(known, key=lambda at, of=of, scores=scores: (-scores[at], lessons.found[of, at]))[:LEARNED]
        assert features[row, : len(order), 1] == pytest.approx(scores[order])
        assert chosen[row, : len(order)].tolist() == lessons.chosen[of, order].tolist()
        assert offered[row].sum() == len(order)


def test_what_authors_would_link_is_calibrated():
    sure, chosen = sure_of_links(linked_lessons(), EVEN, EVERYTHING, 4)
    assert len(sure) > 700
    assert calibration_error(sure, chosen) < 0.05
    assert fit_by_links(linked_lessons(), EVEN, EVERYTHING).of == "link"


def test_of_few_links_nothing_is_said():
    few = made_up_lessons(40, 9, 0.05)
    assert 0 < np.count_nonzero(few.chosen) < LEAST_LINKS
    assert fit_by_links(few, EVEN, EVERYTHING) is None
    assert [len(of) for of in sure_of_links(few, EVEN, EVERYTHING, 4)] == [0, 0]


def test_links_are_asked_first_and_tags_where_these_say_anything():
    *pairs, _ = made_up_pairs(50)
    of = [fit_confidence(ALL_PARTS, lessons, EVEN, pairs).of for lessons in (linked_lessons(), NO_LESSONS)]
    assert of == ["link", "tags"]
    own_tags = frozenset({"text", "tags"})
    assert fit_confidence(own_tags, NO_LESSONS, EVEN, pairs) is None
    assert fit_confidence(own_tags, linked_lessons(), EVEN, pairs).of == "link"
    assert fit_confidence(ALL_PARTS, NO_LESSONS, EVEN, NO_PAIRS) is None
