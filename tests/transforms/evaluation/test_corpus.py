import dataclasses
import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.transforms.records_by_hand import (
    articles,
    assert_same,
    block,
    corpus_of,
    keys_of,
    made_up_blog,
    notes,
    random_unit,
    unit,
)
from transforms.corpus.tag_spelling import tag_matrix
from transforms.evaluation.corpus import gather_corpus
from transforms.records import Article


def noted_blog(count=20):
    posts, vectors = made_up_blog(count)
    keys = keys_of(posts)
    in_title, in_text = np.random.default_rng(1).integers(0, 4, (2, count, len(keys)))
    words = [(f"w{row}",) for row in range(count)]
    return posts, vectors, {"in_title": in_title, "in_text": in_text, "words": words}


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_blocks_in_any_order_make_the_same_corpus(order):
    posts, vectors, noted = noted_blog()
    keys = keys_of(posts)
    parts = [
        block(
            posts[start::3],
            vectors[start::3],
            neighbor_dim=4,
            notes=notes(len(posts[start::3]), keys, **{name: of[start::3] for name, of in noted.items()}),
        )
        for start in range(3)
    ]
    corpus = gather_corpus((parts[part] for part in order), keys)
    assert_same(corpus, corpus_of(posts, vectors, neighbor_dim=4, **noted))
    assert corpus.ids == [post.id for post in posts]
    assert len(corpus) == 20
    np.testing.assert_array_equal(corpus.vectors, vectors)
    np.testing.assert_allclose(corpus.near, unit(vectors[:, :4]), atol=1e-6)
    np.testing.assert_array_equal(corpus.in_text.toarray(), noted["in_text"])
    assert corpus.words == noted["words"]
    assert corpus.digests[3] == "digest of a03"


def test_rows_go_by_id_whatever_the_paths():
    posts = [Article(id_, path, "") for id_, path in (("b", "1.md"), ("c", "2.md"), ("a", "3.md"))]
    corpus = corpus_of(posts, np.eye(3), words=[("of b",), ("of c",), ("of a",)])
    assert corpus.ids == ["a", "b", "c"]
    assert corpus.words == [("of a",), ("of b",), ("of c",)]
    np.testing.assert_array_equal(corpus.vectors, np.eye(3)[[2, 0, 1]])


def test_tags_as_a_matrix():
    posts = articles(["B", "a", "Ａ"], [], ["c"])
    matrix = tag_matrix(posts, ["a", "b", "c", "unused"])
    assert matrix.toarray().tolist() == [[1, 1, 0, 0], [0, 0, 0, 0], [0, 0, 1, 0]]
    assert tag_matrix([], []).shape == (0, 0)
    assert corpus_of(posts, np.eye(3)).tagged.tolist() == [True, False, True]


def test_a_part_of_a_corpus():
    posts, vectors, noted = noted_blog()
    rows = np.array([3, 4, 11])
    part = corpus_of(posts, vectors, **noted).part(rows)
    for row, post in zip(rows, part.articles, strict=True):
        assert post == posts[row]
    np.testing.assert_array_equal(part.in_title.toarray(), noted["in_title"][rows])
    assert part.words == [noted["words"][row] for row in rows]
    assert part.keys == tuple(keys_of(posts))


@given(st.sets(st.integers(0, 19)))
@settings(max_examples=30, deadline=None)
def test_without_some_tags_it_is_the_corpus_of_articles_that_never_had_them(rows):
    posts, vectors, noted = noted_blog()
    bare = [dataclasses.replace(post, tags=()) if row in rows else post for row, post in enumerate(posts)]
    keys = keys_of(posts)
    left = [keys.index(key) for key in keys_of(bare)]
    noted_left = noted | {name: noted[name][:, left] for name in ("in_title", "in_text")}
    corpus = corpus_of(posts, vectors, **noted)
    assert_same(corpus.without_tags(np.array(sorted(rows), np.int64)), corpus_of(bare, vectors, **noted_left))
    assert_same(corpus, corpus_of(posts, vectors, **noted))


def test_tags_that_nobody_else_carries_go():
    corpus = corpus_of(articles(["a", "solo"], ["a"]), np.eye(2), in_text=[[0, 5], [7, 0]])
    hidden = corpus.without_tags(np.array([0]))
    assert hidden.keys == ("a",)
    assert hidden.in_text.toarray().tolist() == [[0], [7]]
    assert hidden.articles[0].tags == ()
    nothing = corpus.without_tags(np.array([0, 1]))
    assert (nothing.keys, nothing.carriers.shape, nothing.tagged.tolist()) == ((), (2, 0), [False, False])


def test_one_article_is_a_corpus():
    corpus = corpus_of(articles([]), random_unit(1, 3))
    assert (len(corpus), corpus.keys, corpus.age.tolist()) == (1, (), [0])
