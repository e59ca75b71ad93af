"""Who links to whom among a blog's articles, by the keys that stand for them in arrays."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from transforms.numerics.arrays import Ints
from transforms.results import Links
from transforms.sampling import key_of


@dataclass(frozen=True, eq=False)
class LinkKeys:
    """What [n] articles link to, by keys in rising order, and by how many others each is linked, int64 [n]."""

    targets: tuple[tuple[int, ...], ...]
    linked_by: Ints

    def __len__(self) -> int:
        return len(self.targets)

    def part(self, rows: Ints) -> LinkKeys:
        """Return the links of some of the articles."""
        return LinkKeys(tuple(self.targets[row] for row in rows.tolist()), self.linked_by[rows])


def link_keys(ids: Sequence[str], links: Iterable[Links]) -> LinkKeys:
    """Lay out the Links of articles, in any order, in the order of `ids`; whoever has none links to nobody."""
    of = {row.id: row for row in links}
    found = [of.get(id_) or Links(id_, (), 0) for id_ in ids]
    return LinkKeys(
        tuple(tuple(sorted(map(key_of, row.links))) for row in found),
        np.array([row.linked_by for row in found], np.int64),
    )


def join_link_keys(parts: Sequence[LinkKeys]) -> LinkKeys:
    """Join the links of some articles and of others."""
    targets = tuple(of_one for part in parts for of_one in part.targets)
    return LinkKeys(targets, np.concatenate([np.zeros(0, np.int64), *(part.linked_by for part in parts)]))
