"""From what is known of articles to the probabilities of their tags, and to the tags recommended for them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import apache_beam as beam
import numpy as np
from apache_beam.pvalue import AsSingleton, PCollection, TaggedOutput
from scipy import sparse

from transforms.corpus.tag_table import TagTable
from transforms.find import Found
from transforms.learning.evidence import Dossier, join_dossiers
from transforms.learning.statistics import tag_statistics
from transforms.learning.tag_model import TagModel, fit_articles, fit_tag_model
from transforms.numerics.arrays import Floats
from transforms.plumbing.gather import Gather
from transforms.plumbing.metrics import measured
from transforms.related import expected_tags
from transforms.results import Recommended, TagMethod
from transforms.sampling import sampled
from transforms.tags import pick_tags, recommend_tags


@dataclass(frozen=True, eq=False)
class Expected:
    """A block's Found, with the tags expected of each article.

    csr [rows, tags] of probabilities: `tags`, the highest of each article; `own`, of the tags that it carries.
    """

    found: Found
    tags: sparse.csr_matrix
    own: sparse.csr_matrix

    def __len__(self) -> int:
        return len(self.found)


def expect_tags(found: Found, model: TagModel) -> tuple[Expected, Floats]:
    """Find the tags expected of a block's articles; returns all probabilities [rows, tags] beside them."""
    probabilities = model.probabilities(found.dossier)
    own = sparse.csr_matrix(found.dossier.carriers.multiply(probabilities))
    return Expected(found, expected_tags(probabilities), own), probabilities


def recommend(
    found: Found,
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
    return recommend_tags(found.articles, found.dossier.vectors, table, count, method)


class FitTagModel(beam.PTransform):
    """Found -> one TagModel, fitted to a sample of the tagged articles; `table` is the TagTable."""

    def __init__(self, table: AsSingleton) -> None:
        super().__init__()
        self.table = table

    def expand(self, found: PCollection[Found]) -> PCollection[TagModel]:
        """Sample, gather, fit."""
        return found | "Sample" >> beam.Map(_sample, self.table) | "Fit" >> Gather(_fit, self.table)


class RecommendTags(beam.PTransform):
    """Found -> Expected, and Recommended under the tag `recommended`; tags below the probability `least` are not."""

    RECOMMENDED = "recommended"

    def __init__(
        self, model: AsSingleton, table: AsSingleton, method: TagMethod, count: int, least: float = 0.0
    ) -> None:
        super().__init__()
        self.model = model
        self.table = table
        self.settings = (method, count, least)

    def expand(self, found: PCollection[Found]) -> beam.pvalue.DoOutputsTuple:
        """Judge a block at a time."""
        return found | beam.FlatMap(_recommend, self.model, self.table, *self.settings).with_outputs(
            self.RECOMMENDED, main="expected"
        )


def _sample(found: Found, table: TagTable) -> Dossier:
    limit = fit_articles(len(table.keys))
    places = [
        place
        for place, article in enumerate(found.articles)
        if article.tags and sampled(article.id, table.posts, limit)
    ]
    return found.dossier.part(np.array(places, np.int64))


def _fit(parts: Sequence[Dossier], table: TagTable) -> TagModel:
    dossier = join_dossiers(parts)
    with measured("fit tags", len(dossier)):
        return fit_tag_model(dossier, tag_statistics(table))


def _recommend(
    found: Found, model: TagModel, table: TagTable, method: TagMethod, count: int, least: float
) -> Iterator[Expected | TaggedOutput]:
    with measured("recommend tags", len(found), found.articles[0].id):
        expected, probabilities = expect_tags(found, model)
        recommended = recommend(found, probabilities, table, method, count, least)
    yield expected
    for row in recommended:
        yield TaggedOutput(RecommendTags.RECOMMENDED, row)
