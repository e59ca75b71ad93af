import hashlib

import numpy as np
import pytest

from tests.transforms.records_by_hand import articles, corpus_of, made_up_blog, random_unit, table_of, unit
from transforms.evaluation import protocols
from transforms.evaluation.measures import average_precision, calibration_error, f1_at_k, ndcg_at_k
from transforms.evaluation.names import BLEND, CALIBRATION, F1, MAP, MEANS, NAMES, NDCG, POPULAR, RANDOM
from transforms.evaluation.protocols import folds, judge_related, judge_tags, newest, rank_tags, true_tags
from transforms.evaluation.search import search_corpus
from transforms.evaluation.study import study_of
from transforms.evaluation.trial import try_tags
from transforms.numerics.arrays import NOBODY


def study_without(posts, vectors, rows):
    """A study that does not know the tags of some rows."""
    corpus = corpus_of(posts, vectors)
    return corpus, study_of(corpus.without_tags(rows), *search_corpus(corpus), table_of(posts, vectors))


@pytest.mark.parametrize("tagged", [0, 1, 6, 7, 602])
def test_the_newest_are_judged_in_the_talks_share(tagged):
    posts = articles(*[["t"], []] * tagged) if tagged else articles([], [])
    order = np.random.default_rng(tagged).permutation(len(posts))
    dates = [f"{2000 + place // 28:04}-01-{place % 28 + 1:02}" for place in order]
    posts = articles(*[post.tags for post in posts], dates=dates)
    rows = [row for row in sorted(range(len(posts)), key=lambda row: dates[row]) if posts[row].tags]
    judged = newest(corpus_of(posts, random_unit(len(posts), 3)))
    assert judged.tolist() == rows[int(tagged * 500 / 602) :]
    assert len(judged) == {0: 0, 1: 1, 6: 2, 7: 2, 602: 102}[tagged]


def test_posts_are_folded_by_a_hash_of_their_paths():
    posts, vectors = made_up_blog(50)
    expected = [
        [
            row
            for row, post in enumerate(posts)
            if post.tags and int(hashlib.sha256(post.path.encode()).hexdigest(), 16) % 5 == number
        ]
        for number in range(5)
    ]
    assert [rows.tolist() for rows in folds(corpus_of(posts, vectors))] == expected


def test_tags_are_judged_by_hand():
    # The two newest are judged by what the others teach: x and y, of which y is more common; z is unseen.
    posts = articles(["x"], ["y"], ["x"], ["y"], ["Y"], ["X"], ["y", "z"])
    vectors = unit([[1, 0], [0, 1], [1, 0.1], [0.1, 1], [0, 1], [1, 0.2], [1, 0.3]])
    rows = np.array([5, 6])
    corpus, study = study_without(posts, vectors, rows)
    truth = true_tags(corpus, rows)
    assert truth == [{"x"}, {"y", "z"}]
    metrics = {(row.measure, row.method): row for row in judge_tags(study, rows, truth, MEANS)}
    # By means x comes first for both, by use y does.
    assert metrics[MAP, MEANS].value == pytest.approx((1 + 1 / 4) / 2)
    assert metrics[MAP, POPULAR].value == pytest.approx((1 / 2 + 1 / 2) / 2)
    assert metrics[F1, MEANS].value == pytest.approx((2 / 3 + 2 / 4) / 2, abs=1e-4)
    assert metrics[NDCG, MEANS].value == pytest.approx((1 + (1 / np.log2(3)) / (1 + 1 / np.log2(3))) / 2, abs=1e-4)
    assert {key for key, row in metrics.items() if row.in_use} == {(measure, MEANS) for measure in (MAP, F1, NDCG)}
    assert {row.judged for (measure, _), row in metrics.items() if measure != CALIBRATION} == {2}
    methods = {BLEND, MEANS, NAMES, POPULAR, RANDOM}
    assert set(metrics) == {(measure, of) for measure in (MAP, F1, NDCG) for of in methods} | {(CALIBRATION, BLEND)}


@pytest.mark.parametrize("at_once", [5, 256])
def test_the_measures_are_means_over_what_the_study_answers(at_once, monkeypatch):
    monkeypatch.setattr(protocols, "AT_ONCE", at_once)
    posts, vectors = made_up_blog(100)
    rows = newest(corpus_of(posts, vectors))
    corpus, study = study_without(posts, vectors, rows)
    truth = true_tags(corpus, rows)
    metrics = {(row.measure, row.method): row for row in judge_tags(study, rows, truth, BLEND)}
    trial = try_tags(study.corpus, study.found, study.cosines, study.table, study.model.weights)
    probabilities = study.corrected(rows, trial)
    keys = study.table.keys
    listed = [sorted(range(len(keys)), key=lambda tag: (-of_row[tag], tag))[:10] for of_row in probabilities]
    for measure, judge in ((MAP, average_precision), (F1, f1_at_k), (NDCG, ndcg_at_k)):
        scores = [judge(tags, [keys[tag] for tag in best]) for tags, best in zip(truth, listed, strict=True)]
        assert metrics[measure, BLEND].value == pytest.approx(np.mean(scores), abs=1e-4)
    judged = [
        (of_row[tag], keys[tag] in tags)
        for of_row, tags, best in zip(probabilities, truth, listed, strict=True)
        for tag in best
    ]
    error = calibration_error(*map(np.array, zip(*judged, strict=True)))
    assert metrics[CALIBRATION, BLEND].value == pytest.approx(error, abs=1e-4)
    assert metrics[CALIBRATION, BLEND].judged == len(judged)
    assert metrics[CALIBRATION, BLEND].in_use
    assert metrics[MAP, BLEND].value > metrics[MAP, POPULAR].value > 0
    ranked = rank_tags(study, rows)
    assert ranked[POPULAR].keys == [ranked[POPULAR].keys[0]] * len(rows)
    assert all(len(set(of_row)) == len(of_row) for judgement in ranked.values() for of_row in judgement.keys)


def test_nobody_is_judged():
    posts, vectors = made_up_blog(10, untagged=1)
    _, study = study_without(posts, vectors, np.zeros(0, np.int64))
    assert rank_tags(study, np.zeros(0, np.int64)) == {}
    (calibration,) = judge_tags(study, np.zeros(0, np.int64), [], BLEND)
    assert (calibration.value, calibration.judged) == (None, 0)


def test_related_articles_are_judged_by_hand():
    corpus = corpus_of(articles(["a"], ["A", "b"], ["b"]), np.eye(3))
    related = {"one": np.array([[1], [NOBODY]]), "other": np.array([[2], [0]])}
    one, other = judge_related(corpus, related, "m", np.array([0, 1]), "other")
    first = 1 / sum(1 / np.log2([2, 3, 4, 5]))
    assert (one.method, one.value, one.judged, one.in_use) == (
        "one",
        pytest.approx(first * 2 / 3 / 2, abs=1e-4),
        2,
        False,
    )
    assert (other.value, other.in_use) == (pytest.approx(first * 2 / 3 / 2, abs=1e-4), True)
