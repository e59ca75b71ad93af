import dataclasses

import numpy as np
import pytest

from tests.transforms.records_by_hand import articles, corpus_of, made_up_blog, random_unit, table_of
from transforms.evaluation.assess import assess
from transforms.evaluation.measures import dice_at_k
from transforms.evaluation.names import (
    AGREEMENT,
    BLEND,
    CALIBRATION,
    CHANCE,
    CONFIDENCE,
    F1,
    ISSUES_AT_LEAST,
    ISSUES_FOUND,
    ISSUES_RIGHT,
    LEARNED,
    LIKELY,
    MAP,
    NDCG,
    ONLY_LEARNED,
    OVERLAP,
    RANDOM,
    RELATED,
    SILHOUETTE,
    TEXT,
    UNTAGGED,
    WORDS,
)
from transforms.evaluation.protocols import folds
from transforms.evaluation.search import search_corpus
from transforms.evaluation.study import study_of


def assessed(posts, vectors, texts=()):
    return {
        (row.measure, row.method): row for row in assess(corpus_of(posts, vectors), table_of(posts, vectors), texts)
    }


@pytest.fixture(scope="module")
def blog():
    posts, vectors = made_up_blog(60)
    return posts, vectors, [f"{' '.join(post.tags)} word{row % 7}" for row, post in enumerate(posts)]


@pytest.fixture(scope="module")
def metrics(blog):
    return assessed(*blog)


def test_everything_is_judged(blog, metrics):
    posts, _, _ = blog
    tagged = sum(bool(post.tags) for post in posts)
    assert {method for measure, method in metrics if measure == RELATED} == {
        LEARNED, ONLY_LEARNED, TEXT, WORDS, OVERLAP, RANDOM,
    }  # fmt: skip
    assert {method for measure, method in metrics if measure == UNTAGGED} == {
        LEARNED,
        ONLY_LEARNED,
        TEXT,
        WORDS,
        RANDOM,
    }
    assert {measure for measure, _ in metrics} == {
        RELATED, UNTAGGED, CONFIDENCE, MAP, F1, NDCG, CALIBRATION, LIKELY, SILHOUETTE, AGREEMENT, CHANCE,
        ISSUES_RIGHT, ISSUES_AT_LEAST, ISSUES_FOUND,
    }  # fmt: skip
    assert {row.judged for (measure, _), row in metrics.items() if measure in (RELATED, UNTAGGED)} == {tagged}
    assert {row.method for row in metrics.values() if row.in_use and row.measure in (RELATED, MAP)} == {LEARNED, BLEND}
    assert metrics[RELATED, LEARNED].value > metrics[RELATED, RANDOM].value


def test_without_texts_what_an_encoder_answers_is_judged_the_same(blog, metrics):
    posts, vectors, _ = blog
    without = assessed(posts, vectors)
    assert without == {key: row for key, row in metrics.items() if key in without}
    assert not {measure for measure, _ in without} & {SILHOUETTE, AGREEMENT, CHANCE, ISSUES_RIGHT, ISSUES_FOUND}
    assert not {method for _, method in without} & {WORDS, OVERLAP}


def test_untagged_articles_are_judged_fold_by_fold(blog, metrics):
    posts, vectors, _ = blog
    rows = [row for row, post in enumerate(posts) if post.tags]
    tagged = [posts[row] for row in rows]
    corpus = corpus_of(tagged, vectors[rows])
    candidates = search_corpus(corpus)
    scores = []
    for fold in folds(corpus):
        bare = [dataclasses.replace(post, tags=()) if row in fold else post for row, post in enumerate(tagged)]
        study = study_of(corpus_of(bare, vectors[rows]), *candidates, table_of(posts, vectors))
        scores += dice_at_k(corpus.carriers, fold, study.related(fold)).tolist()
    assert metrics[UNTAGGED, LEARNED].value == pytest.approx(np.mean(scores), abs=1e-4)


def test_without_tags_nothing_is_assessed():
    assert assessed(articles([], []), random_unit(2, 3), ["a", "b"]) == {}


@pytest.mark.parametrize("tags", [[["x"]], [["x"], []], [["x"], ["x"], ["y"]]])
def test_tiny_blogs_are_assessed(tags):
    metrics = assessed(articles(*tags), random_unit(len(tags), 3), ["words"] * len(tags))
    assert metrics[MAP, BLEND].judged == 1
