"""What reading logs tell of an encoder, and of other ways to say what is read next, measured in a pipeline."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import apache_beam as beam
import numpy as np
from apache_beam.pvalue import AsIter, AsSingleton, PCollection

from transforms.evaluation.next_posts import judge_next_posts, judge_readers
from transforms.numerics.arrays import leading
from transforms.plumbing.composite import Composite
from transforms.plumbing.gather import Gather, GatherEach
from transforms.plumbing.metrics import measured
from transforms.plumbing.side_inputs import as_singleton
from transforms.readings.addresses import PostAddresses, post_addresses
from transforms.readings.files import LogReader
from transforms.readings.read import ReadHistories
from transforms.readings.reads import renumbered
from transforms.readings.visits import History
from transforms.records import Article, Block
from transforms.results import Assessed
from transforms.site.addresses import Place
from transforms.site.places import place_of
from transforms.site.site_model import Site


class ReadPosts(NamedTuple):
    """Readers' histories, and the PostAddresses that number the posts in them."""

    histories: PCollection[History]
    addresses: PCollection[PostAddresses]


@dataclass(eq=False, repr=False)
class ReadReaders(Composite):
    """Articles on a `site` -> ReadPosts of the logs that `patterns` name, as `reader` reads them."""

    patterns: Sequence[str]
    reader: LogReader
    site: Site

    def expand(self, articles: PCollection[Article]) -> ReadPosts:
        """Gather the addresses, read."""
        places = articles | "Places" >> beam.Map(_place, self.site)
        addresses = places | "Addresses" >> Gather(functools.partial(post_addresses, base=self.site.base))
        read = articles.pipeline | "Histories" >> ReadHistories(
            self.patterns, self.reader, as_singleton(addresses, "addresses")
        )
        return ReadPosts(read.histories, addresses)


@dataclass(eq=False, repr=False)
class AssessNextPosts(Composite):
    """Blocks of an encoder, of all posts or of a sample -> Assessed, given `histories` and their PostAddresses.

    `encoder` and `text` name what is assessed.
    """

    histories: AsIter
    addresses: AsSingleton
    encoder: str
    text: str

    def expand(self, blocks: PCollection[Block]) -> PCollection[Assessed]:
        """Gather, judge."""
        judge = functools.partial(_judge, names=(self.encoder, self.text))
        return blocks | GatherEach(judge, self.histories, self.addresses)


def _judge(
    blocks: Sequence[Block], histories: Iterable[History], addresses: PostAddresses, *, names: tuple[str, str]
) -> Iterator[Assessed]:
    dim = blocks[0].encoder.neighbor_dim
    found = {
        article.id: (article, vector)
        for block in blocks
        for article, vector in zip(block.articles, leading(block.vectors, dim), strict=True)
    }
    numbers = {id_: number for number, id_ in enumerate(sorted(found))}
    places = {number: numbers[id_] for number, id_ in enumerate(addresses.ids) if id_ in numbers}
    articles, vectors = zip(*(found[id_] for id_ in numbers), strict=True)
    with measured("assess readings", len(articles)):
        read = list(renumbered(histories, places))
        metrics = judge_next_posts(articles, np.stack(vectors), read) + judge_readers(np.stack(vectors), read)
    return (Assessed(*names, **vars(metric)) for metric in metrics)


def _place(article: Article, site: Site) -> Place:
    return place_of(article, site)._replace(hrefs=(), lines=())
