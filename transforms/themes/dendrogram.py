"""How clusters relate: Ward's linkage over the cosine distances of their centroids."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import apache_beam as beam
from apache_beam.pvalue import AsIter, PCollection

from transforms.plumbing.composite import Composite
from transforms.plumbing.metrics import measured
from transforms.results import Cluster, Dendrogram
from transforms.themes.clusters import ClusterModel
from transforms.themes.linkage import link_clusters


@dataclass(eq=False, repr=False)
class LinkClusters(Composite):
    """A ClusterModel -> the Dendrogram of its `clusters`, which are those that have members."""

    clusters: PCollection[Cluster]

    def expand(self, model: PCollection[ClusterModel]) -> PCollection[Dendrogram]:
        """Link."""
        numbers = self.clusters | "Numbers" >> beam.Map(_number)
        return model | "Link" >> beam.Map(_link, AsIter(numbers))


def _number(cluster: Cluster) -> int:
    return cluster.number


def _link(model: ClusterModel, numbers: Iterable[int]) -> Dendrogram:
    with measured("link clusters", len(model.names)):
        return link_clusters(model.centroids, model.numbers, numbers)
