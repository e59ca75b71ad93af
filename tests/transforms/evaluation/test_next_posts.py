import datetime as dt

import numpy as np

from tests.transforms.readings.test_next_post import DAY, START, made_up
from transforms.evaluation import next_posts
from transforms.evaluation.next_posts import judge_next_posts, judge_readers
from transforms.readings.next_post import CHOSEN_FROM
from transforms.readings.visits import History
from transforms.readings.word2vec import is_installed
from transforms.records import Article


def articles(count=48):
    date = dt.datetime.fromtimestamp(START - 9 * DAY, dt.UTC).date().isoformat()
    return [Article(str(number), f"{number}.md", "A title", date) for number in range(count)]


def by_name(metrics):
    return {(metric.measure, metric.method): metric for metric in metrics}


def test_every_method_is_judged_by_the_readers_of_three_posts():
    histories, posts = made_up(300)
    found = by_name(judge_next_posts(articles(), posts.vectors.astype(np.float32), histories))

    judged = sum(len(history.posts) >= 3 for history in histories)
    unread = {method: found.pop(("next post recall@10, unread posts", method)) for method in CHOSEN_FROM}
    assert {metric.judged for metric in found.values()} == {judged}
    assert len(found) == (13 + is_installed()) * 3 + len(CHOSEN_FROM) + 1
    assert 0 < unread["EASE"].judged < judged / 4
    assert unread["EASE"].value < 0.6 < 0.7 < unread["content mean, recent"].value  # one of ten is a slot for them
    assert all(0 <= found["next post share of unread posts@10", method].value < 0.3 for method in CHOSEN_FROM)
    assert 0 <= found["next post confidence error", "learned blend"].value < 0.05
    recall = {method: metric.value for (measure, method), metric in found.items() if measure == "next post recall@10"}
    assert recall["random"] < 0.35 < 0.9 < recall["EASE"] <= 1
    used = {method for (_, method), metric in found.items() if metric.in_use}
    assert len(used) == 1
    assert used < set(CHOSEN_FROM)


def test_nothing_is_said_of_fewer_than_twenty_readers_of_three_posts():
    histories, posts = made_up(100)
    several = [history for history in histories if len(history.posts) >= 3]
    vectors = posts.vectors.astype(np.float32)

    assert judge_next_posts(articles(), vectors, several[:19]) == judge_readers(vectors, several[:19]) == []
    assert {metric.judged for metric in judge_next_posts(articles(), vectors, several[:20])} >= {20}
    assert judge_readers(vectors, several[:20])


def test_nothing_is_said_where_nobody_read_three_posts():
    assert judge_next_posts(articles(), np.eye(48, dtype=np.float32), []) == []
    two = History((((1, START), (2, START + 60)),))
    assert judge_next_posts(articles(), np.eye(48, dtype=np.float32), [two] * 9) == []


def test_the_most_read_posts_are_judged_alone_where_there_are_many(monkeypatch):
    monkeypatch.setattr(next_posts, "JUDGED_POSTS", 10)
    histories, posts = made_up(300)

    found = by_name(judge_next_posts(articles(), posts.vectors.astype(np.float32), histories))

    assert 0 < found["next post mrr", "EASE"].judged < 300
    assert found["next post recall@10", "random"].value == 1  # of ten posts


def test_the_order_of_readers_does_not_matter():
    histories, posts = made_up(80)
    vectors = posts.vectors.astype(np.float32)

    assert judge_next_posts(articles(), vectors, histories) == judge_next_posts(articles(), vectors, histories[::-1])
