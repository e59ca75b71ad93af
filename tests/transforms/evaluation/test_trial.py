import apache_beam as beam
import numpy as np
import pytest
from apache_beam.testing.util import assert_that

from tests.transforms.records_by_hand import articles, corpus_of, made_up_blog, random_unit, table_of
from tests.transforms.search_by_hand import blocks_of, searched
from transforms.corpus.chronology import by_date
from transforms.evaluation.search import search_corpus
from transforms.evaluation.study import Study, study_of
from transforms.evaluation.trial import PROPOSED, try_tags
from transforms.evaluation.try_tags import TryTags
from transforms.results import TagTrial
from transforms.tags.model import TagModel
from transforms.tags.trial import Outcomes, judge_trial


def blog(count=90):
    posts, vectors = made_up_blog(count)
    corpus = corpus_of(posts, vectors)
    return corpus, table_of(posts, vectors)


def outcomes_by_hand(corpus, table, weights):
    """Hide the tags of every part and of all that is newer; look at what the rest proposes."""
    searched_for = search_corpus(corpus)
    tagged = [row for row in by_date(corpus.articles).tolist() if corpus.tagged[row]]
    probabilities, carried = [], []
    for sixth in (3, 4, 5):
        start, end = (len(tagged) * place // 6 for place in (sixth, sixth + 1))
        older = study_of(corpus.without_tags(np.array(tagged[start:])), *searched_for, table)
        model = TagModel(older.model.statistics, weights, weights)
        for row in tagged[start:end]:
            (scores,) = model.probabilities(older.evidence(np.array([row])))
            own = {key for key, has in zip(corpus.keys, corpus.carriers[row].toarray()[0], strict=True) if has}
            best = np.argsort(-scores, kind="stable")[:PROPOSED]
            probabilities += scores[best].tolist()
            carried += [older.table.keys[tag] in own for tag in best]
    return Outcomes(np.array(probabilities), np.array(carried), len(tagged) - len(tagged) // 2)


def test_the_newer_half_is_tried_part_by_part():
    corpus, table = blog()
    weights = Study(corpus, *search_corpus(corpus), table).model.weights
    trial = try_tags(corpus, *search_corpus(corpus), table, weights)
    assert trial == judge_trial(outcomes_by_hand(corpus, table, weights))
    assert trial.posts > 30
    assert 0 < trial.right < trial.shown


@pytest.mark.parametrize("tags", [[[], []], [["a"], []], [["a"], ["b"], ["c"]]])
def test_a_blog_with_next_to_no_tags(tags):
    posts, vectors = articles(*tags), random_unit(len(tags), 4)
    corpus, table = corpus_of(posts, vectors), table_of(posts, vectors)
    found = search_corpus(corpus)
    trial = try_tags(corpus, *found, table, Study(corpus, *found, table).model.weights)
    assert (trial.shown, trial.right) == (0, 0)
    assert trial.least == 0.7


def test_a_given_probability_is_the_least_even_where_nothing_can_be_tried():
    corpus, table = blog(4)
    none = corpus.without_tags(np.arange(4))
    trial = try_tags(none, *search_corpus(none), table, np.zeros(0), 0.2)
    assert trial == TagTrial(least=0.2)


@pytest.mark.parametrize("whole", [True, False])
def test_the_transform_tries_as_the_function_does(whole, monkeypatch):
    if not whole:
        monkeypatch.setattr("transforms.evaluation.of_run.EVALUATED_ARTICLES", 89)
    corpus, table = blog()
    model = Study(corpus, *search_corpus(corpus), table).model
    blocks = blocks_of(corpus, 3)
    candidates = [candidates for candidates, _, _ in searched(blocks, table.keys, 1)]
    expected = try_tags(corpus, *search_corpus(corpus), table, model.weights)

    def same(trials):
        assert trials == [expected]

    with beam.Pipeline(runner="FnApiRunner") as pipeline:
        parts, found, *sides = (
            pipeline | name >> beam.Create(of)
            for name, of in (
                ("Blocks", blocks[::-1]),
                ("Found", candidates),
                ("Table", [table]),
                ("Model", [model]),
                ("Files", [len(corpus)]),
            )
        )
        assert_that(parts | TryTags(found, *map(beam.pvalue.AsSingleton, sides)), same)
