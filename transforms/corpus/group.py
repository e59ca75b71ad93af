"""Articles grouped into blocks in a pipeline."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import apache_beam as beam
from apache_beam.pvalue import AsSingleton, PCollection, TaggedOutput

from transforms.corpus.blocks import make_ids_unique, text_blocks
from transforms.plumbing.composite import Composite
from transforms.plumbing.group_on_disk import GroupOnDisk
from transforms.records import Article, Block, TextBlock
from transforms.sampling import bucket_of, count_buckets

SHELVES = 256
"""The buckets of a large corpus stand on at least so many shelves."""
SHELF_BUCKETS = 64
"""So many buckets stand on one shelf at most: a worker holds their articles at once."""


@dataclass(eq=False, repr=False)
class GroupByBucket(Composite):
    """(bucket, element) -> (bucket, list of its elements), in any order; `files` is the number of files.

    The buckets of a shelf are grouped on disk together, else what a bundle puts down for each would be small and many.
    """

    files: AsSingleton

    def expand(self, keyed: PCollection[tuple[int, Any]]) -> PCollection[tuple[int, list[Any]]]:
        """Put on shelves, group, tell apart."""
        return (
            keyed
            | "Shelve" >> beam.Map(_shelve, self.files)
            | "GroupByShelf" >> GroupOnDisk()
            | "Unshelve" >> beam.FlatMap(_unshelve)
        )


@dataclass(eq=False, repr=False)
class GroupIntoBlocks(Composite):
    """Articles -> TextBlocks, and Collisions under the tag `collisions`; `files` is the number of files."""

    COLLISIONS = "collisions"

    parts: Mapping[str, int]
    files: AsSingleton

    def expand(self, articles: PCollection[Article]) -> beam.pvalue.DoOutputsTuple:
        """Key by bucket, group, cut."""
        return (
            articles
            | "KeyByBucket" >> beam.Map(_keyed, self.files)
            | "GroupByBucket" >> GroupByBucket(self.files)
            | "CutBlocks" >> beam.FlatMap(_cut, self.parts).with_outputs(self.COLLISIONS, main="blocks")
        )


@dataclass(eq=False, repr=False)
class CountArticles(Composite):
    """Blocks -> the number of their articles: the size of a corpus, of which many files may be no article."""

    def expand(self, blocks: PCollection[TextBlock | Block]) -> PCollection[int]:
        """Count, add up; 0 where there is no block."""
        return blocks | "Count" >> beam.Map(len) | "AddUp" >> beam.CombineGlobally(sum)


def buckets_on_a_shelf(files: int) -> int:
    """Tell how many buckets stand on a shelf in a corpus read from so many files: one, unless it is large."""
    return min(max(count_buckets(files) // SHELVES, 1), SHELF_BUCKETS)


def _shelve(keyed: tuple[int, Any], files: int) -> tuple[int, tuple[int, Any]]:
    return keyed[0] // buckets_on_a_shelf(files), keyed


def _unshelve(shelf: tuple[int, Iterable[tuple[int, Any]]]) -> Iterator[tuple[int, list[Any]]]:
    buckets: dict[int, list[Any]] = {}
    for bucket, element in shelf[1]:
        buckets.setdefault(bucket, []).append(element)
    yield from buckets.items()


def _keyed(article: Article, files: int) -> tuple[int, Article]:
    return bucket_of(article.id, files), article


def _cut(bucket: tuple[int, Iterable[Article]], parts: Mapping[str, int]) -> Iterator[TextBlock | TaggedOutput]:
    articles, collisions = make_ids_unique(bucket[1])
    yield from text_blocks(articles, parts)
    for collision in collisions:
        yield TaggedOutput(GroupIntoBlocks.COLLISIONS, collision)
