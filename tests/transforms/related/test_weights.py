import numpy as np
import pytest

from tests.transforms.related.test_lessons import made_up_lessons
from transforms.related.lessons import NO_LESSONS
from transforms.related.weights import (
    DATES,
    DETAIL,
    FEATURES,
    FOLDS,
    LEAST_LINKS,
    LINKS,
    PRIOR,
    SCALES,
    TAGS,
    TEXT,
    TITLES,
    TRUST,
    RankWeights,
    features_of,
    fit_rank_weights,
)
from transforms.results import PARTS, RECENT

ALL_PARTS = frozenset(PARTS)


def shares_of(values):
    return values / values.sum()


def linked_by(feature, rows=400, seed=0):
    """Lessons of a blog that links to what is highest by a feature."""
    lessons = made_up_lessons(rows, 20, 0.0, seed)
    lessons.linked[np.arange(rows), np.where(lessons.offered, lessons.features[:, :, feature], -1).argmax(axis=1)] = (
        True
    )
    return lessons


@pytest.mark.parametrize(
    ("parts", "used"),
    [
        ({"text"}, {"text"}),
        ({"text", RECENT}, {"text"}),
        ({"text", "dates"}, {"text", "detail", "dates"}),
        ({"learned"}, {"tags"}),
        ({"tags", "titles"}, {"tags", "titles"}),
        (PARTS, set(FEATURES)),
    ],
)
def test_features_of_parts(parts, used):
    assert {name for name, here in zip(FEATURES, features_of(frozenset(parts)), strict=True) if here} == used


def test_where_nothing_is_known_the_prior_counts_in_usual_deviations():
    by_fold = fit_rank_weights(NO_LESSONS, ALL_PARTS).by_fold
    np.testing.assert_allclose(by_fold, np.tile(shares_of(PRIOR / SCALES), (FOLDS, 1)), atol=1e-4)
    alone = fit_rank_weights(NO_LESSONS, frozenset({"text"})).by_fold
    assert alone.tolist() == [[1, 0, 0, 0, 0, 0]] * FOLDS


def test_deviations_are_those_of_the_blog():
    lessons = made_up_lessons(200, 30, 0.0)
    lessons.features[:, :, DATES] *= 0.1
    lessons.features[:, :, TAGS] = 0.5
    scales = (200 * lessons.spreads() + TRUST * SCALES) / (200 + TRUST)
    expected = shares_of(np.where(np.arange(6) == TAGS, 0, PRIOR) / scales)
    np.testing.assert_allclose(fit_rank_weights(lessons, ALL_PARTS).by_fold[0], expected, atol=1e-4)


@pytest.mark.parametrize("feature", [TITLES, DATES, LINKS])
def test_links_teach_what_a_blog_links_by(feature):
    lessons = linked_by(feature)
    taught, untaught = (fit_rank_weights(lessons, ALL_PARTS - off).by_fold for off in (set(), {"links"}))
    if feature != LINKS:
        shares = taught[:, feature] / taught[:, TEXT], untaught[:, feature] / untaught[:, TEXT]
        assert (shares[0] > 1.2 * shares[1]).all()
    others = fit_rank_weights(made_up_lessons(400, 20, 0.0), ALL_PARTS).by_fold
    assert (taught[:, feature] > 1.2 * others[:, feature]).all()


def test_what_posts_are_about_counts_the_same_on_every_blog():
    prior, taught = (fit_rank_weights(of, ALL_PARTS).by_fold for of in (made_up_lessons(400, 20, 0.0), linked_by(TAGS)))
    for feature in (DETAIL, TAGS):
        np.testing.assert_allclose(taught[:, feature] / taught[:, TEXT], prior[:, feature] / prior[:, TEXT], rtol=0.01)


def test_no_link_takes_part_in_judging_itself():
    lessons = linked_by(DATES)
    changed = linked_by(DATES)
    fold = changed.keys % FOLDS == 2
    changed.linked[fold] = changed.linked[fold][:, ::-1]
    one, other = (fit_rank_weights(of, ALL_PARTS).by_fold for of in (lessons, changed))
    assert one[2].tolist() == other[2].tolist()
    assert all(one[at].tolist() != other[at].tolist() for at in range(FOLDS) if at != 2)


def test_few_links_teach_nothing():
    lessons = linked_by(DATES)
    few = lessons.part(np.arange(LEAST_LINKS - 1))
    bare = lessons.part(np.arange(LEAST_LINKS - 1))
    bare.linked[:] = False
    assert fit_rank_weights(few, ALL_PARTS).by_fold.tolist() == fit_rank_weights(bare, ALL_PARTS).by_fold.tolist()


def test_no_feature_speaks_against_an_article():
    lessons = made_up_lessons(400, 20, 0.0)
    lessons.linked[np.arange(400), np.where(lessons.offered, lessons.features[:, :, DATES], 2).argmin(axis=1)] = True
    by_fold = fit_rank_weights(lessons, ALL_PARTS).by_fold
    assert (by_fold >= 0).all()
    assert not by_fold[:, DATES].any()


def test_weights_are_shares_of_those_in_use():
    weights = RankWeights(np.arange(30.0).reshape(FOLDS, 6))
    keys = np.array([0, 7, 2])
    used = np.array([True, False, True, False, False, True])
    shares = weights.of(keys, used)
    for row, key in enumerate(keys):
        of_fold = np.where(used, weights.by_fold[key % FOLDS], 0)
        np.testing.assert_allclose(shares[row], of_fold / of_fold.sum())
    text_alone = RankWeights(np.zeros((FOLDS, 6))).of(keys, used)
    assert text_alone.tolist() == [[1, 0, 0, 0, 0, 0]] * 3
