"""Everything that can be measured of an encoder on a blog, measured in a pipeline."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import apache_beam as beam
import numpy as np
from apache_beam.pvalue import AsIter, PCollection

from transforms.corpus.tag_table import TagTable
from transforms.evaluation.assess import assess
from transforms.evaluation.corpus import Corpus, gather_corpus
from transforms.evaluation.linked import assess_links
from transforms.evaluation.search import search_corpus
from transforms.evaluation.study import study_of
from transforms.plumbing.composite import Composite
from transforms.plumbing.metrics import measured
from transforms.records import Block
from transforms.results import Assessed, Links, Metric


@dataclass(eq=False, repr=False)
class Assess(Composite):
    """A TagTable -> Assessed, of an encoder's `blocks` and the `links` of their articles.

    `whole` are their whole texts by id, in parts, None for none; `encoder` and `text` name what is assessed.
    """

    blocks: AsIter
    links: AsIter
    whole: AsIter | None
    encoder: str
    text: str

    def expand(self, table: PCollection[TagTable]) -> PCollection[Assessed]:
        """Assess."""
        sides = (self.blocks, self.links, *(() if self.whole is None else (self.whole,)))
        return table | "Assess" >> beam.FlatMap(_assess, *sides, names=(self.encoder, self.text))


@dataclass(eq=False, repr=False)
class AssessLinks(Assess):
    """The same by the links, of articles whose texts should be without those of their links."""

    def expand(self, table: PCollection[TagTable]) -> PCollection[Assessed]:
        """Assess."""
        sides = (self.blocks, self.links, self.whole)
        return table | "AssessLinks" >> beam.FlatMap(_assess_links, *sides, names=(self.encoder, self.text))


def _assess(
    table: TagTable,
    blocks: Iterable[Block],
    links: Iterable[Links],
    whole: Iterable[Mapping[str, str]] = (),
    *,
    names: tuple[str, str],
) -> list[Assessed]:
    corpus, texts = _gather(table, blocks, links, whole)
    with measured("assess", len(corpus)):
        return _named(names, assess(corpus, table, texts))


def _assess_links(
    table: TagTable,
    blocks: Iterable[Block],
    links: Iterable[Links],
    whole: Iterable[Mapping[str, str]],
    *,
    names: tuple[str, str],
) -> list[Assessed]:
    corpus, texts = _gather(table, blocks, links, whole)
    with measured("assess links", len(corpus)):
        return _named(names, assess_links(study_of(corpus, *search_corpus(corpus), table), texts))


def _gather(
    table: TagTable, blocks: Iterable[Block], links: Iterable[Links], whole: Iterable[Mapping[str, str]]
) -> tuple[Corpus, list[str]]:
    text_of = {id_: text for part in whole for id_, text in part.items()}
    corpus = gather_corpus(blocks, table.keys, links)
    corpus = corpus.without_tags(np.zeros(0, np.int64))  # a sample may lack some
    return corpus, [text_of[id_] for id_ in corpus.ids] if text_of else []


def _named(names: tuple[str, str], metrics: Iterable[Metric]) -> list[Assessed]:
    return [Assessed(*names, **vars(metric)) for metric in metrics]
