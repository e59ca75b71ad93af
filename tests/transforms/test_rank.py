import dataclasses
import itertools

import apache_beam as beam
import numpy as np
import pytest
from apache_beam.testing.util import assert_that

from tests.transforms.records_by_hand import corpus_of, made_up_blog, table_of
from tests.transforms.search_by_hand import dossier_of
from transforms.confidence import START, confidences, fit_confidence, pairs_to_learn
from transforms.find import Found
from transforms.learning.statistics import tag_statistics
from transforms.learning.tag_model import fit_tag_model
from transforms.rank import JUDGED, RankRelated, TellConfidence, join_profiles, profile, rank_block, with_confidence
from transforms.recommend import expect_tags
from transforms.records import PARTS, RECENT
from transforms.related import Ranker, rarity
from transforms.sampling import sampled
from transforms.search import NOBODY

PARTS_OF_ALL = frozenset({*PARTS, RECENT})


@pytest.fixture(scope="module")
def blog():
    """A corpus, its table, and what is expected of its articles, in three blocks of interleaved rows."""
    posts, vectors = made_up_blog(60)
    words = [(f"w{row % 7}", f"w{row % 5}") for row in range(60)]
    corpus, table = corpus_of(posts, vectors, words=words), table_of(posts, vectors)
    dossier = dossier_of(corpus)
    model = fit_tag_model(dossier, tag_statistics(table))
    expected = [
        expect_tags(
            Found(
                tuple(corpus.articles[row] for row in rows),
                tuple(corpus.words[row] for row in rows),
                corpus.age[rows],
                dossier.part(rows),
            ),
            model,
        )[0]
        for rows in (np.arange(part, 60, 3) for part in range(3))
    ]
    return corpus, table, expected


def ranker_of(table, expected, parts=PARTS_OF_ALL):
    return Ranker(join_profiles(map(profile, expected)), rarity(table.counts, table.posts), parts)


def test_profiles_are_the_same_whatever_the_order_of_blocks(blog):
    corpus, _, expected = blog
    for order in itertools.permutations(map(profile, expected)):
        profiles = join_profiles(order)
        assert profiles.ids == corpus.ids
        assert profiles.words == corpus.words
        assert (profiles.carriers != corpus.carriers).nnz == 0
        np.testing.assert_array_equal(profiles.age, corpus.age)
        np.testing.assert_array_equal(profiles.tagged, corpus.tagged)
        for part, of_block in enumerate(expected):
            assert (profiles.expected[part::3] != of_block.tags).nnz == 0


def test_a_block_is_ranked_as_the_whole(blog):
    corpus, table, expected = blog
    ranker = ranker_of(table, expected)
    dossier = dossier_of(corpus)
    whole = ranker.rank(np.arange(60), dossier.found, dossier.cosines)
    blind = ranker.rank(np.arange(60), dossier.found, dossier.cosines, blind=True)
    for part in expected:
        ranked = rank_block(ranker, table.names, part, 7, 2000)
        np.testing.assert_array_equal(ranked.ranking.found, whole.found[ranked.rows, :7])
        np.testing.assert_array_equal(ranked.blind, blind.found[ranked.rows, :JUDGED])
        assert [row.id for row in ranked.related] == [corpus.ids[row] for row in ranked.rows]
        for related, found in zip(ranked.related, whole.found[ranked.rows, :7], strict=True):
            assert [article.id for article in related.related] == [corpus.ids[row] for row in found if row != NOBODY]
        assert len(ranked.labels) == len(ranked.features) > 0


@pytest.mark.parametrize("limit", [0, 20, 2000])
def test_a_sample_of_articles_teaches(blog, limit):
    corpus, table, expected = blog
    ranker, dossier = ranker_of(table, expected), dossier_of(corpus)
    tagged = int(corpus.tagged.sum())
    for part in expected:
        rows = np.array([row for row in part.found.dossier.rows if sampled(corpus.ids[row], tagged, limit)], np.int64)
        blind = ranker.rank(rows, dossier.found[rows], dossier.cosines[rows], blind=True)
        ranked = rank_block(ranker, table.names, part, 4, limit)
        features, labels, counts = pairs_to_learn(corpus.carriers, rows, blind, dossier.later[rows])
        np.testing.assert_array_equal(ranked.features, features)
        np.testing.assert_array_equal(ranked.labels, labels)
        np.testing.assert_array_equal(ranked.counts, counts)
        assert (len(rows) == 20) == (limit == 2000)


def test_confidences_are_told_and_those_below_the_least_left_out(blog):
    _, table, expected = blog
    ranked = rank_block(ranker_of(table, expected), table.names, expected[0], 5, 2000)
    assert tuple(with_confidence(ranked, None, 0.9)) == ranked.related
    sure = confidences(ranked.ranking, START)
    least = float(np.sort(sure, axis=None)[sure.size // 2])
    for told, before, of_row in zip(with_confidence(ranked, START, least), ranked.related, sure, strict=True):
        expected_articles = [
            dataclasses.replace(article, confidence=float(confidence))
            for article, confidence in zip(before.related, of_row, strict=False)
            if confidence >= least
        ]
        assert (told.id, list(told.related)) == (before.id, expected_articles)
    everything = list(with_confidence(ranked, START, 0.0))
    assert [len(row.related) for row in everything] == [len(row.related) for row in ranked.related]


def test_the_transforms_answer_what_the_functions_answer(blog):
    _, table, expected = blog
    ranked = [rank_block(ranker_of(table, expected), table.names, part, 4, 2000) for part in expected]
    lessons = [np.concatenate([getattr(part, name) for part in ranked]) for name in ("features", "labels", "counts")]
    weights = fit_confidence(*lessons)
    answers = [related for part in ranked for related in with_confidence(part, weights, 0.3)]

    def same(results):
        assert sorted(results, key=lambda row: row.id) == sorted(answers, key=lambda row: row.id)

    with beam.Pipeline(runner="FnApiRunner") as pipeline:
        blocks = pipeline | beam.Create(expected[::-1])
        profiles = blocks | beam.Map(profile)
        the_table = beam.pvalue.AsSingleton(pipeline | "Table" >> beam.Create([table]))
        told = (
            blocks
            | RankRelated(beam.pvalue.AsIter(profiles), the_table, PARTS_OF_ALL, 4)
            | TellConfidence(PARTS_OF_ALL, 0.3)
        )
        assert_that(told, same)


def test_without_tags_no_confidence_is_known():
    posts, vectors = made_up_blog(8, untagged=1)
    corpus, table = corpus_of(posts, vectors), table_of(posts, vectors)
    dossier = dossier_of(corpus)
    found = Found(tuple(posts), tuple(corpus.words), corpus.age, dossier)
    expected, _ = expect_tags(found, fit_tag_model(dossier, tag_statistics(table)))
    with beam.Pipeline(runner="FnApiRunner") as pipeline:
        blocks = pipeline | beam.Create([expected])
        profiles = beam.pvalue.AsIter(blocks | beam.Map(profile))
        the_table = beam.pvalue.AsSingleton(pipeline | "Table" >> beam.Create([table]))
        told = blocks | RankRelated(profiles, the_table, frozenset(PARTS), 3) | TellConfidence(frozenset(PARTS), 0.5)

        def unknown(results):
            assert len(results) == 8
            assert {article.confidence for row in results for article in row.related} == {None}

        assert_that(told, unknown)
