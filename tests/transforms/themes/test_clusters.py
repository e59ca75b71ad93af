from dataclasses import replace

import apache_beam as beam
import numpy as np
import pytest
from apache_beam.pvalue import AsSingleton
from apache_beam.testing.util import assert_that, equal_to
from hypothesis import given
from hypothesis import strategies as st
from scipy.cluster.hierarchy import leaves_list, linkage
from scipy.spatial.distance import pdist

from tests.transforms.records_by_hand import articles, block, called, random_unit, unit
from transforms import sampling
from transforms.corpus.tag_table import sum_by_tag, tag_table
from transforms.numerics.kmeans import assign
from transforms.numerics.kmeans import fit_largest_first as fit_largest_first
from transforms.numerics.rounding import best_columns
from transforms.results import Dendrogram, Member, Merge, Neighbor, ScoredTag
from transforms.themes.clustering import AssignClusters
from transforms.themes.clusters import (
    ClusterModel,
    fit_clusters,
    make_cluster,
    nearest_members,
)
from transforms.themes.dendrogram import LinkClusters
from transforms.themes.linkage import ward_linkage
from transforms.themes.names import ClusterName


def three_groups(each=20):
    rng = np.random.default_rng(3)
    return unit(np.repeat(np.eye(3, 6), [each, each + 5, each + 9], axis=0) + rng.normal(0, 0.05, (3 * each + 14, 6)))


def test_finds_groups_largest_first():
    vectors = three_groups()
    centroids = fit_largest_first(vectors, 3)
    clusters, scores = assign(vectors, centroids)
    assert np.bincount(clusters).tolist() == [29, 25, 20]
    assert len(set(clusters[:20])) == len(set(clusters[20:45])) == 1
    np.testing.assert_allclose(np.linalg.norm(centroids, axis=1), 1, atol=1e-6)
    assert scores.min() > 0.9


def test_the_same_on_every_run():
    vectors = random_unit(300, 16)
    assert fit_largest_first(vectors, 10).tobytes() == fit_largest_first(vectors, 10).tobytes()


@pytest.mark.parametrize(
    ("vectors", "k", "expected"),
    [
        (unit([[1, 0]]), 10, 1),
        (unit([[1, 0], [0, 1]]), 10, 2),
        (unit([[1, 0]] * 5), 3, 1),
        (unit([[0, 0], [0, 1]]), 3, 1),
        (unit([[0, 0]]), 3, 1),
    ],
)
def test_clusters_are_capped_by_what_is_there(vectors, k, expected):
    assert len(fit_largest_first(vectors, k)) == expected


def test_assignment_ties_go_to_the_first():
    clusters, scores = assign(unit([[1, 1], [0, 0]]), unit([[1, 0], [0, 1]]))
    assert clusters.tolist() == [0, 0]
    assert scores.tolist() == [0.7071, 0.0]


@given(st.integers(0, 99), st.integers(2, 40), st.integers(1, 12), st.sampled_from([0.002, 0.01, 0.05]))
def test_every_cluster_has_members_largest_first_however_near_the_rows_are(seed, rows, k, width):
    angles = np.random.default_rng(seed).uniform(0, width, rows)
    vectors = unit(np.column_stack([np.cos(angles), np.sin(angles)]))
    centroids = fit_largest_first(vectors, k)
    sizes = np.bincount(assign(vectors, centroids)[0], minlength=len(centroids)).tolist()
    assert min(sizes) > 0
    assert sizes == sorted(sizes, reverse=True)


def test_rows_whose_cosines_are_equal_when_rounded_are_one_cluster():
    angles = np.array([0, 0.005, 0.01, 0.015])
    assert len(fit_largest_first(unit(np.column_stack([np.cos(angles), np.sin(angles)])), 10)) == 1


def test_without_tags_or_shared_words_a_cluster_is_named_by_its_nearest_title():
    posts = [
        replace(post, title=title) for post, title in zip(articles([], [], []), ("Kiln", "Loom", "Oven"), strict=True)
    ]
    vectors = unit([[1, 0], [0, 1], [0.1, 1]])
    model = fit_clusters(posts, vectors, tag_table({}, {}, (), 0), 2)
    assert model.called[1] == ClusterName("Kiln")
    assert model.names[0] in {"Loom", "Oven"}


def test_members_are_nearest_first_ties_by_id():
    posts = articles(["x"], ["x"])
    vectors = unit([[1, 0], [1, 0]])
    model = fit_clusters(posts, vectors, tag_table(sum_by_tag(posts, vectors), {"x": "X"}, (), 2), 1)
    members = [Neighbor("b", 0.5), Neighbor("a", 0.5), Neighbor("c", 0.9)]
    assert nearest_members(members, 2) == [Neighbor("c", 0.9), Neighbor("a", 0.5)]
    cluster = make_cluster(model, 0, nearest_members(members, None), 3)
    assert [member.id for member in cluster.members] == ["c", "a", "b"]
    assert (cluster.number, cluster.size, cluster.name) == (1, 3, "X")
    assert cluster.tags == (ScoredTag("X", 1.0),)


def test_ward_agrees_with_scipy_on_the_same_distances():
    centroids = random_unit(9, 5)
    tree = ward_linkage(centroids)
    rows = linkage(pdist(centroids.astype(np.float64), "cosine"), "ward", optimal_ordering=True)
    assert [(merge.left, merge.right, merge.size) for merge in tree.merges] == [(a, b, n) for a, b, _, n in rows]
    np.testing.assert_allclose([merge.height for merge in tree.merges], rows[:, 2], atol=2e-4)
    assert list(tree.leaf_order) == leaves_list(rows).tolist()
    assert tree.clusters == tuple(range(1, 10))


@pytest.mark.parametrize("k", [0, 1])
def test_nothing_to_link(k):
    tree = ward_linkage(random_unit(k, 3).reshape(k, 3))
    assert (tree.merges, tree.leaf_order) == ((), tuple(range(k)))


def test_a_cluster_without_members_is_neither_written_nor_linked():
    posts, vectors = articles([], [], []), unit([[1, 0.1], [0, 1], [1, 0]])
    model = ClusterModel(unit([[1, 0], [-1, 0], [0, 1]]), (1, 2, 5), called(*"abc"))
    with beam.Pipeline(runner="FnApiRunner") as pipeline:
        models = pipeline | "model" >> beam.Create([model])
        corpus_size = AsSingleton(pipeline | "size" >> beam.Create([3]))
        blocks = pipeline | "blocks" >> beam.Create([block(posts, vectors)])
        clusters, _ = blocks | AssignClusters(AsSingleton(models), corpus_size)
        numbers = clusters | beam.Map(lambda cluster: cluster.number)
        assert_that(numbers, equal_to([1, 5]), label="clusters")
        assert_that(
            models | LinkClusters(clusters),
            equal_to([Dendrogram((1, 5), (Merge(0, 1, 1.0, 2),), (0, 1))]),
            label="dendrogram",
        )


@pytest.mark.parametrize("columns", [5, 500])
def test_the_best_columns_are_those_of_a_stable_sort(columns):
    scores = np.random.default_rng(0).integers(0, 6, (20, columns)) / 10
    scores[0, :3] = -np.inf
    np.testing.assert_array_equal(best_columns(scores, 4), np.argsort(-scores, axis=1, kind="stable")[:, :4])


def test_without_k_as_many_clusters_as_there_are_groups():
    vectors = unit(np.repeat(np.eye(5, 8), 20, axis=0) + np.random.default_rng(1).normal(0, 0.05, (100, 8)))
    assert len(fit_clusters(articles(*[[]] * 100), vectors, tag_table({}, {}, (), 0), None).centroids) == 5


@pytest.mark.parametrize(("files", "limit"), [(10, None), (200, 3)])
def test_every_article_is_a_member_and_clusters_of_a_large_corpus_list_the_nearest(monkeypatch, files, limit):
    monkeypatch.setattr(sampling, "LARGE", 100)
    monkeypatch.setattr("transforms.themes.clustering.LISTED_MEMBERS", 3)
    posts, vectors = articles(*[[]] * 60), random_unit(60, 4)
    model = ClusterModel(random_unit(4, 4, seed=1), (2, 3, 5, 8), called(*"abcd"))
    numbers, scores = assign(vectors, model.centroids)
    expected = [Member(post.id, model.numbers[n], float(s)) for post, n, s in zip(posts, numbers, scores, strict=True)]
    clusters = []
    for number in sorted(set(numbers)):
        own = [Neighbor(member.id, member.score) for member in expected if member.cluster == model.numbers[number]]
        ranked = sorted(own, key=lambda member: (-member.score, member.id))
        clusters.append(make_cluster(model, int(number), ranked[:limit], len(own)))
    with beam.Pipeline(runner="FnApiRunner") as pipeline:
        blocks = pipeline | beam.Create([block(posts[at : at + 9], vectors[at : at + 9]) for at in range(0, 60, 9)])
        sides = [AsSingleton(pipeline | name >> beam.Create([value])) for name, value in (("m", model), ("f", files))]
        made, members = blocks | AssignClusters(*sides)
        assert_that(made, equal_to(clusters), label="clusters")
        assert_that(members, equal_to(expected), label="members")
