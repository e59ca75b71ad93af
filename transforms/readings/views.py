"""How often posts are read by their logs, as the views of articles of which none are known."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass

import apache_beam as beam
from apache_beam.pvalue import PCollection

from transforms.plumbing.composite import Composite
from transforms.plumbing.gather import Gather
from transforms.plumbing.side_inputs import as_singleton
from transforms.readings.neighbors import ReadPosts
from transforms.records import Article, Block
from transforms.sampling import key_of


@dataclass(eq=False, repr=False)
class CountReadsAsViews(Composite):
    """Blocks -> Blocks whose articles have the reads of `read_posts`, ReadPosts, as views.

    Where views of any article are known, all stay as they are: page views and reads are not to be compared.
    """

    read_posts: PCollection[ReadPosts]

    def expand(self, blocks: PCollection[Block]) -> PCollection[Block]:
        """Ask whether views are known, add."""
        known = blocks | "Known" >> beam.Map(_has_views) | "Any" >> Gather(any)
        return blocks | "Add" >> beam.Map(
            _with_reads, as_singleton(self.read_posts, "reads"), as_singleton(known, "known views")
        )


def with_reads(articles: Sequence[Article], read: ReadPosts) -> tuple[Article, ...]:
    """Give articles how often they were read as views, rounded down as in ReadPosts; None to those that few read."""
    reads = dict(zip(read.keys.tolist(), read.reads.tolist(), strict=True))
    return tuple(dataclasses.replace(article, views=reads.get(key_of(article.id))) for article in articles)


def _has_views(block: Block) -> bool:
    return any(article.views is not None for article in block.articles)


def _with_reads(block: Block, read: ReadPosts, known: bool) -> Block:
    return block if known else dataclasses.replace(block, articles=with_reads(block.articles, read))
