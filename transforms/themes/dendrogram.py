"""How clusters relate: Ward's linkage over the cosine distances of their centroids."""

from __future__ import annotations

from dataclasses import dataclass

import apache_beam as beam
import numpy as np
from apache_beam.pvalue import PCollection

from transforms.numerics.arrays import Floats, Vectors
from transforms.numerics.rounding import rounded
from transforms.plumbing.composite import Composite
from transforms.plumbing.metrics import measured
from transforms.results import Dendrogram, Merge
from transforms.themes.clusters import ClusterModel


def cosine_distances(centroids: Vectors) -> Floats:
    """Return the rounded cosine distances of unit rows [k, dim], condensed as scipy's pdist gives them [k(k-1)/2]."""
    precise = centroids.astype(np.float64)
    upper = np.triu_indices(len(centroids), 1)
    return np.maximum(rounded(1 - precise @ precise.T)[upper], 0)


def ward_linkage(centroids: Vectors) -> Dendrogram:
    """Link unit rows [k, dim] by Ward's criterion over cosine distances, leaves in optimal order.

    Heights are scipy's, in units of cosine distance; the optimal order is Bar-Joseph's (Bioinformatics 17, 2001).
    """
    numbers = tuple(range(1, len(centroids) + 1))
    if len(centroids) < 2:
        return Dendrogram(numbers, (), tuple(range(len(centroids))))
    from scipy.cluster.hierarchy import leaves_list, linkage

    rows = linkage(cosine_distances(centroids), "ward", optimal_ordering=True)
    merges = tuple(
        Merge(int(left), int(right), float(height), int(size))
        for (left, right, _, size), height in zip(rows, rounded(rows[:, 2]), strict=True)
    )
    return Dendrogram(numbers, merges, tuple(map(int, leaves_list(rows))))


@dataclass(eq=False, repr=False)
class LinkClusters(Composite):
    """A ClusterModel -> its Dendrogram."""

    def expand(self, model: PCollection[ClusterModel]) -> PCollection[Dendrogram]:
        """Link."""
        return model | "Link" >> beam.Map(_link)


def _link(model: ClusterModel) -> Dendrogram:
    with measured("link clusters", len(model.names)):
        return ward_linkage(model.centroids)
