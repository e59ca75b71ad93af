import numpy as np
import pytest
from scipy.optimize import minimize

from tests.transforms.records_by_hand import articles, corpus_of, made_up_blog, random_unit, table_of, unit
from tests.transforms.search_by_hand import evidence_of
from transforms.evaluation.measures import calibration_error
from transforms.tags.evidence import BROAD, HALF_LIFE, START, tag_features
from transforms.tags.model import FIT_ARTICLES, FIT_PAIRS, fit_articles, fit_tag_model
from transforms.tags.statistics import tag_statistics


def fitted(posts, vectors, **noted):
    """A corpus, the evidence of all of its articles, and the model fitted to the tagged ones."""
    corpus = corpus_of(posts, vectors, **noted)
    evidence = evidence_of(corpus)
    statistics = tag_statistics(table_of(posts, vectors))
    return corpus, evidence, fit_tag_model(evidence.part(np.flatnonzero(corpus.tagged)), statistics)


def test_the_weights_are_those_that_scipy_finds():
    corpus, evidence, model = fitted(*made_up_blog(60))
    logits = []
    for row in np.flatnonzero(corpus.tagged):
        part = evidence.part(np.array([row]))
        features, known = tag_features(part, model.statistics)
        importance = 0.5 ** (part.later[0] / HALF_LIFE)
        logits += [(features[0, tag], corpus.carriers[row, tag], importance) for tag in np.flatnonzero(known[0])]
    features, labels, importance = (np.array(values) for values in zip(*logits, strict=True))
    later = evidence.later[corpus.tagged]
    importance /= np.mean(0.5 ** (later / HALF_LIFE))

    def loss(weights):
        logits = features @ weights
        surprise = np.logaddexp(0, logits) - labels * logits
        return importance @ surprise + ((weights - START) ** 2).sum() / 2

    np.testing.assert_allclose(model.weights, minimize(loss, START, tol=1e-9).x, atol=1e-3)

    def broad_loss(weights):
        return loss(np.where(BROAD, weights, 0))

    np.testing.assert_allclose(model.broad, minimize(broad_loss, START, tol=1e-9).x, atol=1e-3)


def test_probabilities_of_a_made_up_blog_are_calibrated_and_tell_tags_apart():
    corpus, evidence, model = fitted(*made_up_blog(500, seed=4))
    rows = np.flatnonzero(corpus.tagged)
    probabilities = model.probabilities(evidence.part(rows))
    carried = corpus.carriers[rows].toarray() > 0
    assert calibration_error(probabilities.ravel(), carried.ravel()) < 0.03
    assert probabilities[carried].mean() > probabilities[~carried].mean() + 0.2
    assert (np.round(probabilities, 4) == probabilities).all()


def test_only_what_others_carry_and_what_has_a_vector_is_probable():
    posts, vectors = made_up_blog(60)
    posts = [*posts[:-2], *articles(*[["only here", "t0"]] * 60)[-2:-1], *articles(*[["t0"]] * 60)[-1:]]
    vectors[5], vectors[-1] = 0, 0
    corpus, evidence, model = fitted(posts, vectors)
    probabilities = model.probabilities(evidence)
    alone = corpus.keys.index("only here")
    assert probabilities[-2, alone] == 0
    assert (probabilities[:-2, alone][vectors[:-2].any(axis=1)] > 0).all()
    assert not probabilities[[5, 59]].any()
    assert np.delete(probabilities, alone, axis=1)[vectors.any(axis=1)].all()


def test_an_article_is_judged_as_if_it_carried_nothing():
    """Its own tags count in nothing but the numbers from which they are taken out again."""
    vectors = random_unit(40, 6)
    posts = articles(*[["a"] if row % 2 else ["b"] for row in range(40)])
    corpus, evidence, model = fitted(posts, vectors)
    without_tags = corpus.without_tags(np.array([7]))
    without = articles(*[post.tags if row != 7 else [] for row, post in enumerate(posts)])
    statistics = tag_statistics(table_of(without, vectors))
    features, _ = tag_features(evidence.part(np.array([7])), model.statistics)
    expected, _ = tag_features(evidence_of(without_tags).part(np.array([7])), statistics)
    ridges = [4, 5]  # their shares keep the article's part
    np.testing.assert_allclose(np.delete(features, ridges, 2), np.delete(expected, ridges, 2), atol=1e-6)


def test_fitting_twice_gives_the_same_bytes():
    models = [fitted(*made_up_blog(80))[2] for _ in range(2)]
    assert models[0].weights.tobytes() == models[1].weights.tobytes()


def test_slices_of_articles_change_nothing(monkeypatch):
    whole = fitted(*made_up_blog(80))[2]
    monkeypatch.setattr("transforms.tags.model.AT_ONCE", 7)
    np.testing.assert_allclose(fitted(*made_up_blog(80))[2].weights, whole.weights, atol=1e-9)


@pytest.mark.parametrize("tags", [[[]] * 4, [["solo"], [], [], []]])
def test_without_anything_to_learn_the_weights_stay(tags):
    corpus, evidence, model = fitted(articles(*tags), unit(np.eye(4)))
    assert model.weights.tolist() == START.tolist()
    assert not model.probabilities(evidence)[0].any()
    assert model.probabilities(evidence).shape == (4, len(corpus.keys))


def test_fewer_articles_are_fitted_the_more_tags_there_are():
    assert fit_articles(0) == fit_articles(10) == FIT_ARTICLES
    assert fit_articles(1000) == FIT_PAIRS // 1000
