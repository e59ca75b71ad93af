"""Categories in place of tags, in a pipeline."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

import apache_beam as beam
from apache_beam.pvalue import PCollection

from transforms.corpus.tagging import add_tagging, by_categories, count_tagging, with_categories
from transforms.plumbing.bundles import JoinFn
from transforms.plumbing.composite import Composite
from transforms.plumbing.gather import Gather
from transforms.plumbing.side_inputs import as_iter
from transforms.records import Tagging, TextBlock


class Tagged(NamedTuple):
    """TextBlocks, and one Tagging of all their articles as they came; none if there is no block."""

    blocks: PCollection[TextBlock]
    tagging: PCollection[Tagging]


@dataclass(eq=False, repr=False)
class StandIn(Composite):
    """TextBlocks -> Tagged: categories for tags where hardly any article has tags, if that is `allowed`."""

    allowed: bool = True

    def expand(self, blocks: PCollection[TextBlock]) -> Tagged:
        """Count, decide, replace."""
        if not self.allowed:
            return Tagged(blocks, blocks.pipeline | "None" >> beam.Create([], reshuffle=False))
        counted = blocks | "Count" >> beam.Map(_count) | "OfBundle" >> beam.ParDo(JoinFn(add_tagging))
        tagging = counted | "AddUp" >> Gather(add_tagging)
        return Tagged(blocks | "Replace" >> beam.Map(_replace, as_iter(tagging, "tagging")), tagging)


def _count(block: TextBlock) -> Tagging:
    return count_tagging(block.articles)


def _replace(block: TextBlock, tagging: Iterable[Tagging]) -> TextBlock:
    if not any(map(by_categories, tagging)):
        return block
    return dataclasses.replace(block, articles=tuple(map(with_categories, block.articles)))
