"""Themes, how they relate, and how well the older posts cover them."""

from __future__ import annotations

from dataclasses import dataclass

from transforms.rows.related import Neighbor


@dataclass(frozen=True)
class ScoredTag:
    """A tag and the share of a cluster's articles that carry it."""

    tag: str
    score: float


@dataclass(frozen=True)
class ScoredWord:
    """A word or phrase, and the share of a cluster's articles that have it in their title, lede or headings."""

    word: str
    score: float


@dataclass(frozen=True)
class Member:
    """The number of the cluster that an article belongs to, and its cosine to the centroid."""

    id: str
    cluster: int
    score: float


@dataclass(frozen=True)
class ThemeBefore:
    """What a cluster was in the earlier run: its number, how many articles it shares with it, and its name then.

    Of a large corpus those of a sample are counted.
    """

    number: int
    shared: int
    was: str


@dataclass(frozen=True)
class ThemeFit:
    """How the clusters were found: whether they go on from an earlier run's, and `next`, a number that none has had.

    `objective` is the mean cosine of articles to their centroids, and `objective_anew` that of as many clusters found
    anew, None where these are the ones. Of a large corpus a sample is judged.
    """

    followed: bool = False
    objective: float = 0.0
    objective_anew: float | None = None
    next: int = 1


@dataclass(frozen=True)
class Cluster:
    """One cluster: members and representatives nearest first; `name` is unique in its run.

    `size` counts all of its articles, `members` are the nearest of them alone where the corpus is large. `tags` tell it
    from the other clusters, the best first, and so do `words` where it is not named by tags. `previous` is there where
    it goes on from an earlier run.
    """

    number: int
    name: str
    size: int
    tags: tuple[ScoredTag, ...]
    articles: tuple[Neighbor, ...]
    members: tuple[Neighbor, ...]
    words: tuple[ScoredWord, ...] = ()
    previous: ThemeBefore | None = None


@dataclass(frozen=True)
class Merge:
    """One row of a linkage: `left` and `right` are leaves (below the leaf count) or earlier merges, as in scipy."""

    left: int
    right: int
    height: float
    size: int


@dataclass(frozen=True)
class Dendrogram:
    """A linkage over clusters: leaf i is cluster number `clusters[i]`; `leaf_order` lists leaves as drawn."""

    clusters: tuple[int, ...]
    merges: tuple[Merge, ...]
    leaf_order: tuple[int, ...]


@dataclass(frozen=True)
class TagTree:
    """A linkage over tags: leaf i is `tags[i]`, as shown, of `posts[i]` articles; the rest as in Dendrogram."""

    tags: tuple[str, ...]
    posts: tuple[int, ...]
    merges: tuple[Merge, ...]
    leaf_order: tuple[int, ...]


@dataclass(frozen=True)
class Coverage:
    """How well the older posts cover the newer ones of one cluster, or of all posts where `cluster` is None.

    `cluster` is its number as shown, from 1; `newer` counts its posts from the day
    `since` on, `older` the others. A theme is new where `coverage` is low: of its newer posts, the share with an older
    post as near as their 5th nearest newer one. `density` says how thickly, 1 where older posts lie as thick as newer
    ones. Both are rounded, and None where nothing can be judged.
    """

    cluster: int | None
    name: str
    since: str
    newer: int
    older: int
    density: float | None
    coverage: float | None
