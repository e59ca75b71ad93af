import dataclasses
import itertools
import math

import apache_beam as beam
import numpy as np
import pytest
from apache_beam.testing.util import assert_that

from tests.transforms.rank_by_hand import blog_of, lessons_of, ranked_by
from tests.transforms.records_by_hand import (
    articles,
    assert_same,
    called,
    corpus_of,
    keys_of,
    made_up_blog,
    random_unit,
    table_of,
    unit,
)
from tests.transforms.search_by_hand import blocks_of, crowded_blog, searched
from transforms.corpus.chronology import ages
from transforms.evaluation.baselines import random_related
from transforms.evaluation.corpus import gather_corpus
from transforms.evaluation.linked import judge_lessons
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
    READ_LINKED,
    RELATED,
    TEXT,
)
from transforms.evaluation.of_run import (
    Evaluate,
    evaluate,
    method_of,
    rows_of_candidates,
    rows_of_related,
    sample_block,
)
from transforms.evaluation.search import search_corpus
from transforms.evaluation.study import study_of
from transforms.numerics.arrays import NOBODY
from transforms.related.lessons import NO_LESSONS
from transforms.related.rank import Ranks
from transforms.related.weights import fit_rank_weights
from transforms.results import PARTS
from transforms.sampling import EVALUATED_ARTICLES, key_of, sampled
from transforms.search.shards import Candidates
from transforms.themes.clusters import ClusterModel


def evaluated(posts, vectors, found=None, related=None, tags=BLEND):
    corpus = corpus_of(posts, vectors)
    cosines = np.zeros((len(posts), 0)) if found is None else (found != NOBODY) * 1.0
    found = np.zeros((len(posts), 0), np.int64) if found is None else found
    learned = related is not None
    parts = PARTS if learned else ("text",)
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
        (PARTS, LEARNED),
        (("text", "learned", "tags"), "text + learned"),
        (("dates", "text", "tags"), "text + dates"),
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


@pytest.mark.parametrize("given", [True, False])
def test_where_related_articles_need_own_tags_they_are_not_judged(given):
    posts, vectors = made_up_blog(20)
    corpus = corpus_of(posts, vectors)
    found, cosines = search_corpus(corpus)
    related = found[:, :4] if given else None
    settings = {"tags": BLEND, "parts": ("tags",), "clusters": 2}
    metrics = evaluate(corpus, table_of(posts, vectors), found, cosines, related, **settings)
    assert {row.method for row in metrics if row.measure == RELATED} == {TEXT, RANDOM}
    assert not [row for row in metrics if row.measure == RELATED and row.in_use]


@pytest.mark.parametrize("parts", [("text", "learned", "tags"), ("learned",), ("text",)])
def test_related_articles_are_found_where_none_are_given(parts):
    posts, vectors = made_up_blog(40)
    corpus, table = corpus_of(posts, vectors), table_of(posts, vectors)
    candidates, settings = search_corpus(corpus), {"tags": BLEND, "parts": parts, "clusters": 2}
    related = np.full((40, 4), NOBODY)
    tagged = np.flatnonzero(corpus.tagged)
    related[tagged] = study_of(corpus, *candidates, table).related(tagged, frozenset(parts))[:, :4]
    given = evaluate(corpus, table, *candidates, related, **settings)
    assert evaluate(corpus, table, *candidates, None, **settings) == given
    assert [row.in_use for row in given if (row.measure, row.method) == (RELATED, method_of(parts))] == [True]


def test_candidates_of_blocks_in_any_order():
    corpus = crowded_blog(30)
    blocks = blocks_of(corpus, 3)
    parts = [candidates for candidates, _, _ in searched(blocks, corpus.keys, 2)]
    parts[0] = dataclasses.replace(parts[0], found=parts[0].found[:, :40], cosines=parts[0].cosines[:, :40])
    expected = search_corpus(corpus)
    for order in itertools.permutations(parts):
        for laid_out, whole in zip(rows_of_candidates(corpus.ids, order), expected, strict=True):
            assert laid_out.dtype == whole.dtype
            np.testing.assert_array_equal(laid_out, whole)


@pytest.mark.parametrize("width", [0, 3])
def test_one_article_has_no_candidates(width):
    nobody = np.full((1, width), NOBODY)
    part = Candidates(7, np.array([key_of("a")]), nobody, np.zeros((1, width), np.float32), nobody.astype(np.int16))
    found, cosines = rows_of_candidates(["a"], [part])
    assert found.tolist() == nobody.tolist()
    assert cosines.tolist() == [[0.0] * width]


def test_related_ids_as_rows():
    related = {"b": ("a", "c"), "a": (), "c": ("b", "a", "b", "a", "b")}
    expected = [[NOBODY] * 4, [0, 2, NOBODY, NOBODY], [1, 0, 1, 0]]
    assert rows_of_related(["a", "b", "c"], related).tolist() == expected
    assert rows_of_related(["a", "b", "c"], related, 1).tolist() == [[NOBODY], [0], [1]]


@pytest.mark.parametrize("limit", [20, 60])
def test_a_sample_of_a_block(limit):
    posts, vectors = made_up_blog(60)
    in_text = np.random.default_rng(0).integers(0, 3, (60, len(keys_of(posts))))
    corpus = corpus_of(posts, vectors, in_text=in_text, words=[(f"w{row}",) for row in range(60)])
    rows = [row for row, id_ in enumerate(corpus.ids) if sampled(id_, 60, limit)]
    parts = [part for of_block in blocks_of(corpus, 3) for part in sample_block(of_block, 60, limit)]
    assert_same(
        gather_corpus(parts, corpus.keys),
        dataclasses.replace(corpus.part(np.array(rows)), age=ages([posts[row] for row in rows])),
    )
    assert (len(rows) == 60) == (limit == 60)
    others = corpus.part(np.setdiff1d(np.arange(60), rows))
    assert not [part for of_block in blocks_of(others, 3) for part in sample_block(of_block, 60, limit) if len(others)]


def judged_by(pipeline, blocks, candidates, ranked, lessons, table, model, files, **settings):
    """The metrics of the transform."""
    parts, found, related, lessons, weights, *sides = (
        pipeline | name >> beam.Create(of)
        for name, of in (
            ("Blocks", blocks),
            ("Found", candidates),
            ("Ranked", ranked),
            ("Lessons", [lessons]),
            ("Weights", [fit_rank_weights(lessons, frozenset(settings["parts"]))]),
            ("Table", [table]),
            ("Model", [model]),
            ("Files", [files]),
        )
    )
    return parts | Evaluate(found, Ranks(related, lessons, weights), *map(beam.pvalue.AsSingleton, sides), **settings)


@pytest.mark.parametrize("parts", [("text", "learned"), ("tags",)])
def test_the_transform_judges_as_the_function_does(parts):
    corpus = crowded_blog(40)
    blog, settings = blog_of(corpus, 3, 2), {"tags": BLEND, "parts": parts}
    ranked = ranked_by(blog, parts, 4)
    without_tags = {
        related.id: ids for part in ranked for related, ids in zip(part.related, part.without_tags, strict=True)
    }
    model = ClusterModel(corpus.vectors[:3], (1, 2, 3), called("a", "b", "c"))
    related = rows_of_related(corpus.ids, without_tags)
    lessons = lessons_of(blog, parts)
    by_links = judge_lessons(corpus, lessons, fit_rank_weights(lessons, frozenset(parts)), frozenset(parts))
    assert {row.judged for row in by_links if row.measure == READ_LINKED} == {by_links[0].judged}
    expected = [*evaluate(corpus, blog.table, *search_corpus(corpus), related, **settings, clusters=3), *by_links]

    def same(metrics):
        assert sorted(metrics, key=repr) == sorted(expected, key=repr)

    with beam.Pipeline(runner="FnApiRunner") as pipeline:
        answers = (blocks_of(corpus, 3)[::-1], blog.candidates, ranked[::-1], lessons)
        assert_that(judged_by(pipeline, *answers, blog.table, model, 40, **settings), same)


def test_a_large_corpus_is_judged_by_a_sample_as_if_it_were_the_whole():
    posts, vectors = made_up_blog(80)
    posts = [*posts[:-1], dataclasses.replace(posts[-1], tags=("rare", "t0"))]
    corpus, table = corpus_of(posts, vectors), table_of(posts, vectors)
    files = 4 * EVALUATED_ARTICLES
    rows = [row for row, id_ in enumerate(corpus.ids) if sampled(id_, files, EVALUATED_ARTICLES)]
    assert 79 not in rows  # so that nobody in the sample carries the rare tag
    sample = corpus_of([posts[row] for row in rows], vectors[rows])
    settings = {"tags": BLEND, "parts": ("text", "learned", "tags")}
    expected = evaluate(sample, table, *search_corpus(sample), None, **settings, clusters=3)
    model = ClusterModel(vectors[:3], (1, 2, 3), called("a", "b", "c"))
    blog = blog_of(corpus, 3)

    def same(metrics):
        assert sorted(metrics, key=repr) == sorted(expected, key=repr)

    with beam.Pipeline(runner="FnApiRunner") as pipeline:
        answers = (blocks_of(corpus, 3)[::-1], blog.candidates, ranked_by(blog, ("text",), 4), NO_LESSONS)
        assert_that(judged_by(pipeline, *answers, table, model, files, **settings), same)
