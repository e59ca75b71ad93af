"""From what is known of articles to the probabilities of their tags, and to the tags recommended for them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import apache_beam as beam
import numpy as np
from apache_beam.pvalue import AsSingleton, PCollection, TaggedOutput

from transforms.corpus.tag_table import TagTable
from transforms.plumbing.bundles import JoinFn
from transforms.plumbing.composite import Composite
from transforms.plumbing.gather import Gather
from transforms.plumbing.metrics import measured
from transforms.results import TagMethod, TagTrial
from transforms.sampling import sampled
from transforms.tags.evidence import BlockEvidence, Evidence, join_evidence
from transforms.tags.expected import Expected, expect_tags, recommend
from transforms.tags.model import TagModel, TagWeights, fit_articles, fit_tag_model
from transforms.tags.statistics import tag_statistics
from transforms.tags.trial import correct


@dataclass(eq=False, repr=False)
class FitTagModel(Composite):
    """BlockEvidence -> one TagModel, fitted to a sample of the tagged articles; `table` is the TagTable.

    Where `earlier` has the TagWeights of the run before, they stay.
    """

    table: AsSingleton
    earlier: AsSingleton

    def expand(self, found: PCollection[BlockEvidence]) -> PCollection[TagModel]:
        """Sample, gather, fit."""
        sample = found | "Sample" >> beam.Map(_sample, self.table) | "Join" >> beam.ParDo(JoinFn(join_evidence, len))
        return sample | "Fit" >> Gather(_fit, self.table, self.earlier)


@dataclass(eq=False, repr=False)
class RecommendTags(Composite):
    """BlockEvidence -> Expected, and under the tag `recommended` Recommended, of tags no less probable than `least`.

    What is recommended has the probabilities that `trial`, the TagTrial, corrects; what is expected has not.
    """

    RECOMMENDED = "recommended"

    model: AsSingleton
    trial: AsSingleton
    table: AsSingleton
    method: TagMethod
    count: int
    least: float = 0.0

    def expand(self, found: PCollection[BlockEvidence]) -> beam.pvalue.DoOutputsTuple:
        """Judge a block at a time."""
        return found | beam.FlatMap(
            _recommend, self.model, self.trial, self.table, self.method, self.count, self.least
        ).with_outputs(self.RECOMMENDED, main="expected")


def _sample(found: BlockEvidence, table: TagTable) -> Evidence:
    limit = fit_articles(len(table.keys))
    places = [
        place
        for place, article in enumerate(found.articles)
        if article.tags and sampled(article.id, table.posts, limit)
    ]
    return found.evidence.part(np.array(places, np.int64))


def _fit(parts: Sequence[Evidence], table: TagTable, earlier: TagWeights | None) -> TagModel:
    if earlier is not None:
        return TagModel(tag_statistics(table), *earlier)
    evidence = join_evidence(parts)
    with measured("fit tags", len(evidence)):
        return fit_tag_model(evidence, tag_statistics(table))


def _recommend(
    found: BlockEvidence,
    model: TagModel,
    trial: TagTrial,
    table: TagTable,
    method: TagMethod,
    count: int,
    least: float,
) -> Iterator[Expected | TaggedOutput]:
    with measured("recommend tags", len(found), found.articles[0].id):
        expected, probabilities = expect_tags(found, model)
        recommended = recommend(found, correct(probabilities, found.evidence.later, trial), table, method, count, least)
    yield expected
    for row in recommended:
        yield TaggedOutput(RecommendTags.RECOMMENDED, row)
