import apache_beam as beam
import pytest
from apache_beam.pvalue import AsSingleton
from apache_beam.testing.util import assert_that, equal_to

from tests.transforms.plumbing.keeping import keeping_parts
from transforms.corpus import group
from transforms.corpus.group import GroupByBucket, buckets_on_a_shelf


@pytest.mark.parametrize(
    ("files", "buckets"),
    [(0, 1), (1, 1), (500, 1), (100_000, 1), (102_400, 2), (300_000, 5), (10_000_000, 64), (10**9, 64)],
)
def test_as_many_buckets_stand_on_a_shelf_as_the_corpus_is_large(files, buckets):
    assert buckets_on_a_shelf(files) == buckets


@pytest.mark.parametrize("shelves", [256, 3, 1])
def test_elements_are_grouped_by_bucket_whatever_stands_on_a_shelf(shelves, tmp_path, monkeypatch):
    monkeypatch.setattr(group, "SHELVES", shelves)
    keyed = [(number % 7, number) for number in range(100)]
    with keeping_parts(tmp_path) as pipeline:
        files = pipeline | "Files" >> beam.Create([7 * 200])
        grouped = (
            pipeline
            | beam.Create(keyed)
            | GroupByBucket(AsSingleton(files))
            | beam.MapTuple(lambda bucket, numbers: (bucket, sorted(numbers)))
        )
        assert_that(grouped, equal_to([(bucket, list(range(bucket, 100, 7))) for bucket in range(7)]))
