import apache_beam as beam
import numpy as np
import pytest
from apache_beam.testing.util import assert_that
from hypothesis import given
from hypothesis import strategies as st

from tests.transforms.records_by_hand import articles, block, made_up_blog, random_unit, table_of, unit
from transforms.corpus.tag_means import TagMeans
from transforms.corpus.tag_table import ALL, FIXED_POINT, add_sums, mean_vectors, sum_by_tag
from transforms.records import Article
from transforms.results import TagScore
from transforms.tags.cosines import pick_tags, recommend_tags, score_tags


def test_means_are_directions_of_the_sums():
    vectors = unit([[1, 0], [0, 1], [1, 1]])
    table = table_of(articles(["x"], ["x", "y"], []), vectors)
    assert table.keys == ("x", "y")
    assert table.counts.tolist() == [2, 1]
    np.testing.assert_allclose(mean_vectors(table.sums), unit([[1, 1], [0, 1]]), atol=1e-6)


def test_the_table_knows_the_moments_of_all_tagged_posts():
    posts = articles(["x"], [], ["x", "y"], ["y"])
    vectors = random_unit(4, 3)
    table = table_of(posts, vectors)
    tagged = vectors[[0, 2, 3]].astype(np.float64)
    assert table.posts == 3
    np.testing.assert_allclose(table.total / FIXED_POINT, tagged.sum(axis=0), atol=1e-8)
    np.testing.assert_allclose(table.gram / FIXED_POINT, tagged.T @ tagged, atol=1e-8)


def test_no_tags_make_an_empty_table():
    table = table_of(articles([], []), random_unit(2, 3))
    assert (table.keys, table.posts) == ((), 0)
    assert [array.shape for array in (table.sums, table.name_vectors, table.total, table.gram)] == [
        (0, 3), (0, 3), (3,), (3, 3),
    ]  # fmt: skip
    assert not table.gram.any()


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


def test_the_highest_scores_are_picked_ties_by_key_and_none_below_the_least():
    posts = articles(["A"], ["b", "c", "d"])
    table = table_of(posts, random_unit(2, 3))
    scores = np.array([[0.5, 0.7, 0.7, 0.0], [0.1, 0.2, -np.inf, 0.3]])

    def picked(count, least):
        return [[tag.tag for tag in row.recommended] for row in pick_tags(posts, scores, table, count, least)]

    assert picked(4, 0.0) == [["b", "c", "A"], ["d", "b", "A"]]
    assert picked(2, 0.0) == [["b", "c"], ["d", "b"]]
    assert picked(4, 0.2) == [["b", "c", "A"], ["d", "b"]]
    assert pick_tags(posts, scores, table, 3)[0].recommended[2] == TagScore("A", 0.5, present=True)


@given(st.permutations(range(12)), st.integers(1, 11))
def test_sums_are_the_same_in_any_order_and_split(order, cut):
    posts = articles(*[["t"]] * 12)
    vectors = random_unit(12, 5)
    whole = sum_by_tag(posts, vectors)
    halves = [sum_by_tag([posts[row] for row in rows], vectors[list(rows)]) for rows in (order[:cut], order[cut:])]
    count, total = add_sums([half["t"] for half in halves])
    assert count == whole["t"][0]
    assert total.tobytes() == whole["t"][1].tobytes()
    count, moments = add_sums([half[ALL] for half in halves])
    assert count == whole[ALL][0]
    assert np.abs(moments - whole[ALL][1]).max() <= 2  # each half of a Gram matrix is rounded


def test_posts_without_tags_add_nothing():
    ((key, (count, moments)),) = sum_by_tag(articles([], []), random_unit(2, 3)).items()
    assert (key, count, moments.shape, moments.any()) == (ALL, 0, (4, 3), False)


@pytest.mark.parametrize("untagged", [0.2, 1.0])
def test_the_transform_lays_out_what_the_function_lays_out(untagged):
    posts, vectors = made_up_blog(30, untagged=untagged)
    named = block([Article(f"t{topic}", "", "") for topic in range(6)], random_unit(6, 12))
    expected = table_of(posts, vectors, [named])

    def same(tables):
        (table,) = tables
        for name, value in vars(expected).items():
            if name == "gram":  # a Gram matrix is rounded block by block
                assert np.abs(table.gram - value).max() <= 3
            else:
                np.testing.assert_array_equal(getattr(table, name), value, err_msg=name)

    with beam.Pipeline(runner="FnApiRunner") as pipeline:
        blocks = pipeline | beam.Create([block(posts[part::3], vectors[part::3]) for part in range(3)])
        names = pipeline | "Names" >> beam.Create([dict(zip(expected.keys, expected.names, strict=True))])
        encoded = beam.pvalue.AsIter(pipeline | "Named" >> beam.Create([named]))
        assert_that(blocks | TagMeans(names, encoded), same)
