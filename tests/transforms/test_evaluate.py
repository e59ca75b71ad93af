import itertools
import math

import apache_beam as beam
import numpy as np
import pytest
from apache_beam.testing.util import assert_that

from tests.transforms.records_by_hand import (
    articles,
    block,
    corpus_of,
    keys_of,
    made_up_blog,
    notes,
    random_unit,
    table_of,
    unit,
)
from tests.transforms.search_by_hand import dossier_of
from transforms.clusters import ClusterModel
from transforms.evaluation.baselines import random_related
from transforms.evaluation.evaluate import Evaluate, evaluate, join_candidates, method_of
from transforms.evaluation.measures import dice_at_k
from transforms.evaluation.names import (
    BLEND,
    CALIBRATION,
    LEARNED,
    MAP,
    MEANS,
    NAMES,
    ONLY_LEARNED,
    POPULAR,
    RANDOM,
    RELATED,
    TEXT,
)
from transforms.search import NOBODY


def evaluated(posts, vectors, found=None, related=None, tags=BLEND):
    corpus = corpus_of(posts, vectors)
    cosines = np.zeros((len(posts), 0)) if found is None else (found != NOBODY) * 1.0
    found = np.zeros((len(posts), 0), np.int64) if found is None else found
    learned = related is not None
    parts = ("text", "learned") if learned else ("text",)
    metrics = evaluate(
        corpus,
        table_of(posts, vectors),
        found,
        cosines,
        related if learned else found,
        tags=tags,
        parts=parts,
        clusters=2,
    )
    return {(row.measure, row.method): row for row in metrics}


@pytest.mark.parametrize(
    ("parts", "method"),
    [
        (("text", "learned", "tags"), LEARNED),
        (("learned",), ONLY_LEARNED),
        (("learned", "tags"), ONLY_LEARNED),
        (("text", "tags"), TEXT),
        (("tags",), ""),
    ],
)
def test_the_method_is_named_by_what_works_without_own_tags(parts, method):
    assert method_of(parts) == method


def test_evaluate_by_hand():
    # Five oldest of seven train; the newest, a6 and a7, stand on x's mean, and the tag z of a7 is unseen.
    posts = articles(["x"], ["x"], ["y"], ["y"], ["y"], [], ["x"], ["x", "z"])
    vectors = unit([[1, 0], [1, 0], [0, 1], [0, 1], [0, 1], [1, 1], [1, 0.1], [1, 0.1]])
    found = np.full((8, 4), NOBODY)
    found[0, :2] = [1, 7]
    related = np.full((8, 4), NOBODY)
    related[[2, 5]] = [3, 4, 0, 1]
    metrics = evaluated(posts, vectors, found, related, MEANS)
    weights = [1, 1 / math.log2(3), 0.5, 1 / math.log2(5)]
    text, learned = metrics[RELATED, TEXT], metrics[RELATED, LEARNED]
    assert text.value == pytest.approx((weights[0] + weights[1] * 2 / 3) / sum(weights) / 7, abs=1e-4)
    assert learned.value == pytest.approx((weights[0] + weights[1]) / sum(weights) / 7, abs=1e-4)
    assert (text.judged, text.in_use, learned.judged, learned.in_use) == (7, False, 7, True)
    assert metrics[MAP, MEANS].value == pytest.approx((1 + 0.5) / 2)
    assert metrics[MAP, MEANS].in_use
    assert metrics[MAP, POPULAR].value == pytest.approx((0.5 + 0.25) / 2)
    assert {method for measure, method in metrics if measure == MAP} == {BLEND, MEANS, NAMES, POPULAR, RANDOM}
    tagged = [0, 1, 2, 3, 4, 6, 7]
    by_chance = dice_at_k(corpus_of(posts, vectors).carriers, tagged, random_related(8)[tagged])
    assert metrics[RELATED, RANDOM].value == pytest.approx(by_chance.mean(), abs=1e-4)
    swept = {(measure, method) for measure, method in metrics if method.startswith("k = ")}
    assert {method for _, method in swept} == {"k = 2", "k = 4", "k = 5", "k = 6"}
    assert [method for (_, method), row in metrics.items() if (_, method) in swept and row.in_use] == ["k = 2"] * 2
    assert set(metrics) - {(MAP, method) for _, method in metrics} - swept == {
        (RELATED, TEXT), (RELATED, LEARNED), (RELATED, RANDOM), (CALIBRATION, BLEND),
    }  # fmt: skip


def test_where_the_text_alone_relates_it_is_judged_in_use():
    metrics = evaluated(articles(["x"], ["x"], []), random_unit(3, 4))
    assert metrics[RELATED, TEXT].in_use
    assert metrics[RELATED, TEXT].value == 0
    assert (RELATED, LEARNED) not in metrics


def test_without_tags_nothing_is_judged():
    assert evaluated(articles([], []), random_unit(2, 3)) == {}


def test_with_one_tagged_article_no_tag_is_judged_a_hit():
    metrics = evaluated(articles(["x"], []), random_unit(2, 3))
    for method in (BLEND, MEANS, NAMES):
        assert (metrics[MAP, method].value, metrics[MAP, method].judged) == (0, 1)
    assert metrics[CALIBRATION, BLEND].value is None


def test_candidates_of_blocks_in_any_order():
    rng = np.random.default_rng(0)
    found, cosines, related = rng.integers(0, 9, (9, 5)), rng.random((9, 5)), rng.integers(0, 9, (9, 4))
    parts = [(rows, found[rows], cosines[rows], related[rows]) for rows in ([0, 4, 8], [1, 2], [3, 5, 6, 7])]
    for order in itertools.permutations(parts):
        for joined, whole in zip(join_candidates(order), (found, cosines, related), strict=True):
            np.testing.assert_array_equal(joined, whole)


def test_the_transform_judges_as_the_function_does():
    posts, vectors = made_up_blog(40)
    corpus, table, keys = corpus_of(posts, vectors), table_of(posts, vectors), keys_of(posts)
    dossier = dossier_of(corpus)
    settings = {"tags": BLEND, "parts": ("text", "learned")}
    related = dossier.found[:, ::-1]
    model = ClusterModel(vectors[:3], ("a", "b", "c"), ((), (), ()))
    expected = evaluate(corpus, table, dossier.found, dossier.cosines, related, **settings, clusters=3)
    halves = [np.arange(0, 40, 2), np.arange(1, 40, 2)]

    def same(metrics):
        assert sorted(metrics, key=repr) == sorted(expected, key=repr)

    with beam.Pipeline(runner="FnApiRunner") as pipeline:
        blocks = pipeline | "Blocks" >> beam.Create(
            [block([posts[row] for row in rows], vectors[rows], notes=notes(20, keys)) for rows in halves]
        )
        found = pipeline | "Found" >> beam.Create(
            [(rows, dossier.found[rows], dossier.cosines[rows], related[rows]) for rows in halves]
        )
        judge = Evaluate(
            beam.pvalue.AsIter(blocks),
            beam.pvalue.AsIter(found),
            beam.pvalue.AsSingleton(pipeline | "Model" >> beam.Create([model])),
            **settings,
        )
        assert_that(pipeline | "Table" >> beam.Create([table]) | judge, same)
