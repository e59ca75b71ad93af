"""Articles grouped into blocks in a pipeline."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import apache_beam as beam
from apache_beam.pvalue import AsSingleton, PCollection, TaggedOutput

from transforms.corpus.blocks import make_ids_unique, text_blocks
from transforms.plumbing.composite import Composite
from transforms.records import Article, Block, TextBlock
from transforms.sampling import bucket_of


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
            | "GroupByBucket" >> beam.GroupByKey()
            | "CutBlocks" >> beam.FlatMap(_cut, self.parts).with_outputs(self.COLLISIONS, main="blocks")
        )


@dataclass(eq=False, repr=False)
class CountArticles(Composite):
    """Blocks -> the number of their articles: the size of a corpus, of which many files may be no article."""

    def expand(self, blocks: PCollection[TextBlock | Block]) -> PCollection[int]:
        """Count, add up; 0 where there is no block."""
        return blocks | "Count" >> beam.Map(len) | "AddUp" >> beam.CombineGlobally(sum)


def _keyed(article: Article, files: int) -> tuple[int, Article]:
    return bucket_of(article.id, files), article


def _cut(bucket: tuple[int, Iterable[Article]], parts: Mapping[str, int]) -> Iterator[TextBlock | TaggedOutput]:
    articles, collisions = make_ids_unique(bucket[1])
    yield from text_blocks(articles, parts)
    for collision in collisions:
        yield TaggedOutput(GroupIntoBlocks.COLLISIONS, collision)
