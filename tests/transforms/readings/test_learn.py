import apache_beam as beam
import numpy as np
import pytest
from apache_beam.pvalue import AsSingleton
from apache_beam.testing.util import assert_that

from tests.transforms.readings.test_learned import IDS, learn_of, same
from tests.transforms.readings.test_next_post import DAY, START, made_up
from tests.transforms.records_by_hand import block
from transforms.readings import learn, learned
from transforms.readings.addresses import PostAddresses
from transforms.readings.learn import LearnFromReaders
from transforms.readings.tally import Tally, summarise
from transforms.records import Article

DATE = "2023-11-14"
"""The day of START."""


def taught(histories, vectors, check, published=True):
    articles = [Article(id_, f"{id_}.md", id_, DATE) for id_ in IDS]
    blocks = [block(articles[rows], vectors[rows].astype(np.float32)) for rows in (slice(0, 30), slice(30, 48))]
    with beam.Pipeline("FnApiRunner") as pipeline:
        posts = pipeline | "Blocks" >> beam.Create(blocks)
        addresses = AsSingleton(pipeline | "Addresses" >> beam.Create([PostAddresses({}, IDS)]))
        summary = AsSingleton(pipeline | "Summary" >> beam.Create([summarise(Tally(), 3, published)]))
        found = pipeline | "Histories" >> beam.Create(histories)
        assert_that(found | LearnFromReaders(posts, addresses, summary, 3), check)


@pytest.mark.parametrize("limit", [1000, 60])
def test_what_readers_teach_is_learned_in_one_place(monkeypatch, limit):
    for module in (learn, learned):
        monkeypatch.setattr(module, "SAMPLED_READERS", limit)
    histories, posts = made_up(300)
    born = np.full(48, START // DAY * DAY - 14 * 3600)

    def check(rows):
        (row,) = rows
        np.testing.assert_array_equal(row.posts.born, born)
        assert row.reads.readers.max() == min(limit, 300) - 1
        same(row, learn_of(histories, type(posts)(row.posts.vectors, born)))

    taught(histories[::-1], posts.vectors, check)


def test_a_log_without_readers_teaches_nothing():
    def check(rows):
        (row,) = rows
        assert not row.published
        assert row.ids == IDS
        assert len(row.reads) == 0

    taught([], made_up(1)[1].vectors, check, published=False)
