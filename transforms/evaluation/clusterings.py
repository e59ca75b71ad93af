"""Clusterings into several numbers of clusters, judged side by side."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from transforms.evaluation.corpus import Corpus
from transforms.evaluation.names import AGREEMENT, SILHOUETTE
from transforms.results import Metric
from transforms.sampling import sampled
from transforms.themes.quality import SWEPT_ARTICLES, ClusterQuality, quality_ks, sweep_clusters


def judge_clusterings(corpus: Corpus, in_use: int, limit: int = SWEPT_ARTICLES) -> list[Metric]:
    """Judge a ladder of k, and the k in use: silhouettes, and agreement with the tags where there are any.

    A larger corpus is judged by about `limit` of its articles.
    """
    rows = np.array([row for row, id_ in enumerate(corpus.ids) if sampled(id_, len(corpus), limit)], np.int64)
    part = corpus.part(rows)
    ks = sorted({*quality_ks(len(part)), *([in_use] if 1 < in_use < len(part) else [])})
    return [
        Metric(measure, f"k = {quality.k}", value, len(part), quality.k == in_use)
        for quality in sweep_clusters(part.near, tags_of(part), ks)
        for measure, value in qualities_of(quality)
        if value is not None
    ]


def tags_of(corpus: Corpus) -> list[list[int]]:
    """Every article's tags, by their columns."""
    return [of.tolist() for of in np.split(corpus.carriers.indices, corpus.carriers.indptr[1:-1])]


def qualities_of(quality: ClusterQuality) -> Sequence[tuple[str, float | None]]:
    """A clustering's measures by name."""
    return (SILHOUETTE, quality.silhouette), (AGREEMENT, quality.agreement)
