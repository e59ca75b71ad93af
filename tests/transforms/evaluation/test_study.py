import dataclasses

import numpy as np
import pytest

from tests.transforms.rank_by_hand import profiles_of
from tests.transforms.records_by_hand import articles, block, corpus_of, made_up_blog, random_unit, table_of
from tests.transforms.search_by_hand import evidence_of
from transforms.evaluation.search import search_corpus
from transforms.evaluation.study import count_tags, study_of
from transforms.records import Article
from transforms.related.ranker import Ranker, rarity
from transforms.related.weights import fit_rank_weights
from transforms.results import PARTS
from transforms.tags.evidence import join_evidence
from transforms.tags.expected import expected_tags
from transforms.tags.model import fit_tag_model
from transforms.tags.statistics import tag_statistics


def studied(posts, vectors, hidden=(), table=None):
    corpus = corpus_of(posts, vectors)
    known = corpus.without_tags(np.array(hidden, np.int64))
    return study_of(known, *search_corpus(corpus), table or table_of(posts, vectors))


def test_it_learns_what_the_pipeline_learns():
    posts, vectors = made_up_blog(60)
    corpus, table = corpus_of(posts, vectors), table_of(posts, vectors)
    evidence = evidence_of(corpus)
    tagged = join_evidence([evidence.part(np.flatnonzero(corpus.tagged))])
    model = fit_tag_model(tagged, tag_statistics(table))
    study = studied(posts, vectors)
    assert study.model.weights.tolist() == model.weights.tolist()
    rows = np.array([40, 3])
    np.testing.assert_array_equal(study.probabilities(rows), model.probabilities(evidence.part(rows)))
    np.testing.assert_array_equal(study.expectations(rows), model.expectations(evidence.part(rows)))
    assert study.table.counts.tolist() == table.counts.tolist()


@pytest.mark.parametrize("hidden", [[], [0, 5, 6], list(range(20))])
def test_tags_are_counted_anew(hidden):
    posts, vectors = made_up_blog(20)
    named = block([Article(f"t{topic}", "", "") for topic in range(6)], random_unit(6, 12))
    everything = table_of(posts, vectors, [named])
    bare = [dataclasses.replace(post, tags=()) if row in hidden else post for row, post in enumerate(posts)]
    counted = count_tags(corpus_of(posts, vectors).without_tags(np.array(hidden, np.int64)), everything)
    expected = table_of(bare, vectors, [named])
    for name, value in vars(expected).items():
        np.testing.assert_array_equal(getattr(counted, name), value, err_msg=name)


def test_hidden_tags_teach_nothing():
    posts, vectors = made_up_blog(80)
    hidden = np.arange(0, 80, 5)
    changed = [
        dataclasses.replace(post, tags=("x", "t3", "new")) if row in hidden else post for row, post in enumerate(posts)
    ]
    one, other = studied(posts, vectors, hidden), studied(changed, vectors, hidden)
    assert one.table.keys == other.table.keys
    everyone = np.arange(80)
    assert one.probabilities(everyone).tobytes() == other.probabilities(everyone).tobytes()
    assert one.related(hidden).tobytes() == other.related(hidden).tobytes()
    open_one, open_other = studied(posts, vectors), studied(changed, vectors)
    assert open_one.probabilities(hidden).shape != open_other.probabilities(hidden).shape


@pytest.mark.parametrize("at_once", [7, 256])
def test_tags_are_expected_of_the_rows_asked_for(at_once, monkeypatch):
    monkeypatch.setattr("transforms.evaluation.study.AT_ONCE", at_once)
    study = studied(*made_up_blog(40))
    rows = np.array([30, 2, 17, *range(3, 12)])
    expected = study.expected(rows)
    assert (expected[rows] != expected_tags(study.expectations(rows))).nnz == 0
    assert not np.delete(expected.toarray(), rows, axis=0).any()
    assert study.expected(np.zeros(0, np.int64)).shape == (40, len(study.table.keys))


@pytest.mark.parametrize("at_once", [3, 256])
@pytest.mark.parametrize("parts", [{"text"}, {"learned"}, {"text", "learned", "tags"}, PARTS])
def test_relations_are_those_of_a_ranker_that_knows_what_is_expected_of_all(parts, at_once, monkeypatch):
    monkeypatch.setattr("transforms.evaluation.study.AT_ONCE", at_once)
    study = studied(*made_up_blog(50), hidden=range(0, 50, 4))
    corpus, everyone = study.corpus, np.arange(50)
    expected = expected_tags(study.expectations(everyone))
    profiles = profiles_of(corpus, expected)
    ranker = Ranker(profiles, rarity(study.table.counts, study.table.posts), frozenset(parts))
    weights = fit_rank_weights(ranker.lessons(profiles, study.found, study.cosines), frozenset(parts))
    whole = ranker.rank(profiles, study.found, study.cosines, weights, without_tags=True).found
    rows = np.array([0, 4, 7, 33])
    np.testing.assert_array_equal(study.related(rows, frozenset(parts)), whole[rows])
    assert study.related(rows[:0], frozenset(parts)).shape == (0, whole.shape[1])


def test_without_tags_only_texts_relate():
    study = studied(articles([], [], []), random_unit(3, 4))
    assert study.probabilities(np.arange(3)).shape == (3, 0)
    rows = np.arange(3)
    by_tags = study.related(rows, frozenset({"text", "learned", "tags"}))
    np.testing.assert_array_equal(by_tags, study.related(rows, frozenset({"text"})))
