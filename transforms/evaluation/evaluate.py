"""The measures that every run takes of itself, each beside its baselines."""

from __future__ import annotations

from collections.abc import Collection, Iterable

import apache_beam as beam
import numpy as np
from apache_beam.pvalue import AsIter, AsSingleton, PCollection

from transforms.clusters import ClusterModel
from transforms.corpus import Corpus, gather_corpus
from transforms.evaluation.baselines import random_related
from transforms.evaluation.clusterings import judge_clusterings
from transforms.evaluation.names import LEARNED, MAP, ONLY_LEARNED, RANDOM, RELATED, TEXT
from transforms.evaluation.protocols import judge_related, judge_tags, newest, true_tags
from transforms.evaluation.study import Study
from transforms.observe import measured
from transforms.records import Block, Metric, TagMethod
from transforms.search import Rows, Scores
from transforms.tags import TagTable

Candidates = tuple[Rows, Rows, Scores, Rows]
"""Of some rows of a corpus: the rows, their candidates and cosines, and their related rows blind to their own tags."""


def join_candidates(parts: Iterable[Candidates]) -> tuple[Rows, Scores, Rows]:
    """Join the candidates, cosines and related rows of all blocks, in the order of the corpus's rows."""
    rows, *arrays = (np.concatenate(arrays) for arrays in zip(*parts, strict=True))
    found, cosines, related = (array[np.argsort(rows)] for array in arrays)
    return found, cosines, related


def evaluate(
    corpus: Corpus,
    table: TagTable,
    found: Rows,
    cosines: Scores,
    related: Rows,
    *,
    tags: TagMethod,
    parts: Collection[str],
    clusters: int,
) -> list[Metric]:
    """Judge the related rows [n, k] that are found without an article's own tags, and the tags of the newest articles.

    The articles have the candidates `found` [n, c]; `tags` is the method in use, and `related` were found by `parts`.
    Without any tag nothing is judged but `clusters`, the number in use beside others.
    """
    clusterings = judge_clusterings(corpus, clusters)
    tagged = np.flatnonzero(corpus.tagged)
    if not len(tagged):
        return clusterings
    in_use = method_of(parts)
    methods = {TEXT: found, RANDOM: random_related(len(corpus))} | ({in_use: related} if in_use else {})
    by_method = {method: rows[tagged] for method, rows in methods.items()}
    held_back = newest(corpus)
    study = Study(corpus.without_tags(held_back), found, cosines, table)
    return [
        *judge_related(corpus, by_method, RELATED, tagged, in_use),
        *judge_tags(study, held_back, true_tags(corpus, held_back), tags, [MAP]),
        *clusterings,
    ]


def method_of(parts: Collection[str]) -> str:
    """Name how articles are related without their own tags, by the parts in use; nothing where these need them."""
    if "learned" in parts:
        return LEARNED if "text" in parts else ONLY_LEARNED
    return TEXT if "text" in parts else ""


class Evaluate(beam.PTransform):
    """A TagTable -> Metrics: of the Candidates of all Blocks, of tags recommended anew to the newest articles, of
    clusterings beside that of the ClusterModel.
    """

    def __init__(
        self, blocks: AsIter, found: AsIter, model: AsSingleton, *, tags: TagMethod, parts: tuple[str, ...]
    ) -> None:
        super().__init__()
        self.blocks = blocks
        self.found = found
        self.model = model
        self.settings = {"tags": tags, "parts": parts}

    def expand(self, table: PCollection[TagTable]) -> PCollection[Metric]:
        """Judge."""
        return table | "Judge" >> beam.FlatMap(_evaluate, self.blocks, self.found, self.model, **self.settings)


def _evaluate(
    table: TagTable,
    blocks: Iterable[Block],
    found: Iterable[Candidates],
    model: ClusterModel,
    *,
    tags: TagMethod,
    parts: tuple[str, ...],
) -> list[Metric]:
    with measured("evaluate"):
        corpus = gather_corpus(blocks, table.keys)
        return evaluate(corpus, table, *join_candidates(found), tags=tags, parts=parts, clusters=len(model.centroids))
