import dataclasses

import numpy as np
import pytest
from scipy import sparse

from tests.transforms.readings.test_next_post import DAY, START, made_up, queries_of
from transforms.readings import next_model
from transforms.readings.next_model import (
    BLEND,
    CHOSEN_FROM,
    CONTENT,
    EASE,
    OF_TEXT,
    Counted,
    Learner,
    NextModel,
    all_features,
    calibrated,
    judge_confidence,
    largest,
    sample_queries,
)
from transforms.readings.posts import Posts
from transforms.readings.ranking import FIRST, first_of_all, first_posts
from transforms.readings.reads import hold_back, reads_of

COUNT = 20
RNG = np.random.default_rng(3)


def model(unread=(17, 18), method=EASE):
    """The later a post the less it is said to be read next, and the nearer to the first is its text."""
    vectors = np.column_stack([np.linspace(0.1, 0.9, COUNT), np.zeros(COUNT)])
    vectors[:, 1] = np.sqrt(1 - vectors[:, 0] ** 2)
    vectors[0] = 1, 0
    weights = np.zeros((COUNT, COUNT))
    weights[0] = np.linspace(2, 0.1, COUNT)
    readers = np.ones(COUNT)
    readers[list(unread)] = 0
    counted = Counted(readers, lambda queries: np.zeros((len(queries), COUNT)), sparse.csr_matrix(weights))
    return NextModel(method, Posts(vectors, np.zeros(COUNT, np.int64)), counted, np.array([0.0, 1, 1, 0]), np.zeros(8))


QUERY = queries_of([[0]], [1], [START], COUNT)


def shown(model, query=QUERY):
    return first_posts(model(query), query, model.posts.born)[0].tolist()


def test_the_last_place_is_for_the_unread_post_that_is_likeliest_by_its_text():
    assert shown(model()) == [*range(1, FIRST), 18]
    assert shown(model(unread=(4, 13, 15))) == [*range(1, FIRST), 15]
    assert shown(model(unread=(4,))) == [*range(1, FIRST + 1)]  # is there anyway
    assert shown(model(unread=())) == [*range(1, FIRST + 1)]


def test_no_post_is_lifted_that_was_read_or_is_not_there_yet():
    found = model()
    found.posts.born[18] = START + 5
    assert shown(found) == [*range(1, FIRST), 17]
    assert shown(model(), queries_of([[0, 18]], [1], [START], COUNT)) == [*range(1, FIRST), 17]


def test_the_slot_is_the_last_of_as_many_as_are_shown():
    found = model()
    for first in (1, 3, COUNT):
        scores = found.with_slot(QUERY, found.scores(QUERY), first)
        order = np.argsort(-np.where(np.arange(COUNT) == 0, -np.inf, scores[0]))
        assert (18 in order[:first]) == (first > 1)
        assert order[: max(1, first - 1)].tolist() == list(range(1, max(2, first)))[: COUNT - 1]


def test_texts_alone_need_no_slot():
    found = model(method=CONTENT)
    np.testing.assert_array_equal(found(QUERY), found.scores(QUERY))


def test_features_are_by_hand():
    histories, posts = made_up(80)
    posts = Posts(posts.vectors, posts.born - DAY * np.arange(48))
    left, queries = hold_back(reads_of(histories, 48))
    counted = Learner(left, posts).together
    queries = queries.part(slice(5))

    found = all_features(queries, posts, counted)

    for row, post in ((0, 3), (4, 40)):
        read = queries.weights[row]
        cosines = posts.vectors[post] @ posts.vectors[read.indices].T
        mean = read.data @ posts.vectors[read.indices]
        age = (queries.seconds[row] - posts.born[post]) / DAY
        together = read.data @ counted.weights.toarray()[read.indices, post]
        recent = counted.recent(queries)[row, post]
        expected = [
            *(1, posts.vectors[post] @ mean / np.linalg.norm(mean), read.data @ np.maximum(cosines, 0) ** 3),
            *(np.log1p(age), together, np.log(together + 1e-3), np.log1p(recent), np.log1p(counted.readers[post])),
        ]
        np.testing.assert_allclose(found[row, post], expected, atol=1e-12)


def test_a_post_without_readers_is_judged_by_its_text_alone():
    histories, posts = made_up(200)
    reads = reads_of(histories, 48)
    reads = reads.keep(reads.posts != 7)
    found = Learner(reads, posts).model(BLEND, 0.0)
    queries = hold_back(reads)[1]

    by_text = all_features(queries, posts, found.counted)[:, 7, : len(OF_TEXT)] @ found.of_text

    np.testing.assert_allclose(found.scores(queries)[:, 7], 1 / (1 + np.exp(-by_text)))
    other = NextModel(BLEND, posts, found.counted, found.of_text, np.zeros(8))
    np.testing.assert_array_equal(other.scores(queries)[:, 7], found.scores(queries)[:, 7])


@pytest.mark.parametrize("factor", [0.2, 1, 3])
def test_of_the_posts_shown_first_as_many_are_read_as_is_said(factor):
    """Each of the other posts is read equally often, of which some are shown; the constants say `factor` of that."""
    constant = np.log(factor / (COUNT - 1 - factor))
    of_text, of_all = np.array([constant, 0, 0.01, 0]), np.array([constant, *[0] * 7])
    blend = dataclasses.replace(model(method=BLEND), of_text=of_text, of_all=of_all)
    targets = np.tile(np.arange(1, COUNT), 100).tolist()
    queries = queries_of([[0]] * len(targets), targets, [START] * len(targets), COUNT)

    found = calibrated(blend, queries)

    said, true = judge_confidence(dataclasses.replace(blend, of_text=found[0], of_all=found[1]), queries)
    assert true == pytest.approx(1 / (COUNT - 1), rel=0.05)
    assert said == pytest.approx(true, rel=0.1)
    assert found[0][0] - of_text[0] == pytest.approx(found[1][0] - of_all[0], abs=1e-6)
    np.testing.assert_array_equal([*found[0][1:], *found[1][1:]], [*of_text[1:], *of_all[1:]])
    once = calibrated(blend, queries.part(slice(0, 1)))[0][0]
    assert abs(once - of_text[0]) < np.log(1.1 if factor == 1 else 1.3)


@pytest.mark.parametrize(("least", "rtol"), [(None, 1e-9), (3, 1e-3)])  # weights that may be told are rounded
def test_whoever_is_asked_is_left_out_of_what_is_known_of_the_answer(least, rtol):
    histories, posts = made_up(150, texts_tell=False)
    reads = reads_of(histories, 48)
    learner, queries = Learner(reads, posts, least), hold_back(reads)[1]
    blend = learner.model(BLEND, 0.0)

    found = learner.scores_without_own(blend, queries)

    asked = np.unique(reads.readers)[reads.lengths >= 3]
    for row in range(0, len(queries), 9):
        own = (reads.readers == asked[row]) & (reads.posts == queries.targets[row])
        others = Learner(reads.keep(~own), posts, least)
        expected = dataclasses.replace(blend, counted=others.together).scores(queries.part(slice(row, row + 1)))
        np.testing.assert_allclose(found[row], expected[0], rtol=rtol)


@pytest.mark.parametrize("kind", [np.asarray, sparse.csr_matrix])
def test_the_largest_weights_are_kept(monkeypatch, kind):
    monkeypatch.setattr(next_model, "LISTED", 3)
    weights = np.round(RNG.normal(size=(6, 9)), 1)

    found = largest(kind(weights)).toarray()

    for row, kept in zip(weights, found, strict=True):
        best = sorted(range(9), key=lambda column: (-row[column], column))[:3]
        assert kept.tolist() == [row[column] if column in best and row[column] > 0 else 0 for column in range(9)]


def test_of_many_queries_some_are_taken_evenly(monkeypatch):
    monkeypatch.setattr(next_model, "MOST_QUERIES", 4)
    queries = queries_of([[0]] * 9, list(range(9)), [START] * 9, 9)

    assert sample_queries(queries, 9).targets.tolist() == [0, 2, 4, 6]
    monkeypatch.setattr(next_model, "QUERY_CELLS", 27)
    assert sample_queries(queries, 9).targets.tolist() == [0, 3, 6]
    assert sample_queries(queries.part(slice(2)), 9).targets.tolist() == [0, 1]


def test_unread_posts_are_shown_by_every_method():
    histories, posts = made_up(200)
    reads = reads_of(histories, 48)
    unread = np.arange(48) % 8 == 5
    learner, queries = Learner(reads.keep(~unread[reads.posts]), posts), hold_back(reads)[1]

    for method in CHOSEN_FROM:
        first = first_of_all(learner.model(method, 100.0), queries, posts.born)[0]
        assert unread[first].any(axis=1).mean() > 0.5
