import numpy as np
import pytest
from scipy.spatial.distance import pdist, squareform
from sklearn.manifold import TSNE
from sklearn.manifold._t_sne import _joint_probabilities, _joint_probabilities_nn, _kl_divergence
from sklearn.neighbors import NearestNeighbors

from tests.transforms.records_by_hand import random_unit, unit
from transforms.numerics import tsne
from transforms.numerics.tsne import conditional_probabilities, fit_tsne, gradient, joint_probabilities, place_beside


def divergence(points, joint):
    """The Kullback-Leibler divergence as its definition has it, in float64."""
    weights = 1 / (1 + squareform(pdist(points, "sqeuclidean")))
    np.fill_diagonal(weights, 0)
    shares = weights / weights.sum()
    pairs = ~np.eye(len(points), dtype=bool)
    return (joint[pairs] * np.log(joint[pairs] / shares[pairs])).sum()


@pytest.mark.parametrize("rows", [7, 40, 91])
def test_where_all_are_near_probabilities_are_those_of_all_pairs(rows):
    vectors, perplexity = random_unit(rows, 6), (rows - 1) / 3
    expected = squareform(_joint_probabilities(squareform(pdist(vectors, "sqeuclidean")), perplexity, 0))
    np.testing.assert_allclose(joint_probabilities(vectors, perplexity), expected, atol=1e-5 / rows)


def test_elsewhere_they_are_those_of_the_nearest():
    vectors, perplexity = random_unit(120, 6), 7.0
    graph = NearestNeighbors(n_neighbors=22).fit(vectors).kneighbors_graph(mode="distance")
    graph.data **= 2
    expected = _joint_probabilities_nn(graph, perplexity, 0).toarray()
    found = joint_probabilities(vectors, perplexity)
    np.testing.assert_allclose(found, expected, atol=1e-7)
    assert found.sum() == pytest.approx(1, abs=1e-5)


@pytest.mark.parametrize("scale", [1e-3, 1.0, 1e3])
def test_every_row_has_the_entropy_that_was_asked_for(scale):
    distances = (np.random.default_rng(1).random((30, 16)) * scale).astype(np.float32)
    probable = conditional_probabilities(distances, 5.0).astype(np.float64)
    np.testing.assert_allclose(-(probable * np.log(np.maximum(probable, 1e-300))).sum(axis=1), np.log(5), atol=1e-4)


def test_copies_take_each_other_for_neighbours():
    vectors = np.repeat(random_unit(4, 5), 12, axis=0)
    joint = joint_probabilities(vectors, 6.0)
    groups = np.repeat(np.arange(4), 12)
    assert joint[groups[:, None] == groups].sum() == pytest.approx(1, abs=1e-4)


@pytest.mark.parametrize("tile", [1, 100, 1 << 17])
@pytest.mark.parametrize("spread", [1e-4, 1.0, 30.0])
def test_the_gradient_is_the_slope_of_the_divergence(monkeypatch, spread, tile):
    monkeypatch.setattr(tsne, "TILE", tile)
    joint = joint_probabilities(random_unit(20, 6), 5.0)
    points = np.random.default_rng(2).normal(scale=spread, size=(20, 2))
    step = min(spread / 100, 1e-3)
    expected, wide = np.zeros_like(points), joint.astype(np.float64)
    for place in np.ndindex(points.shape):
        moved = np.zeros_like(points)
        moved[place] = step
        rise = divergence(points + moved, wide) - divergence(points - moved, wide)
        expected[place] = rise / (2 * step)
    np.testing.assert_allclose(gradient(points, joint), expected, rtol=1e-3, atol=1e-4 * np.abs(expected).max())


def test_the_gradient_is_that_of_another_hand_where_the_map_is_wide():
    joint = joint_probabilities(random_unit(200, 6), 20.0)
    points = np.random.default_rng(3).normal(scale=40, size=(200, 2))
    pairs = squareform(joint.astype(np.float64), checks=False)
    _, expected = _kl_divergence(points.ravel(), pairs, 1, 200, 2)
    expected = expected.reshape(-1, 2)
    np.testing.assert_allclose(gradient(points, joint), expected, atol=1e-3 * np.abs(expected).max())


def test_a_map_diverges_no_more_than_another_hand_s():
    rng = np.random.default_rng(4)
    vectors = unit(np.repeat(np.eye(6, 12), 20, axis=0) + 0.2 * rng.standard_normal((120, 12)))
    start = 1e-4 * rng.standard_normal((120, 2))
    joint = joint_probabilities(vectors, 15.0).astype(np.float64)
    other = TSNE(perplexity=15, init=start.astype(np.float32), max_iter=500, method="exact").fit_transform(vectors)
    ours = fit_tsne(vectors, start, 15.0, 500)
    assert divergence(ours, joint) < 1.05 * divergence(other.astype(np.float64), joint)


@pytest.mark.parametrize("rows", [1, 7, 39])
def test_neighbours_are_the_same_however_many_rows_are_looked_at_at_a_time(monkeypatch, rows):
    vectors = random_unit(40, 6)
    expected = joint_probabilities(vectors, 5.0)
    monkeypatch.setattr(tsne, "ROWS", rows)
    np.testing.assert_allclose(joint_probabilities(vectors, 5.0), expected, atol=1e-6)


@pytest.mark.parametrize("rows", [3, 2_000])
def test_rows_are_placed_among_their_nearest_landmarks(monkeypatch, rows):
    monkeypatch.setattr(tsne, "ROWS", rows)
    groups = np.repeat(np.arange(3), 30)
    vectors = unit(np.eye(3)[groups] + np.random.default_rng(4).normal(scale=0.05, size=(90, 3)))
    landmarks = np.flatnonzero(np.arange(90) % 2)
    corners = np.array([[0.0, 0], [10, 0], [0, 10]])
    placed = corners[groups[landmarks]] + np.random.default_rng(5).uniform(0, 1, (45, 2))
    places = place_beside(vectors, landmarks, placed)
    np.testing.assert_array_equal(places[landmarks], placed)
    assert ((places >= corners[groups]) & (places <= corners[groups] + 1)).all()


def test_a_start_that_is_a_map_is_refined():
    vectors = random_unit(80, 6)
    start = np.random.default_rng(7).normal(scale=1e-4, size=(80, 2))
    joint = joint_probabilities(vectors, 10.0)
    drawn = fit_tsne(vectors, start, 10.0, 150)
    refined = fit_tsne(vectors, drawn, 10.0, 60, exaggerated=0)
    assert divergence(refined, joint) < divergence(drawn, joint)
