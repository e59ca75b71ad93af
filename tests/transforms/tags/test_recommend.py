import apache_beam as beam
import numpy as np
import pytest
from apache_beam.testing.util import assert_that

from tests.transforms.records_by_hand import corpus_of, made_up_blog, table_of
from tests.transforms.search_by_hand import found_of
from transforms.results import Recommended, TagTrial
from transforms.tags.cosines import pick_tags, recommend_tags
from transforms.tags.evidence import START, join_evidence
from transforms.tags.expected import Expected, expect_tags, recommend
from transforms.tags.model import TagWeights, fit_tag_model
from transforms.tags.recommend import FitTagModel, RecommendTags
from transforms.tags.statistics import tag_statistics
from transforms.tags.trial import correct


@pytest.fixture(scope="module")
def blog():
    """What is found of a corpus, its table, and the model fitted to its tagged articles in the order of their keys."""
    posts, vectors = made_up_blog(50)
    corpus, table = corpus_of(posts, vectors), table_of(posts, vectors)
    (found,) = found_of(corpus)
    taught = join_evidence([found.evidence.part(np.flatnonzero(corpus.tagged))])
    return found, table, fit_tag_model(taught, tag_statistics(table))


def test_expected_tags_and_an_articles_own(blog):
    found, table, model = blog
    expected, probabilities = expect_tags(found, model)
    np.testing.assert_array_equal(probabilities, model.probabilities(found.evidence))
    assert len(table.keys) < 10  # so that all are expected
    expectations = model.expectations(found.evidence)
    np.testing.assert_array_equal(expected.tags.toarray(), expectations)
    carried = found.evidence.carriers.toarray()
    np.testing.assert_array_equal(expected.own.toarray(), carried * expectations)
    assert len(expected) == len(found) == 50


def test_each_method_recommends_by_its_own_scores(blog):
    found, table, _ = blog
    probabilities = np.random.default_rng(0).random((50, len(table.keys))) / 2
    blend = recommend(found, probabilities, table, "blend", 3, 0.3)
    assert blend == pick_tags(found.articles, probabilities, table, 3, 0.3)
    assert min(tag.score for row in blend for tag in row.recommended) >= 0.3
    means = recommend(found, probabilities, table, "means", 3, 0.99)
    assert means == recommend_tags(found.articles, found.evidence.vectors, table, 3, "means")
    assert all(row.recommended for row in means)


def test_the_transforms_recommend_what_the_functions_recommend(blog):
    found, table, model = blog
    parts = found_of(corpus_of(*made_up_blog(50)), 3)[::-1]
    probabilities = model.probabilities(found.evidence)
    trial = TagTrial(-0.5, 0.8)
    corrected = correct(probabilities, found.evidence.later, trial)
    expected = recommend(found, corrected, table, "blend", 4, 0.1)
    assert expected != recommend(found, probabilities, table, "blend", 4, 0.1)

    def same_model(models):
        (fitted,) = models
        assert fitted.weights.tobytes() == model.weights.tobytes()

    def kept_weights(models):
        (kept,) = models
        assert (kept.weights.tolist(), kept.broad.tolist()) == (START.tolist(), (START / 2).tolist())
        assert kept.statistics.sums.tolist() == model.statistics.sums.tolist()

    def same(results):
        assert all(isinstance(row, Recommended) for row in results)
        assert sorted(results, key=lambda row: row.id) == expected

    def same_expected(results):
        assert all(isinstance(row, Expected) for row in results)
        assert sorted(len(row) for row in results) == [16, 17, 17]

    with beam.Pipeline(runner="FnApiRunner") as pipeline:
        blocks = pipeline | beam.Create(parts)
        the_table = beam.pvalue.AsSingleton(pipeline | "Table" >> beam.Create([table]))
        nothing, weights = (
            beam.pvalue.AsSingleton(pipeline | name >> beam.Create([of]))
            for name, of in (("Nothing", None), ("Weights", TagWeights(START, START / 2)))
        )
        fitted = blocks | FitTagModel(the_table, nothing)
        kept = blocks | "Keep" >> FitTagModel(the_table, weights)
        the_trial = beam.pvalue.AsSingleton(pipeline | "Trial" >> beam.Create([trial]))
        told, recommended = blocks | RecommendTags(
            beam.pvalue.AsSingleton(fitted), the_trial, the_table, "blend", 4, 0.1
        )
        assert_that(fitted, same_model, label="model")
        assert_that(kept, kept_weights, label="kept")
        assert_that(told, same_expected, label="expected")
        assert_that(recommended, same, label="recommended")
