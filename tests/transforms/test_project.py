import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.transforms.records_by_hand import articles, block, random_unit, unit
from transforms.clusters import ClusterModel
from transforms.project import (
    Located,
    draw_maps,
    framed,
    locate,
    project_pca,
    project_tsne,
    sample_by_cluster,
)


def three_groups(each=20, dim=8):
    rng = np.random.default_rng(1)
    centres = np.repeat(np.eye(3, dim), each, axis=0)
    return unit(centres + 0.05 * rng.standard_normal((3 * each, dim))), np.repeat(np.arange(3), each)


def test_principal_components_are_those_of_the_covariance():
    vectors = random_unit(40, 6)
    points = project_pca(vectors)
    centred = np.round(vectors.astype(np.float64), 5)
    centred -= centred.mean(axis=0)
    values, directions = np.linalg.eigh(centred.T @ centred)
    for axis in (0, 1):
        direction = directions[:, -1 - axis]
        direction *= np.sign(direction[np.abs(direction).argmax()])
        np.testing.assert_allclose(points[:, axis], centred @ direction, atol=1e-9)
    assert values[-1] >= values[-2]


def test_groups_that_lie_apart_stay_apart():
    vectors, groups = three_groups()
    points = framed(project_tsne(vectors))
    means = np.array([points[groups == group].mean(axis=0) for group in range(3)])
    distances = np.linalg.norm(points[:, None] - means[None], axis=2)
    assert np.array_equal(distances.argmin(axis=1), groups)


def test_the_same_vectors_give_the_same_points():
    vectors, _ = three_groups(8)
    np.testing.assert_array_equal(project_tsne(vectors), project_tsne(vectors))


@pytest.mark.parametrize("method", [project_pca, project_tsne])
@pytest.mark.parametrize("rows", range(8))
def test_few_articles_have_places_too(method, rows):
    points = framed(method(random_unit(8, 4)[:rows]))
    assert points.shape == (rows, 2)
    assert np.isfinite(points).all()


@pytest.mark.parametrize("method", [project_pca, project_tsne])
def test_articles_all_alike_stand_in_one_place(method):
    points = framed(method(np.tile(unit([[1, 2, 3]]), (12, 1))))
    assert np.array_equal(points, np.zeros((12, 2)))


def test_a_frame_is_centred_and_reaches_one():
    points = framed(np.array([[0.0, 5.0], [4.0, 6.0], [2.0, 5.5]]))
    assert points.tolist() == [[-1.0, -0.25], [1.0, 0.25], [0.0, 0.0]]


def test_a_sample_keeps_the_shares_by_largest_remainder():
    # Of 10 rows 5 are kept: shares 3, 1.5 and 0.5; the seat that is left goes to the first of the equal remainders,
    # and the smallest cluster keeps its one.
    clusters = [0] * 6 + [1] * 3 + [2]
    chosen = sample_by_cluster([f"id{row}" for row in range(10)], clusters, 5)
    kept = [clusters[row] for row in chosen]
    assert (kept.count(0), kept.count(1), kept.count(2)) == (3, 1, 1)


@given(st.lists(st.integers(0, 5), min_size=1, max_size=60), st.integers(6, 30))
def test_a_sample_has_its_size_and_every_cluster(clusters, limit):
    ids = [f"id{row}" for row in range(len(clusters))]
    chosen = sample_by_cluster(ids, clusters, limit)
    assert chosen == sorted(set(chosen))
    assert {clusters[row] for row in chosen} == set(clusters)
    assert len(chosen) == min(limit, len(clusters)) or limit < len(chosen) <= limit + len(set(clusters))


def test_parts_in_any_order_give_the_same_map():
    vectors, groups = three_groups(4)
    ids = [f"a{row:02}" for row in range(12)]
    rows = [[0, 5, 11], [1, 2, 3, 4], [6, 7, 8, 9, 10]]
    parts = [Located(tuple(ids[row] for row in of), vectors[of], tuple(groups[of].tolist())) for of in rows]
    maps = [list(draw_maps(order, ("pca", "tsne"))) for order in itertools.permutations(parts)]
    assert all(points == maps[0] for points in maps)
    assert [point.id for point in maps[0]] == ids * 2
    assert [point.method for point in maps[0]] == ["pca"] * 12 + ["tsne"] * 12


def test_an_article_without_a_vector_has_no_place():
    model = ClusterModel(unit([[1, 0], [0, 1]]), ("a", "b"), ((), ()))
    located = locate(block(articles([], [], []), [[1, 0], [0, 0], [0, 1]]), model)
    assert (located.ids, located.clusters) == (("a0", "a2"), (0, 1))
    assert list(draw_maps([], ("pca",))) == []
