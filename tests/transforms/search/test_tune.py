import apache_beam as beam
import numpy as np
import pytest
from apache_beam.testing.util import assert_that

from tests.transforms.records_by_hand import articles, block, unit
from transforms.corpus.languages import ONE_LANGUAGE
from transforms.sampling import LARGE
from transforms.search.cells import cell_depths, nearest_cells
from transforms.search.tune import PlanSearch, train, uses_cells

POSTS = 90


def blog():
    """Blocks of ten articles around nine directions."""
    rng = np.random.default_rng(0)
    vectors = unit(np.repeat(np.eye(9), 10, axis=0) + 0.2 * rng.standard_normal((POSTS, 9)))
    posts = articles(*[[] for _ in range(POSTS)])
    return [block(posts[start : start + 10], vectors[start : start + 10]) for start in range(0, POSTS, 10)], vectors


@pytest.mark.parametrize(
    ("method", "files", "cells"),
    [("auto", LARGE, False), ("auto", LARGE + 1, True), ("exact", LARGE + 1, False), ("ivf", 1, True)],
)
def test_cells_are_searched_of_large_corpora_and_where_they_are_asked_for(method, files, cells):
    assert uses_cells(method, files) == cells


def test_what_is_trained_does_not_depend_on_the_order_of_the_samples():
    ids = [f"post-{number:02}" for number in range(60)]
    vectors, texts = unit(np.random.default_rng(1).standard_normal((60, 5))), np.arange(60)
    groups = texts % 2
    parts = [tuple(of[at : at + 7] for of in (ids, vectors, texts, groups)) for at in range(0, 60, 7)]
    first, second = train(parts, 60), train(parts[::-1], 60)
    for name in ("centroids", "sizes", "queries", "texts", "groups"):
        np.testing.assert_array_equal(getattr(first, name), getattr(second, name))
    assert first.sizes.sum() == len(first.queries) == 60


def test_where_no_article_was_sampled_nothing_is_trained():
    trained = train([([], np.zeros((0, 4), np.float32), np.zeros(0, np.int64), np.zeros(0, np.int64))], 1_000_000)
    assert not trained.sizes.any()
    assert not len(trained.queries)


@pytest.mark.parametrize("target", [0.5, 0.98])
def test_the_cells_to_visit_are_the_fewest_that_find_the_share_asked_for(target):
    blocks, vectors = blog()

    def sound(plans):
        (plan,) = plans
        assert not plan.exact
        cosines = np.round(vectors.astype(float) @ vectors.astype(float).T, 4)
        np.fill_diagonal(cosines, 0)
        homes = nearest_cells(vectors, plan.centroids, 1)[:, 0]
        depths = cell_depths(vectors, plan.centroids)[:, homes]
        order = np.lexsort((depths, -cosines), axis=1)[:, :10]
        positive = np.take_along_axis(cosines, order, 1) > 0
        nearest = np.take_along_axis(depths, order, 1)[positive]
        assert plan.recall == pytest.approx((nearest < plan.nprobe).mean())
        assert plan.recall >= target > (nearest < plan.nprobe - 1).mean()

    with beam.Pipeline(runner="FnApiRunner") as pipeline:
        files = pipeline | "Files" >> beam.Create([POSTS])
        languages = beam.pvalue.AsSingleton(pipeline | "Languages" >> beam.Create([ONE_LANGUAGE]))
        assert_that(pipeline | beam.Create(blocks[::-1]) | PlanSearch(files, "ivf", target, languages, None), sound)
