"""How tags relate: Ward's linkage over the cosine distances of their articles' mean vectors."""

from __future__ import annotations

from dataclasses import KW_ONLY, dataclass

import apache_beam as beam
import numpy as np
from apache_beam.pvalue import PCollection

from transforms.corpus.tag_table import TagTable, mean_vectors
from transforms.plumbing.composite import Composite
from transforms.plumbing.metrics import measured
from transforms.results import TagTree
from transforms.themes.linkage import ward_linkage

MAX_TAGS = 400
"""More leaves than these are no picture."""
NO_TREE = TagTree((), (), (), ())


def link_tags(table: TagTable, limit: int = MAX_TAGS) -> TagTree:
    """Link the `limit` tags that most articles carry, ties by key, without those whose mean is zero.

    There is no tree of fewer than two tags.
    """
    known = np.flatnonzero(np.any(table.sums, axis=1))
    most = sorted(known.tolist(), key=lambda row: (-table.counts[row], row))[:limit]
    rows = sorted(most)
    if len(rows) < 2:
        return NO_TREE
    tree = ward_linkage(mean_vectors(table.sums[rows]))
    return TagTree(
        tuple(table.names[row] for row in rows),
        tuple(int(table.counts[row]) for row in rows),
        tree.merges,
        tree.leaf_order,
    )


@dataclass(eq=False, repr=False)
class LinkTags(Composite):
    """A TagTable -> its TagTree, an empty one unless it is asked for."""

    _: KW_ONLY
    wanted: bool

    def expand(self, table: PCollection[TagTable]) -> PCollection[TagTree]:
        """Link."""
        return table | "Link" >> beam.Map(_link, self.wanted)


def _link(table: TagTable, wanted: bool) -> TagTree:
    if not wanted:
        return NO_TREE
    with measured("link tags", len(table.keys)):
        return link_tags(table)
