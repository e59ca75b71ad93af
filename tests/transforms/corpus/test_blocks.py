import random

import apache_beam as beam
import pytest
from apache_beam.testing.util import assert_that, equal_to
from hypothesis import given
from hypothesis import strategies as st

from transforms.corpus.blocks import (
    BLOCK_CHARS,
    BLOCK_ROWS,
    group_into_blocks,
    make_ids_unique,
    text_blocks,
)
from transforms.corpus.group import GroupIntoBlocks
from transforms.corpus.text_parts import WHOLE_TEXT, article_text
from transforms.records import Article
from transforms.results import Collision
from transforms.sampling import bucket_of, sampled, wanted_id


def post(id_, path=None, **fields):
    return Article(id_, path or f"{id_}.md", "T", **fields)


def test_articles_that_share_an_id_both_stay_and_are_reported():
    unique, collisions = make_ids_unique(
        [post("b"), post("a", "a/index.md"), post("a", "a.md"), post("a", "a.markdown")]
    )
    assert [(article.id, article.path) for article in unique] == [
        ("a", "a.markdown"),
        ("a//2", "a.md"),
        ("a//3", "a/index.md"),
        ("b", "b.md"),
    ]
    assert collisions == [Collision("a.md", "a", "a//2"), Collision("a/index.md", "a", "a//3")]


@given(st.permutations([post("a"), post("a", url="/"), post("a", "a.mdx"), post("a", "a/index.md"), post("b")]))
def test_the_order_of_articles_does_not_matter(articles):
    assert make_ids_unique(articles) == make_ids_unique(articles[::-1])


def test_buckets_depend_on_the_id_and_the_corpus_alone():
    assert {bucket_of(f"post-{number}", 200) for number in range(50)} == {0}
    buckets = [bucket_of(f"post-{number}", 20_000) for number in range(20_000)]
    sizes = [buckets.count(bucket) for bucket in set(buckets)]
    assert len(sizes) == 100
    assert max(sizes) < 300


@pytest.mark.parametrize(
    ("id_", "wanted"), [("a//2", "a"), ("a/b//10", "a/b"), ("a/2", "a/2"), ("https://a/2", "https://a/2"), ("", "")]
)
def test_the_id_that_was_wanted(id_, wanted):
    assert wanted_id(id_) == wanted


@pytest.mark.parametrize("corpus_size", [1, 300, 900])
@pytest.mark.parametrize("seed", [0, 1])
def test_blocks_are_those_of_a_pipeline(corpus_size, seed):
    """By buckets, whether ids are unique already or not; as GroupIntoBlocks groups them."""
    articles = [post(f"{number:03}", body="words") for number in range(300)]
    articles += [post("007", "007.mdx"), post("100", "100.mdx")]
    shuffled = random.Random(seed).sample(articles, len(articles))
    blocks, collisions = group_into_blocks(shuffled, WHOLE_TEXT, corpus_size)
    with beam.Pipeline(runner="FnApiRunner") as pipeline:
        size = beam.pvalue.AsSingleton(pipeline | "Size" >> beam.Create([corpus_size]))
        grouped = pipeline | beam.Create(shuffled) | GroupIntoBlocks(WHOLE_TEXT, size)
        assert_that(grouped.blocks, equal_to(blocks, equals_fn=vars_equal))
        assert_that(grouped[GroupIntoBlocks.COLLISIONS], equal_to(collisions), label="collisions")
    again, none = group_into_blocks(make_ids_unique(articles)[0], WHOLE_TEXT, corpus_size)
    assert ([block.articles for block in again], none) == ([block.articles for block in blocks], [])


def vars_equal(one, other):
    return (one.articles, one.texts, one.whole) == (other.articles, other.texts, other.whole)


def test_blocks_are_cut_without_bodies_and_with_texts():
    articles = [post(f"{number:04}", body="words") for number in range(BLOCK_ROWS + 1)]
    first, second = text_blocks(articles, {"title": 1, "body": 2})
    assert (len(first), len(second)) == (BLOCK_ROWS, 1)
    assert second.articles == (post("0256"),)
    assert second.texts == ("T\nwords\nwords",)


def test_blocks_of_long_posts_have_fewer():
    bodies = ["a" * (BLOCK_CHARS // 3)] * 4 + ["b" * (BLOCK_CHARS + 1), "c", "d"]
    articles = [post(str(number), body=body) for number, body in enumerate(bodies)]
    blocks = text_blocks(articles, WHOLE_TEXT)
    assert ["".join(article.id for article in block.articles) for block in blocks] == ["012", "3", "4", "56"]
    assert list(text_blocks([], WHOLE_TEXT)) == []


def test_blocks_hold_whole_texts_besides():
    article = post("a", lede="L", headings=("H",), body="words")
    (cut,) = text_blocks([article], {"title": 1})
    assert cut.texts == ("T",)
    assert cut.whole == (article_text(article, WHOLE_TEXT),)
    (whole,) = text_blocks([article], WHOLE_TEXT)
    assert whole.texts == whole.whole == cut.whole


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ({"title": 2, "lede": 1}, "T\nT\nL"),
        ({"body": 1, "headings": 2}, "H1\nH2\nH1\nH2\nB"),
        ({}, ""),
    ],
)
def test_parts_come_in_a_fixed_order_as_often_as_they_count(parts, expected):
    assert article_text(Article("a", "a.md", "T", lede="L", headings=("H1", "H2"), body="B"), parts) == expected


def test_samples_have_about_the_size_asked_for_and_small_corpora_are_whole():
    assert all(sampled(f"post-{number}", 1000, 1000) for number in range(1000))
    assert 400 < sum(sampled(f"post-{number}", 5000, 500) for number in range(5000)) < 600
