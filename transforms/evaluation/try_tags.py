"""The trial of the tags in a pipeline: posts held back, and what became of the tags proposed for them."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import apache_beam as beam
import numpy as np
from apache_beam.pvalue import AsSingleton, PCollection

from transforms.corpus.tag_table import TagTable
from transforms.evaluation.corpus import gather_corpus
from transforms.evaluation.of_run import if_whole, rows_of_candidates, sample_block
from transforms.evaluation.search import search_corpus
from transforms.evaluation.trial import try_tags
from transforms.plumbing.composite import Composite
from transforms.plumbing.gather import Gather
from transforms.plumbing.metrics import measured
from transforms.plumbing.side_inputs import as_iter
from transforms.records import Block
from transforms.results import TagTrial
from transforms.search.shards import Candidates
from transforms.tags.model import TagModel


@dataclass(eq=False, repr=False)
class TryTags(Composite):
    """Blocks -> one TagTrial; of a corpus of more than `EVALUATED_ARTICLES`, a sample is tried as if it were the whole.

    `table` is the TagTable, `model` the TagModel, `corpus_size` the number of articles; tags are shown from the
    probability `least` on, which is chosen where it is None.
    """

    candidates: PCollection[Candidates]
    table: AsSingleton
    model: AsSingleton
    corpus_size: AsSingleton
    least: float | None = None
    any_language: bool = False

    def expand(self, blocks: PCollection[Block]) -> PCollection[TagTrial]:
        """Take the articles that are judged, gather, try."""
        found = self.candidates | "Found" >> beam.FlatMap(if_whole, self.corpus_size)
        trying = functools.partial(_try, least=self.least, any_language=self.any_language)
        return (
            blocks
            | "Sample" >> beam.FlatMap(sample_block, self.corpus_size)
            | "Try" >> Gather(trying, self.table, self.model, as_iter(found, "found"))
        )


def _try(
    blocks: Sequence[Block],
    table: TagTable,
    model: TagModel,
    found: Iterable[Candidates],
    *,
    least: float | None,
    any_language: bool,
) -> TagTrial:
    with measured("try tags"):
        corpus = gather_corpus(blocks, table.keys)
        answers = list(found)
        if not answers:
            corpus = corpus.without_tags(np.zeros(0, np.int64))  # and without those that only others carry
        candidates = (
            rows_of_candidates(corpus.ids, answers) if answers else search_corpus(corpus, any_language=any_language)
        )
        return try_tags(corpus, *candidates, table, model.weights, least)
