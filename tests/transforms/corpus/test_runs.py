from collections import Counter
from dataclasses import replace

import apache_beam as beam
import numpy as np
import pytest
from apache_beam.testing.util import assert_that
from hypothesis import given
from hypothesis import strategies as st
from scipy import sparse

from transforms.corpus import runs, survey
from transforms.corpus.runs import (
    FEW,
    HASHES,
    KEPT,
    LEAST,
    LENGTH,
    add_runs,
    common_runs,
    count_runs,
    hash_runs,
    no_sketches,
    repeated_runs,
    repeated_shares,
    runs_of,
    sketch,
    sketches,
)
from transforms.corpus.text_parts import WHOLE_TEXT, article_text
from transforms.corpus.tokens import BREAK, tokenize
from transforms.records import Article, TextBlock
from transforms.sampling import sampled

WORDS = st.lists(st.sampled_from([*"abcdefg", BREAK]), max_size=40)
SOME_RUNS = st.lists(st.frozensets(st.integers(0, 30)), min_size=1, max_size=9)


def as_runs(numbers):
    return np.array(sorted(numbers), np.int32)


def runs_by_hand(tokens):
    words = [token for token in tokens if token != BREAK]
    return {tuple(words[start : start + LENGTH]) for start in range(len(words) - LENGTH + 1)}


@given(WORDS, WORDS)
def test_runs_are_told_apart_by_their_words_in_their_order(left, right):
    one, other = runs_by_hand(left), runs_by_hand(right)
    hashes = [set(hash_runs(tokens).tolist()) for tokens in (left, right)]
    assert (len(hashes[0]), len(hashes[1])) == (len(one), len(other))
    assert len(hashes[0] & hashes[1]) == len(one & other)


def test_hashes_are_the_same_on_every_machine():
    found = hash_runs(["a", "fox", "runs", "over", "the", "hill"])
    assert found.tolist() == [39009027, 2035583308]
    assert found.dtype == np.int32
    assert hash_runs(["a", "fox", BREAK, "runs"]).tolist() == hash_runs([]).tolist() == []


@pytest.mark.parametrize(
    "text", ["機械学習のモデルを評価する方法を説明します", "วิธีทำแกงเขียวหวานใส่กะทิ", "评估模型的方法"]
)
def test_a_script_without_spaces_has_runs_too(text):
    found = set(hash_runs(tokenize(text)).tolist())
    assert len(found) > 1
    assert found < set(hash_runs(tokenize(f"自転車の修理\n{text}")).tolist())


@given(
    st.lists(st.sampled_from(["one", "two", "データ", "学習", "", "a\nb", "Ａ\u00adb"]), min_size=3, max_size=3),
    st.lists(st.sampled_from(["alpha", "beta", "gamma", "機械学習", "\n", "delta"]), max_size=30),
)
def test_the_runs_of_an_article_are_those_of_its_body(head, words):
    title, lede, heading = head
    body = " ".join(words).strip("\n")
    article = Article("a", "a.md", title, lede=lede, headings=(heading, title))
    whole = article_text(Article("a", "a.md", title, lede=lede, headings=(heading, title), body=body), WHOLE_TEXT)
    assert runs_of(article, whole).tolist() == hash_runs(tokenize(body)).tolist()


@given(SOME_RUNS, st.integers(1, 3))
def test_runs_are_counted_by_the_posts_that_have_them(posts, parts):
    chunks = [posts[part::parts] for part in range(parts)]
    counted = add_runs([count_runs(map(as_runs, chunk)) for chunk in chunks])
    expected = Counter(run for of_post in posts for run in of_post)
    assert dict(zip(counted.hashes.tolist(), counted.posts.tolist(), strict=True)) == expected
    assert counted.hashes.tolist() == sorted(expected)
    for corpus_size, few in ((len(posts), 3), (10_001, 2), (99_999, 2), (100_000, 1)):
        common = sorted(run for run, count in expected.items() if count > few)
        assert common_runs(counted, corpus_size).tolist() == common


def test_a_sketch_keeps_the_lowest_of_a_posts_own_runs():
    kept, repeated = sketch(as_runs(range(1000)), as_runs([0, 2]), as_runs(range(9)))
    assert (kept.tolist(), repeated.tolist()) == ([1, *range(3, KEPT + 2)], [False] * KEPT)


def test_a_sketch_keeps_the_lowest_of_all_runs_where_most_are_common():
    kept, repeated = sketch(as_runs(range(1000)), as_runs(range(10, 600)), as_runs(range(8, 700)))
    assert (kept.tolist(), repeated.tolist()) == ([*range(KEPT)], [run >= 8 for run in range(KEPT)])


@pytest.mark.parametrize(
    ("own", "common", "own_kept", "common_kept"),
    [
        (LEAST, 0, True, True),
        (LEAST - 1, 0, False, False),
        (LEAST, LEAST, True, False),
        (LEAST, LEAST + 1, True, True),
        (LEAST - 1, 1, True, True),
        (0, LEAST, True, True),
        (0, LEAST - 1, False, False),
    ],
)
def test_what_is_kept_of_a_post_depends_on_its_runs(own, common, own_kept, common_kept):
    shared = as_runs(range(500, 500 + common))
    kept, _ = sketch(np.union1d(as_runs(range(own)), shared), shared, shared)
    assert kept.tolist() == [*range(own * own_kept), *shared.tolist()[: common * common_kept]]


def sketched(posts, chosen=None):
    counted = count_runs(posts if chosen is None else chosen)
    return sketches(posts, common_runs(counted, len(posts)), repeated_runs(counted))


def test_what_many_posts_have_is_in_no_sketch():
    template = range(100, 140)
    posts = [as_runs([*template, *range(1000 * post, 1000 * post + 60)]) for post in range(FEW + 1)]
    assert not set(template) & set(sketched(posts).indices.tolist())
    assert set(template) <= set(sketched(posts[:FEW]).indices.tolist())


def test_sketches_are_a_row_for_each_post():
    posts = [range(30), [], [HASHES - 1, *range(40, 70)], range(80, 100)]
    made = sketches(list(map(as_runs, posts)), as_runs([41, *range(80, 100)]), as_runs([3, 41, *range(81, 100)]))
    assert made.shape == (4, HASHES)
    kept = [[*range(30)], [], [40, *range(42, 70), HASHES - 1], [*range(80, 100)]]
    assert [row.indices.tolist() for row in made] == kept
    assert (made.dtype, made.indices.dtype) == (np.int8, np.int32)
    assert repeated_shares(made).tolist() == [0, 0, 0, 0.95]
    assert made.has_canonical_format
    assert no_sketches(4).shape == (4, HASHES)
    assert no_sketches(4).nnz == 0


def posts_with_a_template():
    bodies = [" ".join(f"{of}{number}" for of in ("own", f"p{post}") for number in range(40)) for post in range(4)]
    bodies += [f"{bodies[0]} and more", "short"]
    posts = [Article(f"a{row}", f"a{row}.md", f"Title {row}", headings=("own0",)) for row in range(len(bodies))]
    wholes = [article_text(replace(post, body=body), WHOLE_TEXT) for post, body in zip(posts, bodies, strict=True)]
    return posts, bodies, wholes


@pytest.mark.parametrize("counted", [runs.COUNTED_POSTS, 1])
def test_the_transforms_sketch_what_the_functions_sketch(monkeypatch, counted):
    for module in (runs, survey):
        monkeypatch.setattr(module, "COUNTED_POSTS", counted)
    posts, bodies, wholes = posts_with_a_template()
    of_posts = [hash_runs(tokenize(body)) for body in bodies]
    chosen = [of_post for post, of_post in zip(posts, of_posts, strict=True) if sampled(post.id, len(posts), counted)]
    expected = sketched(of_posts, chosen)
    parts = [slice(2, 3), slice(3, None), slice(2)]
    blocks = [TextBlock("articles", tuple(posts[part]), ("",) * 6, tuple(wholes[part])) for part in parts]

    def noted(results):
        ordered = sorted(results, key=lambda block: block.articles[0].id)
        assert (sparse.vstack([block.notes.runs for block in ordered]) != expected).nnz == 0

    with beam.Pipeline(runner="FnApiRunner") as pipeline:
        given = pipeline | beam.Create(blocks)
        size = beam.pvalue.AsSingleton(pipeline | "Files" >> beam.Create([len(posts)]))
        the_survey = beam.pvalue.AsSingleton(given | survey.SurveyTexts(size))
        assert_that(given | survey.TakeNotes(the_survey), noted)
    template = common_runs(count_runs(of_posts), len(posts))
    assert len(template) == 36
    assert bool(set(template.tolist()) & set(expected.indices.tolist())) == (counted == 1)
