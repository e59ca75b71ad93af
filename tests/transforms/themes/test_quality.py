import math
from collections import Counter

import numpy as np
import pytest

from tests.transforms.records_by_hand import random_unit, unit
from transforms.themes import quality as cluster_quality
from transforms.themes.quality import (
    QUALITY_KS,
    ClusterQuality,
    auto_ks,
    choose_k,
    quality_ks,
    silhouette,
    sweep_clusters,
    tag_agreement,
)


def silhouette_by_hand(vectors, clusters):
    distances = 1 - vectors.astype(np.float64) @ vectors.astype(np.float64).T
    widths = []
    for row, own in enumerate(clusters):
        others = np.arange(len(clusters)) != row
        if not (others & (clusters == own)).any():
            widths.append(0.0)
            continue
        to_own = distances[row, others & (clusters == own)].mean()
        to_other = min(distances[row, clusters == other].mean() for other in set(clusters.tolist()) - {int(own)})
        widths.append((to_other - to_own) / max(to_own, to_other))
    return np.mean(widths)


def agreement_by_hand(clusters, tags):
    joint = Counter()
    for cluster, of in zip(clusters, tags, strict=True):
        for tag in of:
            joint[int(cluster), tag] += 1 / len(of)
    total = sum(joint.values())
    in_cluster, in_tag = Counter(), Counter()
    for (cluster, tag), weight in joint.items():
        in_cluster[cluster] += weight / total
        in_tag[tag] += weight / total
    shared = sum(
        w / total * math.log(w / total / in_cluster[cluster] / in_tag[tag]) for (cluster, tag), w in joint.items()
    )
    return 2 * shared / sum(-p * math.log(p) for p in [*in_cluster.values(), *in_tag.values()])


def groups(count, each=30, dim=24, noise=0.05):
    rng = np.random.default_rng(count)
    return unit(np.repeat(np.eye(count, dim), each, axis=0) + rng.normal(0, noise, (count * each, dim)))


@pytest.mark.parametrize("seed", range(5))
def test_silhouette_agrees_with_all_pairs(seed, monkeypatch):
    monkeypatch.setattr(cluster_quality, "CHUNK_ROWS", 16)
    vectors = random_unit(60, 7, seed)
    clusters = np.random.default_rng(seed).integers(0, 6, 60) * 3
    clusters[seed] = 99  # alone in its cluster
    assert silhouette(vectors, clusters) == pytest.approx(silhouette_by_hand(vectors, clusters), abs=1e-6)


def test_silhouette_by_hand():
    # Within a pair the distance is 0, to the other pair 1: the widths are 1, 1 and 0 for the one alone.
    vectors = unit([[1, 0], [1, 0], [0, 1]])
    assert silhouette(vectors, np.array([0, 0, 1])) == pytest.approx(2 / 3)


def test_silhouette_of_a_text_without_vector():
    # It is 1 from every text: (1 - 1) / 1 for itself, (1 - 0.5) / 1 for its two companions, which are copies.
    vectors = unit([[0, 0], [1, 0], [1, 0], [0, 1], [0, 1]])
    assert silhouette(vectors, np.array([0, 0, 0, 1, 1])) == pytest.approx((0 + 0.5 + 0.5 + 1 + 1) / 5)


def test_copies_in_two_clusters_count_nothing():
    copies = unit(np.outer([1, 3, 5, 7, 9, 11], random_unit(1, 64)))  # equal but for the last bits
    assert silhouette(copies, np.array([0, 0, 0, 1, 1, 1])) == 0


@pytest.mark.parametrize("clusters", [[], [0], [0, 1], [0, 0, 0, 0]])
def test_no_silhouette_of_fewer_than_two_clusters_or_three_posts(clusters):
    assert silhouette(random_unit(len(clusters), 3), np.array(clusters, np.int64)) is None


def test_posts_alone_in_their_clusters_count_nothing():
    assert silhouette(random_unit(4, 3), np.arange(4)) == 0


def test_agreement_by_hand():
    # Tag 0 weighs 1 + 1/2 in cluster 0; tag 1 weighs 1/2 there and 1 in cluster 1; the last post has no tag.
    clusters, tags = np.array([0, 0, 1, 1]), [[0], [0, 1], [1], []]
    shared = 1 / 2 * math.log(1 / 2 / (2 / 3 / 2)) + 1 / 6 * math.log(1 / 6 / (2 / 3 / 2)) + 1 / 3 * math.log(2)
    entropy_of_clusters = -2 / 3 * math.log(2 / 3) - 1 / 3 * math.log(1 / 3)
    assert tag_agreement(clusters, tags) == pytest.approx(2 * shared / (entropy_of_clusters + math.log(2)))


@pytest.mark.parametrize("seed", range(5))
def test_agreement_agrees_with_sums_over_all_pairs(seed):
    rng = np.random.default_rng(seed)
    clusters = rng.integers(0, 5, 40) * 2
    tags = [rng.choice(9, rng.integers(0, 4), replace=False).tolist() for _ in clusters]
    assert tag_agreement(clusters, tags) == pytest.approx(agreement_by_hand(clusters, tags))


def test_a_tag_that_stands_twice_counts_once():
    clusters = np.array([0, 0, 1])
    assert tag_agreement(clusters, [[5, 2, 5], [5], [2]]) == tag_agreement(clusters, [[2, 5], [5], [2]])


@pytest.mark.parametrize(
    ("clusters", "tags", "expected"),
    [
        ([0, 0, 1, 1], [[5], [5], [2], [2]], 1),
        ([0, 1, 0, 1], [[5], [5], [2], [2]], 0),
        ([0, 0, 1, 1], [[5, 5], [5], [2], []], 1),
        ([0, 0], [[5], [5]], 1),
        ([0, 0], [[5], [2]], 0),
        ([0, 1], [[], []], None),
        ([], [], None),
    ],
)
def test_agreement_at_its_ends(clusters, tags, expected):
    assert tag_agreement(np.array(clusters, np.int64), tags) == (expected and pytest.approx(expected))


@pytest.mark.parametrize(("posts", "most"), [(0, None), (4, None), (5, 4), (13, 12), (300, 40), (9999, 40)])
def test_fewer_clusters_than_posts_are_tried(posts, most):
    assert max(quality_ks(posts), default=None) == most
    assert set(quality_ks(posts)) <= set(QUALITY_KS)


@pytest.mark.parametrize(
    ("posts", "expected"),
    [
        (12, ()),
        (16, (4,)),
        (100, (4, 5, 6, 8, 10)),
        (2_000, (15, 20, 25, 30, 35, 40)),
        (5_000, (25, 30, 35, 40)),
        (1_000_000, (25, 30, 35, 40)),
    ],
)
def test_auto_tries_numbers_that_suit_the_posts(posts, expected):
    assert auto_ks(posts) == expected


def test_a_sweep_judges_every_k():
    vectors = groups(5)
    tags = [[row // 30] for row in range(len(vectors))]
    qualities = sweep_clusters(vectors, tags, [1, 4, 5, 6])
    assert [quality.k for quality in qualities] == [1, 4, 5, 6]
    assert (qualities[0].silhouette, qualities[0].agreement) == (None, 0)
    assert max(qualities[1:], key=lambda quality: quality.silhouette).k == 5
    assert qualities[2].agreement == 1
    assert all(round(quality.silhouette, 4) == quality.silhouette for quality in qualities[1:])
    assert qualities == sweep_clusters(vectors, tags, [1, 4, 5, 6])


@pytest.mark.parametrize("count", [4, 5, 6, 8])
def test_groups_that_are_there_are_found(count):
    vectors = groups(count)
    assert choose_k(sweep_clusters(vectors, [[]] * len(vectors), quality_ks(len(vectors))), len(vectors)) == count


def qualities(**silhouettes):
    return [ClusterQuality(int(k[1:]), value, None) for k, value in silhouettes.items()]


@pytest.mark.parametrize(
    ("found", "posts", "expected"),
    [
        (qualities(k4=0.10, k5=0.15, k6=0.20, k8=0.30), 64, 8),
        (qualities(k4=0.10, k5=0.15, k6=0.20, k8=0.30), 63, 6),  # 8 clusters of 63 posts are too many
        (qualities(k4=0.10, k5=0.19, k6=0.20, k8=0.15), 64, 5),
        (qualities(k4=0.10, k5=0.1899, k6=0.20, k8=0.15), 64, 6),
        (qualities(k4=-0.10, k5=-0.30), 64, 4),
        (qualities(k4=0.030, k5=0.025, k6=0.039, k8=0.038), 64, 4),  # no clear groups
        (qualities(k4=0.0289, k5=0.025, k6=0.039, k8=0.038), 64, 6),
        (qualities(k4=0.9, k15=0.1, k20=0.2), 2_000, 20),  # 4 clusters of 2,000 posts are too few
        (qualities(k4=0.0, k5=0.0), 64, 4),
        (qualities(k4=None, k5=None), 64, 8),
        (qualities(k4=0.5), 15, 3),
        ([], 3, 1),
        ([], 0, 1),
    ],
)
def test_the_smallest_good_enough_k_is_chosen(found, posts, expected):
    assert choose_k(found, posts) == expected
