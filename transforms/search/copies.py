"""Texts that stand twice, exactly or nearly."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import apache_beam as beam
from apache_beam.pvalue import AsSingleton, PCollection

from transforms.plumbing.composite import Composite
from transforms.plumbing.metrics import measured
from transforms.records import Block
from transforms.results import Duplicate
from transforms.sampling import hash64, hash_parts

Copy = tuple[str, str]
"""A text's digest, and the id of an article that has it."""


def pair_copies(copies: Iterable[Copy]) -> Iterator[Duplicate]:
    """Pair the articles of each text, in any order, with the first of them."""
    first: dict[str, str] = {}
    for digest, id_ in sorted(copies):
        if first.setdefault(digest, id_) != id_:
            yield Duplicate(first[digest], id_, 1.0, exact=True)


@dataclass(eq=False, repr=False)
class FindCopies(Composite):
    """Blocks -> Duplicates, those of exactly the same text; `corpus_size` is the number of files."""

    corpus_size: AsSingleton

    def expand(self, blocks: PCollection[Block]) -> PCollection[Duplicate]:
        """Group by text, those of like digests together, and pair."""
        return (
            blocks
            | "Texts" >> beam.FlatMap(_by_text, self.corpus_size)
            | "GroupByText" >> beam.GroupByKey()
            | "Pair" >> beam.FlatMap(_pair)
        )


def _by_text(block: Block, corpus_size: int) -> Iterator[tuple[int, list[Copy]]]:
    parts: dict[int, list[Copy]] = {}
    for article, digest in zip(block.articles, block.digests, strict=True):
        parts.setdefault(hash64(digest) % hash_parts(corpus_size), []).append((digest, article.id))
    yield from parts.items()


def _pair(group: tuple[int, Iterable[list[Copy]]]) -> list[Duplicate]:
    with measured("find copies"):
        return list(pair_copies(copy for part in group[1] for copy in part))
