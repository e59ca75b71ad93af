import contextlib
import importlib.util
import itertools

import apache_beam as beam
import numpy as np
import pytest
from apache_beam.testing.util import assert_that, equal_to
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.manifold import trustworthiness

from tests.transforms.records_by_hand import articles, block, called, random_unit, unit
from transforms.previous import NO_PREVIOUS, PreviousRun
from transforms.results import MapPoint
from transforms.sampling import hash64, sampled
from transforms.themes import map as maps
from transforms.themes.clusters import ClusterModel
from transforms.themes.map import (
    Earlier,
    Located,
    ProjectArticles,
    draw_maps,
    find_earlier,
    framed,
    in_frame,
    locate,
    project_pca,
    project_tsne,
    project_umap,
    sample_by_cluster,
)

NEEDS_UMAP = pytest.mark.skipif(importlib.util.find_spec("umap") is None, reason="umap-learn is not installed")
METHODS = [project_pca, project_tsne, pytest.param(project_umap, marks=NEEDS_UMAP)]


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


def test_of_equal_loadings_the_first_is_positive():
    for first, second in itertools.combinations(range(8), 2):
        axis = project_pca(np.eye(8)[[first, second]])[:, 0]
        np.testing.assert_allclose(axis, [0.5**0.5, -(0.5**0.5)], atol=1e-9)


def test_neighbours_are_kept_better_than_by_principal_components():
    rng = np.random.default_rng(2)
    vectors = unit(np.repeat(np.eye(10, 16), 15, axis=0) + 0.15 * rng.standard_normal((150, 16)))
    tsne, pca = (trustworthiness(vectors, framed(method(vectors)), n_neighbors=5) for method in METHODS[1::-1])
    assert tsne > 0.9 > pca


def test_a_map_of_many_keeps_nearly_as_many_neighbours(monkeypatch):
    vectors = unit(random_unit(20, 30)[np.arange(600) % 20] + 0.3 * random_unit(600, 30, seed=1))
    plain = trustworthiness(vectors, framed(project_tsne(vectors)), n_neighbors=5)
    monkeypatch.setattr(maps, "LANDMARKS", 200)
    assert trustworthiness(vectors, framed(project_tsne(vectors)), n_neighbors=5) > plain - 0.02


@pytest.mark.parametrize("method", METHODS[1:])
def test_groups_that_lie_apart_stay_apart(method):
    vectors, groups = three_groups()
    points = framed(method(vectors))
    means = np.array([points[groups == group].mean(axis=0) for group in range(3)])
    distances = np.linalg.norm(points[:, None] - means[None], axis=2)
    assert np.array_equal(distances.argmin(axis=1), groups)


@pytest.mark.parametrize("method", METHODS)
def test_the_same_vectors_give_the_same_points(method):
    vectors, _ = three_groups(8)
    np.testing.assert_array_equal(method(vectors), method(vectors))


@pytest.mark.parametrize("method", METHODS)
def test_vectors_of_one_dimension_have_places_too(method):
    points = framed(method(unit([[1], [-1]] * 6)))
    assert np.isfinite(points).all()


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("rows", range(8))
def test_few_articles_have_places_too(method, rows):
    points = framed(method(random_unit(8, 4)[:rows]))
    assert points.shape == (rows, 2)
    assert np.isfinite(points).all()


@pytest.mark.parametrize("method", METHODS)
def test_articles_all_alike_stand_in_one_place(method):
    points = framed(method(np.tile(unit([[1, 2, 3]]), (12, 1))))
    assert np.array_equal(points, np.zeros((12, 2)))


def test_a_frame_is_centred_and_reaches_one():
    points = framed(np.array([[0.0, 5.0], [4.0, 6.0], [2.0, 5.5]]))
    assert points.tolist() == [[-1.0, -0.25], [1.0, 0.25], [0.0, 0.0]]


def kept_of(sizes, limit):
    """How many rows of each cluster a sample of clusters of these sizes holds."""
    clusters = np.repeat(np.arange(len(sizes)), sizes).tolist()
    kept = [clusters[row] for row in sample_by_cluster([f"id{row}" for row in range(len(clusters))], clusters, limit)]
    return [kept.count(cluster) for cluster in range(len(sizes))]


def test_a_sample_keeps_the_shares_by_largest_remainder():
    assert kept_of([5, 3, 2], 7) == [4, 2, 1]  # shares 3.5, 2.1, 1.4: the seventh row goes to the first
    assert kept_of([3, 5, 2], 7) == [2, 4, 1]
    assert kept_of([5, 5], 5) == [3, 2]  # shares 2.5 and 2.5: the first of equals
    assert kept_of([4, 7, 1], 4) == [1, 2, 1]  # shares 4/3, 7/3, 1/3: the last keeps its one
    assert kept_of([6, 3, 1], 5) == [3, 1, 1]  # shares 3, 1.5, 0.5: the last takes what is left


def test_remainders_that_are_equal_are_so_to_the_last_bit():
    # 14/3, 11/3, 5/3: as floating point numbers their remainders differ.
    assert kept_of([14, 11, 5], 10) == [5, 4, 1]
    assert kept_of([5, 11, 14], 10) == [2, 4, 4]


@settings(deadline=None)
@given(st.lists(st.integers(20, 60), min_size=1, max_size=8), st.integers(20, 400))
def test_each_of_large_clusters_keeps_its_share_to_a_row(sizes, limit):
    limit = max(min(limit, sum(sizes)), -(-sum(sizes) // min(sizes)))
    for size, kept in zip(sizes, kept_of(sizes, limit), strict=True):
        assert abs(kept - size * limit / sum(sizes)) < 1


def test_a_sample_depends_on_ids_and_not_on_rows():
    ids = [f"id{row}" for row in range(30)]
    clusters = [0] * 20 + [1] * 10
    forwards = {ids[row] for row in sample_by_cluster(ids, clusters, 12)}
    backwards = {ids[::-1][row] for row in sample_by_cluster(ids[::-1], clusters[::-1], 12)}
    assert forwards == backwards
    least = sorted(ids[:20], key=lambda id_: hash64(f"map:{id_}"))[:8]
    assert forwards & set(ids[:20]) == set(least) != set(ids[:8])


@settings(deadline=None)
@given(st.lists(st.integers(0, 5), min_size=1, max_size=60), st.integers(6, 30))
def test_a_sample_has_its_size_and_every_cluster(clusters, limit):
    ids = [f"id{row}" for row in range(len(clusters))]
    chosen = sample_by_cluster(ids, clusters, limit)
    assert chosen == sorted(set(chosen))
    assert {clusters[row] for row in chosen} == set(clusters)
    assert len(chosen) == min(limit, len(clusters))


def test_the_largest_clusters_make_room_for_the_smallest():
    assert kept_of([900] + [1] * 40, 500) == [460] + [1] * 40


def test_more_clusters_than_the_limit_keep_one_row_each():
    clusters = list(range(20)) * 2
    kept = [clusters[row] for row in sample_by_cluster([f"id{row}" for row in range(40)], clusters, 10)]
    assert sorted(kept) == list(range(20))


def test_parts_in_any_order_give_the_same_map():
    vectors, groups = three_groups(4)
    ids = [f"a{row:02}" for row in range(12)]
    rows = [[0, 5, 11], [1, 2, 3, 4], [6, 7, 8, 9, 10]]
    parts = [Located(tuple(ids[row] for row in of), vectors[of], tuple(groups[of].tolist())) for of in rows]
    maps = [list(draw_maps(order, ("pca", "tsne"))) for order in itertools.permutations(parts)]
    assert all(points == maps[0] for points in maps)
    assert [point.id for point in maps[0]] == ids * 2
    assert [point.method for point in maps[0]] == ["pca"] * 12 + ["tsne"] * 12


def test_a_map_of_too_many_articles_shows_a_sample_of_them():
    vectors, groups = three_groups(4)
    ids = tuple(f"a{row:02}" for row in range(12))
    parts = [Located(ids, vectors, tuple(groups.tolist()))]
    whole = {point.id: point for point in draw_maps(parts, ("pca",))}
    sample = list(draw_maps(parts, ("pca",), limit=6))
    shown = [ids.index(point.id) for point in sample]
    assert np.bincount(groups[shown]).tolist() == [2, 2, 2]
    expected = framed(project_pca(vectors[shown])).tolist()
    assert (
        [[point.x, point.y] for point in sample] == expected != [[whole[ids[at]].x, whole[ids[at]].y] for at in shown]
    )


def test_an_article_without_a_vector_has_no_place():
    model = ClusterModel(unit([[1, 0], [0, 1]]), (1, 2), called("a", "b"))
    located = locate(block(articles([], [], []), [[1, 0], [0, 0], [0, 1]]), model, total=3)
    assert (located.ids, located.clusters) == (("a0", "a2"), (0, 1))
    assert list(draw_maps([], ("pca",))) == []


def test_of_a_large_corpus_a_sample_is_located():
    model = ClusterModel(unit([[1, 0], [0, 1]]), (1, 2), called("a", "b"))
    posts, vectors = articles(*[[]] * 60), random_unit(60, 2)
    located = locate(block(posts, vectors), model, total=60, limit=20)
    rows = [row for row, post in enumerate(posts) if sampled(post.id, 60, 20)]
    assert 0 < len(rows) < 60
    assert located.ids == tuple(posts[row].id for row in rows)
    np.testing.assert_array_equal(located.vectors, vectors[rows])
    assert len(locate(block(posts, vectors), model, total=60, limit=60).ids) == 60


@contextlib.contextmanager
def points_of(methods):
    """What ProjectArticles makes of two blocks, in a pipeline that runs at the end of the body."""
    model = ClusterModel(unit([[1, 0], [0, 1]]), (1, 2), called("a", "b"))
    posts = articles([], [], [])
    blocks = [block(posts[:2], [[1, 0], [0, 0]]), block(posts[2:], [[0, 1]])]
    with beam.Pipeline(runner="FnApiRunner") as pipeline:
        side = beam.pvalue.AsSingleton(pipeline | "Model" >> beam.Create([model]))
        files = beam.pvalue.AsSingleton(pipeline | "Files" >> beam.Create([3]))
        no_previous = beam.pvalue.AsSingleton(pipeline | "Previous" >> beam.Create([NO_PREVIOUS]))
        yield pipeline | "Blocks" >> beam.Create(blocks) | ProjectArticles(methods, side, files, no_previous)


def test_blocks_become_points():
    with points_of(("pca",)) as points:
        assert_that(points, equal_to([MapPoint("a0", "pca", 1.0, 0.0), MapPoint("a2", "pca", -1.0, 0.0)]))


def test_no_method_takes_nothing_from_the_blocks(monkeypatch):
    monkeypatch.setattr("transforms.themes.map.locate", None)
    with points_of(()) as points:
        assert_that(points, equal_to([]))


def grown(old=120, new=8):
    """Vectors in ten groups, and the rows of those that were there before."""
    groups = np.arange(old + new) % 10
    vectors = unit(np.eye(10, 16)[groups] + 0.15 * np.random.default_rng(4).standard_normal((old + new, 16)))
    return vectors, np.arange(old)


def test_a_map_that_grows_stays_as_it_is_and_keeps_neighbours_as_well():
    vectors, rows = grown()
    before = framed(project_tsne(vectors[rows]))
    after = in_frame(project_tsne(vectors, Earlier(rows, before)))
    anew = framed(project_tsne(vectors))
    moved = np.median(np.linalg.norm(after[rows] - before, axis=1))
    assert moved < 0.15 < np.median(np.linalg.norm(anew[rows] - before, axis=1))
    kept = [trustworthiness(vectors, points, n_neighbors=5) for points in (after, anew)]
    assert kept[0] > kept[1] - 0.02
    assert trustworthiness(vectors, after, n_neighbors=5) > 0.9


def test_principal_components_keep_their_signs():
    rows, scales = np.arange(120), [3, 2, 0.5, 0.5]
    vectors = unit(random_unit(128, 4) * scales)
    points = project_pca(vectors)
    for signs in itertools.product((1, -1), repeat=2):
        before = framed(project_pca(vectors[rows])) * signs
        after = project_pca(vectors, Earlier(rows, before))
        assert np.array_equal(np.abs(after), np.abs(points))
        assert np.median(np.linalg.norm(framed(after)[rows] - before, axis=1)) < 0.1


def test_principal_components_that_spread_alike_do_not_change_places():
    rng = np.random.default_rng(5)
    spread, changed = (rng.standard_normal((200, 5)) for _ in range(2))
    before = np.linalg.qr(spread - spread.mean(axis=0))[0] * [3, 2, 1.95, 1, 1]
    after = before * [1, 1, 1.1, 1, 1] + 0.001 * changed
    rows, places = np.arange(200), framed(project_pca(before))
    moved = framed(project_pca(after, Earlier(rows, places))) - places
    assert np.median(np.linalg.norm(moved, axis=1)) < 0.05
    assert np.median(np.linalg.norm(framed(project_pca(after)) - places, axis=1)) > 0.2
    much = before * [1, 1, 1.2, 1, 1]  # it now spreads them far more
    expected = np.abs(framed(project_pca(much)))
    np.testing.assert_allclose(np.abs(framed(project_pca(much, Earlier(rows, places)))), expected, atol=1e-3)


@pytest.mark.parametrize("method", METHODS)
def test_a_map_goes_on_from_places_that_tell_nothing(method):
    vectors, rows = grown(40, 4)
    for places in (np.zeros((40, 2)), np.tile([[1.0, -1.0]], (40, 1)), np.random.default_rng(0).random((40, 2))):
        assert np.isfinite(method(vectors, Earlier(rows, places))).all()
    assert method(np.tile(unit([[1, 2, 3]]), (12, 1)), Earlier(np.arange(5), np.ones((5, 2)))).shape == (12, 2)


def test_points_that_were_laid_onto_a_map_are_framed_only_where_they_must_be():
    assert in_frame(np.array([[0.95, 0.1], [-0.2, 0.3]])).tolist() == [[0.95, 0.1], [-0.2, 0.3]]
    assert in_frame(np.array([[2.0, 0.5], [-1.0, 0.0]])).tolist() == [[1.0, 0.25], [-0.5, 0.0]]
    assert in_frame(np.array([[0.5, 0.5], [0.1, 0.5]])).tolist() == [[1.0, 0.0], [-1.0, 0.0]]
    assert in_frame(np.zeros((0, 2))).shape == (0, 2)


def test_too_few_posts_that_were_there_are_no_earlier_map():
    ids, places = list("abcdefgh"), dict.fromkeys("zhgfd", (0.0, 0.1))
    assert find_earlier(ids, places) is None
    earlier = find_earlier(ids, places | {"a": (1.0, 0.5)})
    assert earlier.rows.tolist() == [0, 3, 5, 6, 7]
    assert earlier.places.tolist() == [[1.0, 0.5], *[[0.0, 0.1]] * 4]


def test_each_map_goes_on_from_its_own_places():
    vectors, _ = grown(40, 4)
    ids = tuple(f"a{row:02}" for row in range(44))
    parts = [Located(ids[at::3], vectors[at::3], tuple(0 for _ in ids[at::3])) for at in range(3)]
    first = list(draw_maps(parts, ("pca", "tsne")))
    places = {method: {p.id: (-p.x, p.y) for p in first if p.method == method} for method in ("pca", "tsne")}
    again = list(draw_maps(parts, ("pca", "tsne"), previous=PreviousRun("0" * 64, points=places)))
    assert [(p.id, p.method) for p in again] == [(p.id, p.method) for p in first]
    assert np.median([abs(p.x - places[p.method][p.id][0]) for p in again]) < 0.1
    assert list(draw_maps(parts[::-1], ("pca", "tsne"), previous=PreviousRun("0" * 64, points=places))) == again
