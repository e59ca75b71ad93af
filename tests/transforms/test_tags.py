import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.transforms.records_by_hand import articles, block, random_unit, unit
from transforms.records import Article, TagScore
from transforms.spelling import count_spellings, respell, tag_blocks, tag_names
from transforms.tags import add_sums, mean_vectors, recommend_tags, score_tags, sum_by_tag, tag_table


def table_of(posts, vectors, named=()):
    names = tag_names([count_spellings(posts)])
    return tag_table(sum_by_tag(posts, vectors), names, named, vectors.shape[1])


def test_means_are_directions_of_the_sums():
    vectors = unit([[1, 0], [0, 1], [1, 1]])
    table = table_of(articles(["x"], ["x", "y"], []), vectors)
    assert table.keys == ("x", "y")
    assert table.counts.tolist() == [2, 1]
    np.testing.assert_allclose(mean_vectors(table.sums), unit([[1, 1], [0, 1]]), atol=1e-6)


def test_leave_one_out_against_numpy():
    rng = np.random.default_rng(1)
    posts = articles(*[[tag for tag in "abcd" if rng.random() < 0.5] for _ in range(20)])
    vectors = random_unit(20, 6)
    table = table_of(posts, vectors)
    scores = score_tags(posts, vectors, table, "means")
    for row in range(len(posts)):
        for column, tag in enumerate(table.keys):
            others = [other for other, carrier in enumerate(posts) if tag in carrier.tags and other != row]
            mean = vectors[others].astype(np.float64).mean(axis=0)
            assert scores[row, column] == pytest.approx(vectors[row] @ mean / np.linalg.norm(mean), abs=1e-4)


def test_a_tag_used_once_is_not_recommended_to_its_owner():
    posts = articles(["solo"], ["pair"], ["pair"])
    vectors = unit([[1, 0], [1, 0.2], [1, 0.1]])
    owner, other, _ = recommend_tags(posts, vectors, table_of(posts, vectors), 10)
    assert [tag.tag for tag in owner.recommended] == ["pair"]
    assert other.recommended[0] == TagScore("pair", 0.9952, present=True)
    assert other.recommended[1] == TagScore("solo", 0.9806, present=False)


def test_names_compare_with_the_encoded_name():
    posts = articles(["x"], ["y"])
    named = block([Article(key, "", key) for key in "xy"], unit([[0, 1], [1, 0]]))
    vectors = unit([[1, 0], [0, 1]])
    table = table_of(posts, vectors, [named])
    assert [tag.tag for tag in recommend_tags(posts, vectors, table, 1, "names")[0].recommended] == ["y"]


def test_no_tags_and_zero_vectors_have_no_recommendation():
    vectors = unit([[1, 0], [0, 0]])
    assert recommend_tags(articles([], []), vectors, table_of(articles([], []), vectors), 5)[0].recommended == ()
    posts = articles(["x"], [])
    assert recommend_tags(posts, vectors, table_of(posts, vectors), 5)[1].recommended == ()


@given(st.permutations(range(12)), st.integers(1, 11))
def test_sums_are_the_same_in_any_order_and_split(order, cut):
    posts = articles(*[["t"]] * 12)
    vectors = random_unit(12, 5)
    whole = sum_by_tag(posts, vectors)["t"]
    parts = [sum_by_tag([posts[row] for row in rows], vectors[list(rows)])["t"] for rows in (order[:cut], order[cut:])]
    count, total = add_sums(parts)
    assert count == whole[0]
    assert total.tobytes() == whole[1].tobytes()


def test_tags_are_shown_in_the_spelling_used_most():
    posts = articles(["Python"], ["python", "Go"], ["Ｐｙｔｈｏｎ"], ["python"])
    names = tag_names([count_spellings(posts[:2]), count_spellings(posts[2:])])
    assert names == {"python": "python", "go": "Go"}
    assert respell(posts[2], names).tags == ("python",)


def test_equally_used_spellings_go_by_code_point():
    assert tag_names([count_spellings(articles(["rust"], ["Rust"]))]) == {"rust": "Rust"}


def test_tag_names_become_texts_to_encode():
    blocks = list(tag_blocks({"b": "B", "a": "A", "c": "C"}, 2))
    assert [block.texts for block in blocks] == [("A", "B"), ("C",)]
    assert [article.id for block in blocks for article in block.articles] == ["a", "b", "c"]
