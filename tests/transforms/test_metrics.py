import math

import pytest

from tests.transforms.records_by_hand import articles, block, random_unit, unit
from transforms.metrics import RELATED, TAGS, average_precision, dice, dice_at_k, evaluate, oldest_first, random_related
from transforms.records import Article, Neighbor, Related
from transforms.spelling import count_spellings, tag_names
from transforms.tags import sum_by_tag, tag_table

A, B, AB = frozenset("a"), frozenset("b"), frozenset("ab")


def test_dice_by_hand():
    assert dice(A, AB) == pytest.approx(2 / 3)
    assert dice(A, B) == 0
    assert dice(frozenset(), frozenset()) == 0


def test_dice_at_4_by_hand():
    weights = [1, 1 / math.log2(3), 0.5, 1 / math.log2(5)]
    expected = (weights[0] * 2 / 3 + weights[2] * 1) / sum(weights)
    assert dice_at_k(A, [AB, B, A]) == pytest.approx(expected)
    assert dice_at_k(A, [A] * 9) == pytest.approx(1)


def test_average_precision_by_hand():
    assert average_precision(AB, ["x", "a", "y", "b"]) == pytest.approx((1 / 2 + 2 / 4) / 2)
    assert average_precision(AB, ["a"]) == pytest.approx(1 / 2)
    assert average_precision(frozenset("abcdefghijkl"), list("abcdefghijkl")) == pytest.approx(1)


def test_articles_without_date_go_by_file_name():
    posts = [
        Article("b", "x/2021-b.md", "", None, ("t",)),
        Article("a", "y/a.md", "", "2020-01-01", ("t",)),
        Article("c", "c.md", ""),
    ]
    assert oldest_first(posts) == [1, 0]


def evaluated(posts, vectors, related):
    table = tag_table(sum_by_tag(posts, vectors), tag_names([count_spellings(posts)]), (), vectors.shape[1])
    return {(row.measure, row.method): row for row in evaluate([block(posts, vectors)], related, table, "means")}


def test_evaluate_by_hand():
    # Six oldest of seven train; the newest, a6, stands on x's mean, and its tag z is unseen.
    posts = articles(["x"], ["x"], ["y"], ["y"], ["y"], [], ["x"], ["x", "z"])
    vectors = unit([[1, 0], [1, 0], [0, 1], [0, 1], [0, 1], [1, 1], [1, 0.1], [1, 0.1]])
    related = [Related("a0", (Neighbor("a1", 1.0), Neighbor("a7", 0.9)))]
    metrics = evaluated(posts, vectors, related)
    weights = [1, 1 / math.log2(3), 0.5, 1 / math.log2(5)]
    row = metrics[RELATED, "text"]
    assert row.value == pytest.approx((weights[0] + weights[1] * 2 / 3) / sum(weights) / 7, abs=1e-4)
    assert row.judged == 7
    assert row.in_use
    assert metrics[TAGS, "means"].value == pytest.approx((1 + 0.5) / 2)
    assert metrics[TAGS, "most popular"].value == pytest.approx((0.5 + 0.25) / 2)
    assert {method for measure, method in metrics if measure == TAGS} == {"means", "names", "most popular", "random"}


def test_without_tags_nothing_is_judged():
    assert evaluated(articles([], []), random_unit(2, 3), []) == {}


def test_with_one_tagged_article_no_tag_is_judged_a_hit():
    metrics = evaluated(articles(["x"], []), random_unit(2, 3), [])
    assert metrics[TAGS, "means"].value == 0
    assert metrics[TAGS, "means"].judged == 1


@pytest.mark.parametrize(("posts", "others"), [(0, 0), (1, 0), (3, 2), (5, 4), (9, 4)])
def test_random_related_are_different_other_articles(posts, others):
    drawn = random_related(articles(*[[]] * posts))
    assert len(drawn) == posts
    assert all(id_ not in draw and len(set(draw)) == others for id_, draw in drawn.items())
