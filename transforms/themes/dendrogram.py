"""How clusters relate: Ward's linkage over the cosine distances of their centroids."""

from __future__ import annotations

from dataclasses import dataclass

import apache_beam as beam
from apache_beam.pvalue import PCollection

from transforms.plumbing.composite import Composite
from transforms.plumbing.metrics import measured
from transforms.results import Dendrogram
from transforms.themes.clusters import ClusterModel
from transforms.themes.linkage import ward_linkage


@dataclass(eq=False, repr=False)
class LinkClusters(Composite):
    """A ClusterModel -> its Dendrogram."""

    def expand(self, model: PCollection[ClusterModel]) -> PCollection[Dendrogram]:
        """Link."""
        return model | "Link" >> beam.Map(_link)


def _link(model: ClusterModel) -> Dendrogram:
    with measured("link clusters", len(model.names)):
        return ward_linkage(model.centroids)
