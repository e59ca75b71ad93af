import dataclasses

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.transforms.records_by_hand import random_unit, unit
from transforms.numerics.arrays import NOBODY
from transforms.numerics.kmeans import QUICK, fit_spherical_kmeans
from transforms.search.cells import cell_depths, cells_in_reach, nearest_cells
from transforms.search.plan import FAR, choose_nprobe, depths_to_beat, merge_depths, plan_cells, plan_exact


def hashes(count, seed=0):
    return np.random.default_rng(seed).integers(-(2**63), 2**63 - 1, count)


def some_plan(cells=12, shards=3, limit=50, nprobe=4):
    vectors = random_unit(900, 6)
    centroids = fit_spherical_kmeans(vectors, cells, QUICK)
    sizes = np.bincount(nearest_cells(vectors, centroids, 1)[:, 0], minlength=cells)
    return vectors, sizes, plan_cells(centroids, sizes, shards, limit, nprobe)


def test_a_query_that_visits_all_cells_visits_every_unit_once():
    vectors, _, plan = some_plan(nprobe=99)
    probes = plan.probes(vectors)
    assert plan.nprobe == 12
    np.testing.assert_array_equal(np.sort(probes, axis=1), np.tile(np.arange(len(plan.shards)), (900, 1)))


def test_a_query_visits_the_parts_of_its_nearest_cells():
    vectors, _, plan = some_plan()
    firsts = np.cumsum(plan.parts) - plan.parts
    for cells, units in zip(cells_in_reach(vectors, plan.centroids, 4), plan.probes(vectors), strict=True):
        wanted = [firsts[cell] + part for cell in cells if cell != NOBODY for part in range(plan.parts[cell])]
        assert units[units != NOBODY].tolist() == wanted
        assert (units[len(wanted) :] == NOBODY).all()


def test_a_query_visits_only_some_parts_where_nearly_all_are_in_one_cell():
    vectors = random_unit(40, 6)
    plan = plan_cells(random_unit(4, 6, 1), np.array([1_000, 4, 4, 4]), 1, 50, 2)
    assert plan.parts.tolist() == [20, 1, 1, 1]
    assert plan.most == 50 + 4 * 2 * 253
    small = dataclasses.replace(plan, most=120)
    for units in small.probes(vectors):
        cells = np.maximum(units[units != NOBODY] - 19, 0).tolist()
        assert 1 <= len(cells) <= 4
        assert cells.count(0) in (0, 3)
    assert small.probes(vectors).shape[1] < plan.probes(vectors).shape[1]


def test_an_articles_home_is_a_part_of_its_cell_and_parts_are_even():
    vectors, sizes, plan = some_plan()
    homes = plan.homes(vectors, hashes(900))
    cells = np.repeat(np.arange(12), plan.parts)
    np.testing.assert_array_equal(cells[homes], nearest_cells(vectors, plan.centroids, 1)[:, 0])
    assert np.bincount(homes).max() < 2 * 50
    assert (plan.parts == -(-sizes // 50)).all()
    assert (plan.parts > 1).any()


def test_homes_and_probes_do_not_depend_on_the_batch():
    vectors, _, plan = some_plan()
    keys = hashes(900)
    np.testing.assert_array_equal(plan.homes(vectors[100:103], keys[100:103]), plan.homes(vectors, keys)[100:103])
    alone = [units[units != NOBODY].tolist() for row in range(20) for units in plan.probes(vectors[[row]])]
    assert alone == [units[units != NOBODY].tolist() for units in plan.probes(vectors[:20])]


def test_a_zero_vector_has_no_home_and_visits_nothing():
    vectors = np.zeros((2, 6), np.float32)
    for plan in (some_plan()[2], plan_exact(3)):
        assert plan.homes(vectors, hashes(2)).tolist() == [NOBODY, NOBODY]
        assert (plan.probes(vectors) == NOBODY).all()


@given(st.integers(1, 40), st.integers(1, 9), st.integers(1, 500), st.integers(0, 2**32 - 1))
@settings(max_examples=50, deadline=None)
def test_shards_are_balanced_however_skewed_the_cells(cells, shards, limit, seed):
    rng = np.random.default_rng(seed)
    sizes = (1000 / np.arange(1, cells + 1) ** 2).astype(np.int64)[rng.permutation(cells)]
    plan = plan_cells(unit(rng.standard_normal((cells, 4))), sizes, shards, limit, 1)
    loads = np.repeat(np.maximum(sizes, 1) / plan.parts, plan.parts)
    assert len(loads) == len(plan.shards) == plan.parts.sum()
    assert (loads <= limit).all()
    of_shards = np.bincount(plan.shards, loads, minlength=shards)
    assert len(of_shards) == shards
    assert of_shards.max() <= loads.sum() / shards + loads.max()


def test_cells_near_each_other_share_a_shard():
    groups = np.repeat(np.eye(4), 8, axis=0) + 0.05 * np.random.default_rng(0).standard_normal((32, 4))
    shuffled = np.random.default_rng(1).permutation(32)
    plan = plan_cells(unit(groups[shuffled]), np.full(32, 10), 4, 100, 1)
    assert [len(set(plan.shards[shuffled // 8 == group].tolist())) for group in range(4)] == [1] * 4


def test_an_exact_plan_spreads_articles_and_visits_all():
    plan, vectors = plan_exact(5), random_unit(200, 3)
    assert plan.exact
    assert (plan.nprobe, plan.recall) == (0, 1.0)
    homes = plan.homes(vectors, hashes(200))
    assert set(homes.tolist()) == set(range(5)) == set(plan.shards.tolist())
    assert plan.probes(vectors).tolist() == [[0, 1, 2, 3, 4]] * 200


def depths_by_hand(queries, query_texts, vectors, texts, homes, centroids, count):
    deep = cell_depths(queries, centroids).tolist()
    scores = np.round(queries.astype(float) @ vectors.astype(float).T, 4)
    lists = []
    for query, line in enumerate(scores):
        others = [row for row in range(len(vectors)) if line[row] > 0 and texts[row] != query_texts[query]]
        ranked = sorted((-line[row], deep[query][homes[row]]) for row in others)[:count]
        lists.append([(-score, depth) for score, depth in ranked] + [(0.0, FAR)] * (count - len(ranked)))
    return lists


@given(st.integers(1, 60), st.integers(1, 12), st.integers(1, 20), st.booleans(), st.integers(0, 2**32 - 1))
@settings(max_examples=50, deadline=None)
def test_depths_of_any_blocks_are_those_found_by_hand(total, count, block, coarse, seed):
    rng = np.random.default_rng(seed)
    vectors = unit(rng.integers(-1, 2, (total, 3)) if coarse else rng.standard_normal((total, 4)))
    texts = rng.integers(0, total, total)
    centroids = fit_spherical_kmeans(vectors, 7, QUICK)
    homes = nearest_cells(vectors, centroids, 1)[:, 0]
    asking = rng.permutation(total)[: total // 2 + 1]
    of_cells = cell_depths(vectors[asking], centroids)
    bundles = [None] * int(rng.integers(1, 4))
    for start in rng.permutation(np.arange(0, total, block)):
        part, bundle = slice(start, start + block), int(rng.integers(len(bundles)))
        bundles[bundle] = depths_to_beat(
            bundles[bundle], vectors[asking], texts[asking], vectors[part], texts[part], centroids, of_cells, count
        )
    scores, deep = merge_depths([best for best in bundles if best is not None])
    expected = depths_by_hand(vectors[asking], texts[asking], vectors, texts, homes, centroids, count)
    assert [list(zip(*row, strict=True)) for row in zip(scores.tolist(), deep.tolist(), strict=True)] == expected


@pytest.mark.parametrize(
    ("target", "expected"),
    [(0.1, (1, 0.25)), (0.5, (1 + 1, 0.5)), (0.75, (6, 0.75)), (0.76, (10, 1.0)), (1, (10, 1.0))],
)
def test_the_fewest_cells_that_reach_the_target_are_chosen(target, expected):
    scores = np.array([[0.9, 0.5], [0.8, 0.7], [0, 0]])
    found = np.array([[0, 5], [1, 9], [FAR, FAR]], np.int32)
    assert choose_nprobe(scores, found, target) == expected


def test_nobody_found_is_one_cell():
    assert choose_nprobe(np.zeros((2, 3)), np.full((2, 3), FAR, np.int32), 0.98) == (1, 1.0)
