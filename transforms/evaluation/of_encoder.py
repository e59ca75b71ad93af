"""Everything that can be measured of an encoder on a blog, measured in a pipeline."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import apache_beam as beam
import numpy as np
from apache_beam.pvalue import AsIter, PCollection

from transforms.corpus.tag_table import TagTable
from transforms.evaluation.assess import assess
from transforms.evaluation.corpus import gather_corpus
from transforms.plumbing.composite import Composite
from transforms.plumbing.metrics import measured
from transforms.records import Block
from transforms.results import Assessed


@dataclass(eq=False, repr=False)
class Assess(Composite):
    """A TagTable -> Assessed, of an encoder's `blocks`; `whole` are their whole texts by id, in parts, None for none.

    `encoder` and `text` name what is assessed.
    """

    blocks: AsIter
    whole: AsIter | None
    encoder: str
    text: str

    def expand(self, table: PCollection[TagTable]) -> PCollection[Assessed]:
        """Assess."""
        sides = (self.blocks,) if self.whole is None else (self.blocks, self.whole)
        return table | "Assess" >> beam.FlatMap(_assess, *sides, names=(self.encoder, self.text))


def _assess(
    table: TagTable, blocks: Iterable[Block], whole: Iterable[Mapping[str, str]] = (), *, names: tuple[str, str]
) -> list[Assessed]:
    text_of = {id_: text for part in whole for id_, text in part.items()}
    corpus = gather_corpus(blocks, table.keys)
    corpus = corpus.without_tags(np.zeros(0, np.int64))  # a sample may lack some
    with measured("assess", len(corpus)):
        metrics = assess(corpus, table, [text_of[id_] for id_ in corpus.ids] if text_of else ())
    return [Assessed(*names, **vars(metric)) for metric in metrics]
