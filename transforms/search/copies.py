"""Texts that stand twice, exactly or nearly."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

import apache_beam as beam
from apache_beam.pvalue import AsSingleton, PCollection

from transforms.corpus.languages import same_post
from transforms.plumbing.composite import Composite
from transforms.plumbing.group_on_disk import GroupOnDisk, StoredGroup
from transforms.plumbing.metrics import measured
from transforms.records import Block
from transforms.results import Duplicate
from transforms.sampling import hash64, hash_parts

MOST = 100
"""Of one text so many translations are compared with its copies."""


class Copy(NamedTuple):
    """A text's digest, and an article that has it: its id, its language and what it has in common with translations."""

    digest: str
    id: str
    language: str | None = None
    keys: tuple[str, ...] = ()


def pair_copies(copies: Iterable[Copy]) -> Iterator[Duplicate]:
    """Pair the articles of each text, in any order, with the first of them that is no translation."""
    firsts: dict[str, list[Copy]] = {}
    for copy in sorted(itertools.starmap(Copy, copies), key=lambda copy: (copy.digest, copy.id)):
        others = firsts.setdefault(copy.digest, [])
        first = next((other for other in others if not _are_translations(other, copy)), None)
        if first is not None:
            yield Duplicate(first.id, copy.id, 1.0, exact=True)
        elif len(others) < MOST:
            others.append(copy)


def _are_translations(one: Copy, other: Copy) -> bool:
    return same_post(one.language, one.keys, other.language, other.keys)


@dataclass(eq=False, repr=False)
class FindCopies(Composite):
    """Blocks -> Duplicates, those of exactly the same text; `corpus_size` is the number of articles."""

    corpus_size: AsSingleton

    def expand(self, blocks: PCollection[Block]) -> PCollection[Duplicate]:
        """Group by text, those of like digests together, and pair."""
        return (
            blocks
            | "Texts" >> beam.FlatMap(_by_text, self.corpus_size)
            | "GroupByText" >> GroupOnDisk()
            | "Pair" >> beam.FlatMap(_pair)
        )


def _by_text(block: Block, corpus_size: int) -> Iterator[tuple[int, list[Copy]]]:
    parts: dict[int, list[Copy]] = {}
    for article, digest in zip(block.articles, block.digests, strict=True):
        parts.setdefault(hash64(digest) % hash_parts(corpus_size), []).append(
            Copy(digest, article.id, article.language, article.translation_keys)
        )
    yield from parts.items()


def _pair(group: tuple[int, StoredGroup]) -> list[Duplicate]:
    with measured("find copies"):
        return list(pair_copies(itertools.chain.from_iterable(group[1])))
