"""From what is known of articles to the probabilities of their tags, and to the tags recommended for them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import apache_beam as beam
import numpy as np
from apache_beam.pvalue import AsSingleton, PCollection, TaggedOutput
from scipy import sparse

from transforms.corpus.tag_table import TagTable
from transforms.numerics.arrays import Floats
from transforms.plumbing.gather import Gather
from transforms.plumbing.metrics import measured
from transforms.results import Recommended, TagMethod
from transforms.sampling import sampled
from transforms.tags.collect import BlockEvidence
from transforms.tags.cosines import pick_tags, recommend_tags
from transforms.tags.evidence import Evidence, join_evidence
from transforms.tags.model import TagModel, expected_tags, fit_articles, fit_tag_model
from transforms.tags.statistics import tag_statistics


@dataclass(frozen=True, eq=False)
class Expected:
    """A block's BlockEvidence, with the tags expected of each article.

    csr [rows, tags] of probabilities: `tags`, the highest of each article; `own`, of the tags that it carries.
    """

    found: BlockEvidence
    tags: sparse.csr_matrix
    own: sparse.csr_matrix

    def __len__(self) -> int:
        return len(self.found)


def expect_tags(found: BlockEvidence, model: TagModel) -> tuple[Expected, Floats]:
    """Find the tags expected of a block's articles; returns all probabilities [rows, tags] beside them."""
    probabilities = model.probabilities(found.evidence)
    own = sparse.csr_matrix(found.evidence.carriers.multiply(probabilities))
    return Expected(found, expected_tags(probabilities), own), probabilities


def recommend(
    found: BlockEvidence,
    probabilities: Floats,
    table: TagTable,
    method: TagMethod,
    count: int,
    least: float = 0.0,
) -> list[Recommended]:
    """Recommend `count` tags for each article, by the method asked for.

    Probabilities below `least` are left out; cosines, which the other methods give, never are.
    """
    if method == "blend":
        return pick_tags(found.articles, probabilities, table, count, least)
    return recommend_tags(found.articles, found.evidence.vectors, table, count, method)


class FitTagModel(beam.PTransform):
    """BlockEvidence -> one TagModel, fitted to a sample of the tagged articles; `table` is the TagTable."""

    def __init__(self, table: AsSingleton) -> None:
        super().__init__()
        self.table = table

    def expand(self, found: PCollection[BlockEvidence]) -> PCollection[TagModel]:
        """Sample, gather, fit."""
        return found | "Sample" >> beam.Map(_sample, self.table) | "Fit" >> Gather(_fit, self.table)


class RecommendTags(beam.PTransform):
    """BlockEvidence -> Expected, and under the tag `recommended` Recommended, of tags no less probable than `least`."""

    RECOMMENDED = "recommended"

    def __init__(
        self, model: AsSingleton, table: AsSingleton, method: TagMethod, count: int, least: float = 0.0
    ) -> None:
        super().__init__()
        self.model = model
        self.table = table
        self.settings = (method, count, least)

    def expand(self, found: PCollection[BlockEvidence]) -> beam.pvalue.DoOutputsTuple:
        """Judge a block at a time."""
        return found | beam.FlatMap(_recommend, self.model, self.table, *self.settings).with_outputs(
            self.RECOMMENDED, main="expected"
        )


def _sample(found: BlockEvidence, table: TagTable) -> Evidence:
    limit = fit_articles(len(table.keys))
    places = [
        place
        for place, article in enumerate(found.articles)
        if article.tags and sampled(article.id, table.posts, limit)
    ]
    return found.evidence.part(np.array(places, np.int64))


def _fit(parts: Sequence[Evidence], table: TagTable) -> TagModel:
    evidence = join_evidence(parts)
    with measured("fit tags", len(evidence)):
        return fit_tag_model(evidence, tag_statistics(table))


def _recommend(
    found: BlockEvidence, model: TagModel, table: TagTable, method: TagMethod, count: int, least: float
) -> Iterator[Expected | TaggedOutput]:
    with measured("recommend tags", len(found), found.articles[0].id):
        expected, probabilities = expect_tags(found, model)
        recommended = recommend(found, probabilities, table, method, count, least)
    yield expected
    for row in recommended:
        yield TaggedOutput(RecommendTags.RECOMMENDED, row)
