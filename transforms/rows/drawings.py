"""Maps of posts, and their pictures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

MapMethod = Literal["tsne", "pca", "umap", "readers"]
"""How articles are laid out in two dimensions: by their texts, or by who read them."""


@dataclass(frozen=True)
class MapPoint:
    """An article's place on a map, the map centred on 0 and reaching no further than -1 and 1."""

    id: str
    method: MapMethod
    x: float
    y: float


@dataclass(frozen=True)
class Thumbnail:
    """An article's picture: a small one as a data URI, or the web address that the post gives."""

    id: str
    image: str
