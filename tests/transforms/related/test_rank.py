import dataclasses

import apache_beam as beam
import numpy as np
import pytest
from apache_beam.testing.util import assert_that

from tests.transforms.rank_by_hand import ALL_PARTS, blog_of, lessons_of, ranked_by
from tests.transforms.records_by_hand import assert_same, corpus_of, made_up_blog
from tests.transforms.search_by_hand import crowded_blog, scattered
from transforms.previous import NO_PREVIOUS, PreviousRun
from transforms.related.confidence import START, Confidence, fit_confidence
from transforms.related.earlier import MARGIN
from transforms.related.explain import with_confidence
from transforms.related.lessons import LEARNED_ARTICLES
from transforms.related.rank import AddConfidence, FitConfidence, RankRelated
from transforms.related.weights import FEATURES, FOLDS, RankWeights, fit_rank_weights
from transforms.results import PARTS, Neighbor, Related, RelatedArticle, Why
from transforms.sampling import EVALUATED_ARTICLES, key_of, sampled


def related_by(
    pipeline, folder, blog, parts, count, least, files=60, seed=0, previous=NO_PREVIOUS, ranking=None, confidence=None
):
    """The Ranked and the told Related of the transforms."""
    expected, candidates, table, the_files, *others = (
        pipeline | name >> scattered(list(of), seed)
        for name, of in (
            ("Expected", blog.expected),
            ("Candidates", blog.candidates),
            ("Table", [blog.table]),
            ("Files", [files]),
            ("Previous", [previous]),
            ("Ranking", [ranking]),
            ("Confidence before", [confidence]),
        )
    )
    *sides, before = map(beam.pvalue.AsSingleton, (table, the_files, *others))
    ranks = expected | RankRelated(candidates, *sides, frozenset(parts), count)
    sure = beam.pvalue.AsSingleton(ranks | FitConfidence(frozenset(parts), before))
    return ranks.ranked, ranks | AddConfidence(sure, sides[2], least)


def test_confidences_are_told_and_those_below_the_least_left_out():
    ranked = ranked_by(blog_of(crowded_blog(60), 3), ALL_PARTS, 5)[0]
    assert with_confidence(ranked.related, None, 0.9) == ranked.related
    confidence = Confidence("link", np.tile(START, (FOLDS, 1)))
    everything = with_confidence(ranked.related, confidence)
    for told, before in zip(everything, ranked.related, strict=True):
        scores = np.array([[article.score for article in before.related]])
        sure = confidence(scores, np.array([key_of(before.id)]))[0].tolist()
        assert told.id == before.id
        assert list(told.related) == [
            dataclasses.replace(article, confidence=of_one, sure_of="link")
            for article, of_one in zip(before.related, sure, strict=True)
        ]
    least = float(np.median([article.confidence for row in everything for article in row.related]))
    for told, all_of in zip(with_confidence(ranked.related, confidence, least), everything, strict=True):
        assert list(told.related) == [article for article in all_of.related if article.confidence >= least]
    assert with_confidence((), confidence) == ()


def test_what_the_same_readers_read_is_not_left_out():
    shares = [None, 0.29, 0.3, 0.8]
    related = [RelatedArticle(f"b{at}", 0.1, None, Why(None, readers=of)) for at, of in enumerate(shares)]
    confidence = Confidence("link", np.tile(START, (FOLDS, 1)))
    (told,) = with_confidence((Related("a", tuple(related)),), confidence, 0.99, read_enough=0.3)
    assert [other.id for other in told.related] == ["b2", "b3"]
    assert all(other.confidence < 0.99 for other in told.related)
    (told,) = with_confidence((Related("a", tuple(related)),), confidence, 0.99)
    assert told.related == ()


@pytest.mark.parametrize(("shards", "seed"), [(1, 0), (1, 1), (3, 2)])
def test_the_transforms_answer_what_the_functions_answer(tmp_path, shards, seed):
    blog = blog_of(crowded_blog(60), 4, shards)
    ranked = sorted(ranked_by(blog, ALL_PARTS, 4), key=lambda of_block: of_block.block)
    names = ("features", "labels", "later", "keys")
    samples = [np.concatenate([getattr(part, name) for part in ranked]) for name in names]
    lessons = lessons_of(blog, ALL_PARTS)
    confidence = fit_confidence(ALL_PARTS, lessons, fit_rank_weights(lessons, ALL_PARTS), samples)
    answers = [with_confidence(part.related, confidence, 0.3) for part in ranked]
    assert all(article.confidence >= 0.3 for of_block in answers for row in of_block for article in row.related)

    def same_ranked(results):
        for one, other in zip(sorted(results, key=lambda of_block: of_block.block), ranked, strict=True):
            assert_same(one, other)

    def same(results):
        assert sorted(results, key=repr) == sorted(answers, key=repr)

    with beam.Pipeline(runner="FnApiRunner") as pipeline:
        given, told = related_by(pipeline, str(tmp_path), blog, ALL_PARTS, 4, 0.3, seed=seed)
        assert_that(given, same_ranked, label="ranked")
        assert_that(told, same, label="told")


@pytest.mark.parametrize("shards", [1, 3])
def test_the_transforms_keep_what_was_related_unless_others_are_clearly_better(tmp_path, shards):
    blog = blog_of(crowded_blog(60), 4, shards)
    everything = {row.id: row.related for of_block in ranked_by(blog, ALL_PARTS, 100) for row in of_block.related}
    earlier = {id_: [other.id for other in others[3:8]] for id_, others in everything.items() if id_ != "a07"}
    run = PreviousRun(
        "ab" * 32, related={id_: tuple(Neighbor(other, 0.5) for other in others) for id_, others in earlier.items()}
    )
    lifted = {
        id_: sorted(
            others, key=lambda other: (-round(other.score + MARGIN * (other.id in earlier.get(id_, ())), 4), other.id)
        )[:4]
        for id_, others in everything.items()
    }
    assert sum({other.id for other in of} != {other.id for other in everything[id_][:4]} for id_, of in lifted.items())

    def same(results):
        told = {row.id: [other.id for other in row.related] for of_block in results for row in of_block}
        assert told == {
            id_: [other.id for other in sorted(of, key=lambda other: (-other.score, other.id))]
            for id_, of in lifted.items()
        }

    with beam.Pipeline(runner="FnApiRunner") as pipeline:
        assert_that(related_by(pipeline, str(tmp_path), blog, ALL_PARTS, 4, 0.0, previous=run)[1], same)


def test_what_was_learned_before_stays(tmp_path):
    blog = blog_of(crowded_blog(30), 2)
    text_alone = RankWeights(np.tile(np.eye(len(FEATURES))[0], (FOLDS, 1)))
    sure = Confidence("link", np.tile([0.0, 0.0, 0.0], (FOLDS, 1)))

    def as_before(results):
        related = [article for of_block in results for row in of_block for article in row.related]
        assert {(article.confidence, article.sure_of) for article in related} == {(0.5, "link")}
        assert all(article.score == article.why.text for article in related)

    with beam.Pipeline(runner="FnApiRunner") as pipeline:
        _, told = related_by(pipeline, str(tmp_path), blog, PARTS, 4, 0.1, ranking=text_alone, confidence=sure)
        assert_that(told, as_before)


@pytest.mark.parametrize("files", [EVALUATED_ARTICLES, EVALUATED_ARTICLES + 1])
def test_of_a_large_corpus_a_sample_teaches_and_only_it_is_ranked_without_tags(tmp_path, files, monkeypatch):
    monkeypatch.setattr("transforms.related.rank.FIT_ARTICLES", 20)
    corpus = crowded_blog(60)
    blog = blog_of(corpus, 3)

    taught = np.array([sampled(id_, blog.table.posts, 20) for id_ in corpus.ids], np.bool_)
    teaches = np.array([sampled(id_, files, LEARNED_ARTICLES) for id_ in corpus.ids], np.bool_)
    ranked = ranked_by(blog, ALL_PARTS, 4, taught, taught | (files <= EVALUATED_ARTICLES), teaches)
    expected = sorted(ranked, key=lambda of_block: of_block.block)
    assert 5 < taught.sum() < 40

    def same(results):
        for one, other in zip(sorted(results, key=lambda of_block: of_block.block), expected, strict=True):
            assert_same(one, other)

    with beam.Pipeline(runner="FnApiRunner") as pipeline:
        assert_that(related_by(pipeline, str(tmp_path), blog, ALL_PARTS, 4, 0.0, files)[0], same)


@pytest.mark.parametrize(
    ("parts", "untagged", "known"),
    [(PARTS, 1.0, False), (("tags",), 0.0, False), (("text", "tags"), 0.0, False), (("text",), 0.0, True)],
)
def test_confidences_are_known_where_they_can_be_learned(tmp_path, parts, untagged, known):
    blog = blog_of(corpus_of(*made_up_blog(12, untagged=untagged)), 2)
    with beam.Pipeline(runner="FnApiRunner") as pipeline:
        _, told = related_by(pipeline, str(tmp_path), blog, parts, 3, 0.01)

        def as_known(results):
            related = [row for of_block in results for row in of_block]
            assert len(related) == 12
            sure = {article.confidence is not None for row in related for article in row.related}
            assert sure == {known}

        assert_that(told, as_known)
