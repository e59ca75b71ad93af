import numpy as np
import pytest
from scipy import sparse

from transforms.readings import ranking
from transforms.readings.next_model import (
    BLEND,
    CHOSEN_FROM,
    CONTENT,
    EASE,
    recent_readers,
)
from transforms.readings.next_post import PENALTIES, baselines, choose, make_scorer
from transforms.readings.posts import Posts
from transforms.readings.ranking import first_of_all, gains, rank_all, recall, target_ranks
from transforms.readings.reads import Queries, Reads, hold_back, reads_of
from transforms.readings.visits import History

DAY = 24 * 3600
START = 1_700_000_000


def queries_of(read, targets, seconds, count):
    weights = sparse.lil_matrix((len(targets), count))
    for row, posts in enumerate(read):
        weights[row, posts] = 1
    return Queries(weights.tocsr(), np.array(targets), np.array(seconds))


def test_the_rank_is_among_what_could_be_read_next():
    born = np.array([0, 0, 0, 0, 0, START + 5])
    queries = queries_of([[0], [0], [0], []], [2, 3, 5, 1], [START, START, START, START + 9], 6)
    scores = np.array(
        [
            [9, 5, 3, 3, 3, 8],  # 0 was read and 5 is not there yet: 5, then three of a score
            [9, 5, 3, 7, 3, 8],
            [9, 5, 3, 3, 3, 2],  # the target is there, whatever its date says
            [1, 1, 1, 1, 1, 1],
        ]
    )

    np.testing.assert_array_equal(target_ranks(scores, queries, born), [3, 1, 5, 3.5])


def test_ranks_are_by_hand(monkeypatch):
    monkeypatch.setattr(ranking, "AT_ONCE", 7)
    chance = np.random.default_rng(5)
    count = 30
    born = START + DAY * chance.integers(-20, 20, count)
    read = [chance.choice(count, 3, replace=False) for _ in range(40)]
    targets = [int(chance.choice([post for post in range(count) if post not in some])) for some in read]
    seconds = START + DAY * chance.integers(-20, 25, 40)
    queries = queries_of(read, targets, seconds, count)
    table = np.round(chance.random((40, count)), 1)
    rows = {tuple(some): row for some, row in zip(map(tuple, map(sorted, map(list, read))), table, strict=True)}

    def scorer(part):
        return np.array([rows[tuple(row.indices)] for row in part.weights])

    expected = []
    for some, target, second, row in zip(read, targets, seconds, table, strict=True):
        open_ = [post for post in range(count) if post not in some and (born[post] <= second or post == target)]
        better = sum(row[post] > row[target] for post in open_)
        same = sum(row[post] == row[target] for post in open_)
        expected.append(1 + better + (same - 1) / 2)
    ranks = rank_all(scorer, queries, born)
    np.testing.assert_array_equal(ranks, expected)
    np.testing.assert_array_equal(recall(ranks), [rank <= 10 for rank in expected])
    np.testing.assert_allclose(gains(ranks), [1 / np.log2(1 + rank) if rank <= 10 else 0 for rank in expected])


def test_the_first_posts_are_the_best_that_could_be_read(monkeypatch):
    monkeypatch.setattr(ranking, "FIRST", 3)
    born = np.array([0, 0, 0, 0, 0, START + 5])
    queries = queries_of([[0], [1]], [2, 3], [START, START + 9], 6)
    scores = np.array([[9, 5, 3, 4, 4, 8], [1, 9, 2, 3, 0, 8]])

    posts, found = first_of_all(lambda _: scores, queries, born)

    np.testing.assert_array_equal(posts, [[1, 3, 4], [5, 3, 2]])
    np.testing.assert_array_equal(found, [[5, 4, 4], [8, 3, 2]])


def test_recent_reads_are_those_of_60_days():
    reads = Reads(*map(np.array, ([0, 0, 1, 2], [1, 2, 1, 1], START + DAY * np.array([0, 1, 50, 70]), [0, 0, 1, 2])), 4)
    queries = queries_of([[], [], []], [0, 0, 0], START + DAY * np.array([55, 65, 200]), 4)

    np.testing.assert_array_equal(recent_readers(reads)(queries), [[0, 2, 1, 0], [0, 1, 0, 0], [0, 0, 0, 0]])


def made_up(readers=400, texts_tell=True, seed=2):
    """Posts in six groups, of which readers read one each; the vectors tell the groups, or nothing."""
    chance = np.random.default_rng(seed)
    count, groups = 48, 6
    group = np.arange(count) % groups
    vectors = np.eye(groups)[group] if texts_tell else np.zeros((count, groups))
    vectors = vectors + 0.3 * chance.normal(size=vectors.shape)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    histories = []
    for _ in range(readers):
        own = np.flatnonzero(group == chance.integers(groups))
        posts = chance.choice(own, chance.integers(2, 6), replace=False).tolist()
        now = START + int(chance.integers(0, 100 * DAY))
        histories.append(History((tuple((post, now + 60 * number) for number, post in enumerate(posts)),)))
    return histories, Posts(vectors, np.full(count, START - DAY))


@pytest.mark.parametrize("method", CHOSEN_FROM)
def test_each_method_finds_what_a_group_reads(method):
    histories, posts = made_up()
    left, queries = hold_back(reads_of(histories, 48))

    ranks = rank_all(make_scorer(method, left, posts, 100.0), queries, posts.born)

    assert recall(ranks).mean() > 0.9


def test_all_methods_are_ranked_and_the_random_one_is_random():
    histories, posts = made_up()
    left, queries = hold_back(reads_of(histories, 48))

    found = {
        name: recall(rank_all(make(), queries, posts.born)).mean()
        for name, make in baselines(left, posts, 100.0).items()
    }

    assert 0.1 < found["random"] < 0.35
    assert min(found[name] for name in ("item-kNN", "PPMI vectors", "ALS", "content mean", *CHOSEN_FROM)) > 0.85
    assert set(CHOSEN_FROM) < set(found)


def test_a_run_chooses_what_its_readers_show():
    few, _ = made_up(12)
    many, posts = made_up(400, texts_tell=False)

    assert choose(reads_of([], 48), posts).method == CONTENT
    assert choose(reads_of(few, 48), made_up()[1]).method == CONTENT
    choice = choose(reads_of(many, 48), posts)
    assert choice.method == EASE
    assert choice.penalty in PENALTIES
    assert [*choice.tried] == [*CHOSEN_FROM]
    assert choice.tried[CONTENT].ndcg < choice.tried[EASE].ndcg


def test_fewer_than_twenty_readers_choose_nothing():
    histories, posts = made_up(100, texts_tell=False)
    several = [history for history in histories if len(history.posts) >= 3]

    few, enough = (choose(reads_of(several[:count], 48), posts) for count in (19, 20))

    assert (few.method, few.judged, few.tried, few.said) == (CONTENT, 0, {}, None)
    assert (enough.judged, [*enough.tried]) == (20, [*CHOSEN_FROM])


def test_the_order_of_readers_does_not_matter():
    histories, posts = made_up(200)

    one, other = (choose(reads_of(some, 48), posts) for some in (histories, histories[::-1]))

    assert one == other


def test_the_blend_says_how_probable_the_next_post_is():
    histories, posts = made_up(1500)
    left, queries = hold_back(reads_of(histories, 48))

    said = make_scorer(BLEND, left, posts, 100.0)(queries)

    first = np.take_along_axis(said, np.argsort(-np.where(queries.weights.toarray() > 0, -1, said))[:, :5], axis=1)
    ranks = target_ranks(said, queries, posts.born)
    assert first.mean() == pytest.approx((ranks <= 5).mean() / 5, abs=0.05)
