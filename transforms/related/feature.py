"""The newest and the most read article of each cluster featured, in a pipeline."""

from __future__ import annotations

from dataclasses import dataclass

import apache_beam as beam
from apache_beam.pvalue import AsSingleton, PCollection

from transforms.corpus.languages import BlogLanguages
from transforms.corpus.tag_table import TagTable
from transforms.plumbing.bundles import JoinFn
from transforms.plumbing.composite import Composite
from transforms.plumbing.gather import Gather
from transforms.plumbing.group_on_disk import GroupOnDisk, StoredGroup
from transforms.plumbing.metrics import measured
from transforms.plumbing.side_inputs import as_singleton
from transforms.records import Block
from transforms.related.featured import FeaturedByCluster, feature, featured_in, join_block, join_featured
from transforms.results import Related
from transforms.themes.clusters import ClusterModel


@dataclass(eq=False, repr=False)
class FeatureInClusters(Composite):
    """Related (similar ones), and Blocks given apart -> Related, followed by what the articles' clusters feature.

    The similar ones come as a tuple a block, in the block's order, so that blocks and not articles are joined.
    """

    blocks: PCollection[Block]
    model: AsSingleton
    table: AsSingleton
    languages: AsSingleton

    def expand(self, related: PCollection[tuple[Related, ...]]) -> PCollection[Related]:
        """Choose the candidates of each cluster, feature them block by block, join by block."""
        candidates = (
            self.blocks
            | "FeaturedByCluster" >> beam.Map(featured_in, self.model, self.languages)
            | "BestOfBundle" >> beam.ParDo(JoinFn(join_featured))
            | "Best" >> Gather(join_featured)
        )
        featured = self.blocks | "Feature" >> beam.Map(
            _feature, self.model, as_singleton(candidates, "candidates"), self.table, self.languages
        )
        return (
            (related | "Similar" >> beam.Map(_by_block), featured)
            | "ByBlock" >> GroupOnDisk()
            | "Join" >> beam.FlatMap(_join)
        )


def _feature(
    block: Block, model: ClusterModel, candidates: FeaturedByCluster, table: TagTable, languages: BlogLanguages
) -> tuple[str, tuple[Related, ...]]:
    with measured("feature in clusters", len(block)):
        return _by_block(tuple(feature(block, model, candidates, table, languages)))


def _by_block(related: tuple[Related, ...]) -> tuple[str, tuple[Related, ...]]:
    return related[0].id, related


def _join(group: tuple[str, StoredGroup]) -> list[Related]:
    return join_block(group[1])
