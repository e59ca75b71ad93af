"""The tag table of a corpus, added up in a pipeline."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import apache_beam as beam
from apache_beam.pvalue import AsIter, PCollection

from transforms.corpus.tag_table import ALL, TagSums, TagTable, add_sums, add_tag_sums, sum_by_tag, tag_table
from transforms.numerics.arrays import Ints
from transforms.plumbing.bundles import JoinFn
from transforms.plumbing.composite import Composite
from transforms.plumbing.metrics import measured
from transforms.records import Block


@dataclass(eq=False, repr=False)
class TagMeans(Composite):
    """Blocks -> one TagTable; `names` maps keys to the names shown, `named` are Blocks of encoded names."""

    names: PCollection[dict[str, str]]
    named: AsIter

    def expand(self, blocks: PCollection[Block]) -> PCollection[TagTable]:
        """Sum a block at a time, add up by bundle and by tag, lay out."""
        sums = (
            blocks
            | "SumByTag" >> beam.Map(_block_sums)
            | "AddUpBundle" >> beam.ParDo(JoinFn(add_tag_sums))
            | "EachTag" >> beam.FlatMap(dict.items)
            | "GroupByTag" >> beam.GroupByKey()
            | "AddUp" >> beam.MapTuple(_add_up)
        )
        return self.names | "LayOut" >> beam.Map(_lay_out, AsIter(sums), self.named)


def _block_sums(block: Block) -> TagSums:
    with measured("tag means", len(block)):
        return sum_by_tag(block.articles, block.vectors)


def _add_up(key: str, parts: Iterable[tuple[int, Ints]]) -> tuple[str, tuple[int, Ints]]:
    return key, add_sums(parts)


def _lay_out(
    names: Mapping[str, str], sums: Iterable[tuple[str, tuple[int, Ints]]], named: Iterable[Block]
) -> TagTable:
    by_key = dict(sums)
    dim = by_key[ALL][1].shape[1] if by_key else 0
    return tag_table(by_key, names, named, dim)
