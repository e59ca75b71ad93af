import dataclasses

import apache_beam as beam
import numpy as np
import pytest
from apache_beam.testing.util import assert_that, equal_to

from tests.transforms.records_by_hand import articles, block, unit
from transforms.readings.neighbors import ReadPosts
from transforms.readings.views import CountReadsAsViews, with_reads
from transforms.sampling import key_of

POSTS = articles(["x"], ["y"], ["z"], dates=["2020-01-01"] * 3)
VECTORS = unit([[1, 0], [0, 1], [1, 1]])


def read_posts(reads):
    """How often each of some posts was read, in the order of their keys."""
    keys = sorted((key_of(POSTS[row].id), times) for row, times in reads.items())
    keys, times = (np.array(column, np.int64) for column in zip(*keys, strict=True))
    return ReadPosts(keys, times, times)


def test_views_are_how_often_articles_were_read():
    found = with_reads(POSTS, read_posts({0: 20, 2: 5}))
    assert [article.views for article in found] == [20, None, 5]
    assert [dataclasses.replace(article, views=None) for article in found] == list(POSTS)


def test_nothing_is_known_where_nothing_was_read():
    nothing = ReadPosts(*np.zeros((3, 0), np.int64))
    assert with_reads(POSTS, nothing) == tuple(POSTS)


@pytest.mark.parametrize(("views", "expected"), [(None, [20, None, 5]), (7, [None, None, 7])])
def test_views_that_are_known_of_any_article_stay_those_of_all(views, expected):
    given = [*POSTS[:2], dataclasses.replace(POSTS[2], views=views)]
    blocks = [block(given[:1], VECTORS[:1]), block(given[1:], VECTORS[1:])]
    with beam.Pipeline(runner="FnApiRunner") as pipeline:
        read = pipeline | "Read" >> beam.Create([read_posts({0: 20, 2: 5})])
        found = pipeline | "Blocks" >> beam.Create(blocks) | CountReadsAsViews(read)
        views = found | beam.FlatMap(lambda of: [(article.id, article.views) for article in of.articles])
        assert_that(views, equal_to([(post.id, of) for post, of in zip(POSTS, expected, strict=True)]))
