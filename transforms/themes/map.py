"""Articles in two dimensions, so that those of like texts stand close together."""

from __future__ import annotations

import functools
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import apache_beam as beam
import numpy as np
from apache_beam.pvalue import AsSingleton, PCollection

from transforms.numerics.alignment import laid_onto, with_axes_of
from transforms.numerics.arrays import Floats, Ints, Vectors, leading
from transforms.numerics.seed import SEED
from transforms.numerics.threads import one_thread
from transforms.numerics.tsne import fit_tsne, place_beside
from transforms.plumbing.composite import Composite
from transforms.plumbing.gather import GatherEach
from transforms.plumbing.metrics import measured
from transforms.previous import NO_PREVIOUS, PreviousRun
from transforms.records import Block
from transforms.results import MapMethod, MapPoint
from transforms.sampling import FIT_ARTICLES, map_hash, sampled
from transforms.themes.clusters import ClusterModel

MAP_ARTICLES = 5_000
"""A map of more articles shows a sample of so many."""
PERPLEXITY = 30.0
ITERATIONS = 500
LANDMARKS = 2_000
"""Of more articles so many are laid out first, and the others beside them."""
REFINEMENTS = 50
"""In so many more iterations all of them find their places."""
EARLY_STD = 1e-4
"""The spread that t-SNE starts from along the first component, as in Kobak and Berens (Nat. Commun. 10, 2019)."""
VECTOR_DECIMALS = 5
"""Vectors are rounded first: their last bits differ between machines, and t-SNE would make much of that."""
POINT_DECIMALS = 4
COMPONENTS = 4
NEARLY = 0.9
"""Components that spread articles about as much change places from run to run, of so many a map keeps its two."""
FILLED = 0.9
"""A map reaches at least so far."""
EARLIER_SCALE = 20.0
"""Places on a map are so much further apart where t-SNE goes on from them, about as far as it has put them itself."""
GOING_ON = 250
"""In so many iterations it goes on from them: enough for new articles, and fewer than would rearrange the others."""
FEWEST = 5
"""Fewer articles than this have no neighbourhoods to keep."""


@dataclass(frozen=True, eq=False)
class Earlier:
    """Where articles were on an earlier map: rows [m] of those to lay out, at least `FEWEST`, and places [m, 2]."""

    rows: Ints
    places: Floats


def project_pca(vectors: Vectors, earlier: Earlier | None = None) -> Floats:
    """Project rows [n, dim] on their first two principal components [n, 2].

    The sign of a component is such that its largest loading is positive, the first of equals. After an `earlier` map,
    signs are as there, and so are the components, of those that spread the rows `NEARLY` as much as the second does.
    """
    centred = np.round(vectors.astype(np.float64), VECTOR_DECIMALS)
    if not len(centred):
        return np.zeros((0, 2))
    centred = centred - centred.mean(axis=0)
    with one_thread():
        _, sizes, components = np.linalg.svd(centred, full_matrices=False)
        near = 2 if earlier is None or len(sizes) < 2 else int((sizes[:COMPONENTS] >= NEARLY * sizes[1]).sum())
        first = np.zeros((max(2, near), centred.shape[1]))
        first[: len(components[:near])] = components[:near]
        largest = np.abs(first).round(VECTOR_DECIMALS).argmax(axis=1)  # or last bits would choose among equals
        signs = np.where(first[np.arange(len(first)), largest] < 0, -1, 1)
        points = np.asarray(centred @ (first * signs[:, None]).T, np.float64)
    return points if earlier is None else with_axes_of(points, earlier.rows, earlier.places)


def project_tsne(vectors: Vectors, earlier: Earlier | None = None) -> Floats:
    """Lay unit rows [n, dim] out by t-SNE [n, 2]: neighbours stay neighbours, distances further off mean little.

    By cosine, which on unit rows orders as Euclidean distance does; seeded, and started from the principal components,
    or from an `earlier` map, onto which it is laid. Too few rows for it, or rows all alike, are laid out by principal
    components alone. Of many, a sample is laid out first. After van der Maaten and Hinton (JMLR 9, 2008).
    """
    start = project_pca(vectors, earlier)
    if _plain(start):
        return start
    rounded = np.asarray(np.round(vectors.astype(np.float64), VECTOR_DECIMALS), np.float64)
    perplexity = min(PERPLEXITY, (len(vectors) - 1) / 3)
    early = start / start[:, 0].std() * EARLY_STD
    with one_thread():
        if earlier is not None:
            begun = place_beside(rounded, earlier.rows, earlier.places) * EARLIER_SCALE
            iterations = GOING_ON if len(rounded) <= LANDMARKS else 2 * REFINEMENTS
            moved = fit_tsne(rounded, begun, perplexity, iterations, exaggerated=0)
            return laid_onto(moved, earlier.rows, earlier.places)
        if len(rounded) <= LANDMARKS:
            return fit_tsne(rounded, early, perplexity, ITERATIONS)
        landmarks = np.sort(np.random.default_rng(SEED).permutation(len(rounded))[:LANDMARKS])
        placed = fit_tsne(rounded[landmarks], early[landmarks], perplexity, ITERATIONS)
        return fit_tsne(rounded, place_beside(rounded, landmarks, placed), perplexity, REFINEMENTS, exaggerated=0)


def project_umap(vectors: Vectors, earlier: Earlier | None = None) -> Floats:
    """Lay rows [n, dim] out by UMAP [n, 2], by cosine and seeded, from an `earlier` map, onto which it is laid.

    Too few rows for it, rows all alike or of one dimension are laid out by principal components. After McInnes, Healy
    and Melville (arXiv:1802.03426, 2018).
    """
    start = project_pca(vectors, earlier)
    if _plain(start) or vectors.shape[1] < 2:
        return start
    from umap import UMAP

    neighbors = min(15, len(vectors) - 1)
    rounded = np.asarray(np.round(vectors.astype(np.float64), VECTOR_DECIMALS), np.float64)
    begun = np.zeros((1, 2)) if earlier is None else place_beside(rounded, earlier.rows, earlier.places)
    init = begun if np.ptp(begun, axis=0).all() else "pca"  # it divides by the extent
    umap = UMAP(n_neighbors=neighbors, metric="cosine", init=init, random_state=SEED, n_jobs=1)
    with one_thread():
        points = np.asarray(umap.fit_transform(rounded), np.float64)
    return points if earlier is None else laid_onto(points, earlier.rows, earlier.places)


def _plain(start: Floats) -> bool:
    return len(start) < FEWEST or bool(start[:, 0].std() < 1e-9)


PROJECTIONS: Mapping[MapMethod, Callable[[Vectors, Earlier | None], Floats]] = {
    "tsne": project_tsne,
    "pca": project_pca,
    "umap": project_umap,
    "readers": project_tsne,
}


def framed(points: Floats) -> Floats:
    """Centre points [n, 2] in their range and scale them until the furthest coordinate is 1, rounded."""
    if not len(points):
        return points
    low, high = points.min(axis=0), points.max(axis=0)
    centred = points - (low + high) / 2
    reach = np.abs(centred).max()
    return np.asarray(np.round(centred / (reach if reach > 0 else 1), POINT_DECIMALS) + 0.0, np.float64)


def in_frame(points: Floats) -> Floats:
    """Leave points [n, 2] that were laid onto a map as they are, rounded, while they fill its frame and stay in it.

    Those that leave it are drawn nearer to 0 together; a map of which the outer tenth is empty is framed anew.
    """
    reach = np.abs(points).max(initial=0)
    if reach < FILLED:
        return framed(points)
    return np.asarray(np.round(points / max(1.0, reach), POINT_DECIMALS) + 0.0, np.float64)


def find_earlier(ids: Sequence[str], places: Mapping[str, tuple[float, float]]) -> Earlier | None:
    """Where articles were on an earlier map; None where too few of them were."""
    rows = [row for row, id_ in enumerate(ids) if id_ in places]
    if len(rows) < FEWEST:
        return None
    return Earlier(np.array(rows, np.int64), np.array([places[ids[row]] for row in rows], np.float64))


def sample_by_cluster(ids: Sequence[str], clusters: Sequence[int], limit: int = MAP_ARTICLES) -> list[int]:
    """Choose `limit` rows, or all if there are no more, so that every cluster keeps its share and at least one row.

    Shares are by largest remainder, ties by cluster; the largest make room for those kept in spite of their share.
    Within a cluster a hash of the id decides. Returns sorted rows, more than `limit` only where clusters are more.
    """
    if len(ids) <= limit:
        return list(range(len(ids)))
    sizes = Counter(clusters)
    seats = {cluster: max(1, size * limit // len(ids)) for cluster, size in sizes.items()}
    by_remainder = sorted(sizes, key=lambda cluster: (seats[cluster] * len(ids) - sizes[cluster] * limit, cluster))
    for cluster in by_remainder[: max(0, limit - sum(seats.values()))]:
        seats[cluster] += 1
    for _ in range(sum(seats.values()) - max(limit, len(seats))):
        seats[max(seats, key=lambda cluster: (seats[cluster], -cluster))] -= 1
    chosen: list[int] = []
    for row in sorted(range(len(ids)), key=lambda row: (map_hash(ids[row]), ids[row])):
        if seats[clusters[row]] > 0:
            seats[clusters[row]] -= 1
            chosen.append(row)
    return sorted(chosen)


@dataclass(frozen=True, eq=False)
class Located:
    """A block's articles that have a vector: ids [n], leading vectors [n, dim] and clusters [n]."""

    ids: tuple[str, ...]
    vectors: Vectors
    clusters: tuple[int, ...]


def locate(block: Block, model: ClusterModel, total: int, limit: int = FIT_ARTICLES) -> Located:
    """Take from a block of a corpus of `total` articles what a map needs, of a sample of about `limit` of them.

    Articles without a vector have no place on a map.
    """
    vectors = leading(block.vectors, model.centroids.shape[1])
    chosen = np.array([sampled(article.id, total, limit) for article in block.articles], np.bool_)
    rows = np.flatnonzero(chosen & np.any(vectors, axis=1))
    ids = tuple(block.articles[row].id for row in rows)
    clusters, _ = model.assign(ids, vectors[rows])
    return Located(ids, vectors[rows], tuple(clusters.tolist()))


def draw_maps(
    parts: Iterable[Located],
    methods: Sequence[MapMethod],
    limit: int = MAP_ARTICLES,
    previous: PreviousRun = NO_PREVIOUS,
) -> Iterator[MapPoint]:
    """Lay the articles of all parts, in any order, out by each method, from where they were in the `previous` run."""
    parts = [part for part in parts if part.ids]
    if not parts:
        return
    ids = [id_ for part in parts for id_ in part.ids]
    order = sorted(range(len(ids)), key=ids.__getitem__)
    clusters = [cluster for part in parts for cluster in part.clusters]
    chosen = [order[row] for row in sample_by_cluster([ids[at] for at in order], [clusters[at] for at in order], limit)]
    vectors = np.concatenate([part.vectors for part in parts])[chosen]
    for method in methods:
        earlier = find_earlier([ids[row] for row in chosen], previous.points.get(method, {}))
        with measured(f"map {method}", len(chosen)):
            points = PROJECTIONS[method](vectors, earlier)
            points = framed(points) if earlier is None or method == "pca" else in_frame(points)
        for row, (x, y) in zip(chosen, points.tolist(), strict=True):
            yield MapPoint(ids[row], method, x, y)


@dataclass(eq=False, repr=False)
class ProjectArticles(Composite):
    """Blocks -> MapFloats by each of the methods.

    The vectors of a sample of a large corpus are gathered in one place. `model` is the ClusterModel,
    `corpus_size` the number of articles, `previous` the PreviousRun.
    """

    methods: Sequence[MapMethod]
    model: AsSingleton
    corpus_size: AsSingleton
    previous: AsSingleton

    def expand(self, blocks: PCollection[Block]) -> PCollection[MapPoint]:
        """Take what is needed, gather, lay out; without a method nothing is gathered."""
        if not self.methods:
            return blocks | "Nothing" >> beam.Filter(_never)
        return (
            blocks
            | "Locate" >> beam.Map(_locate, self.model, self.corpus_size)
            | "Some" >> beam.Filter(_is_some)
            | "Draw" >> GatherEach(functools.partial(_draw, methods=self.methods), self.previous)
        )


def _locate(block: Block, model: ClusterModel, corpus_size: int) -> Located:
    return locate(block, model, corpus_size, FIT_ARTICLES)


def _is_some(located: Located) -> bool:
    return bool(located.ids)


def _draw(parts: Sequence[Located], previous: PreviousRun, methods: Sequence[MapMethod]) -> list[MapPoint]:
    return list(draw_maps(parts, methods, previous=previous))


def _never(_: Block) -> bool:
    return False
