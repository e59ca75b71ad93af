"""How well a blog's older posts cover its newer ones, and which of its themes are new."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

import apache_beam as beam
import numpy as np
import numpy.typing as npt
from apache_beam.pvalue import AsIter, PCollection
from threadpoolctl import threadpool_limits

from transforms.clusters import ClusterModel, assign
from transforms.encoders import leading
from transforms.observe import measured
from transforms.records import Block, Coverage, Vectors
from transforms.scores import DECIMALS, rounded

NEIGHBORS = 5
BLOCK = 256
WHOLE = "all posts"

Mask = npt.NDArray[np.bool_]
Labels = npt.NDArray[np.int64]


def density_and_coverage(newer: Vectors, older: Vectors, k: int = NEIGHBORS) -> tuple[float, float] | None:
    """Return the density and the coverage of unit rows `newer` [n, dim] by unit rows `older` [m, dim].

    The newer posts are the paper's real samples and the older ones its generated samples. The ball of a newer post
    reaches to its k-th nearest other newer one (k is at most n - 1), bounds included. Density is the number of older
    posts in balls, a post counting once for each, over k·m; coverage is the share of balls that hold an older post.
    Rounded cosines are compared, whose balls are Euclid's; zero rows take no part. None below two newer posts or one
    older one. After Naeem, Oh, Uh, Choi and Yoo (ICML 2020), whose balls leave out their bounds.
    """
    newer, older = newer[_has_vector(newer)], older[_has_vector(older)]
    k = min(k, len(newer) - 1)
    if k < 1 or not len(older):
        return None
    held = _held(newer, older, k)
    return float(held.sum()) / (k * len(older)), float((held > 0).mean())


def coverage_by_cluster(
    vectors: Vectors, is_newer: Mask, clusters: Labels, names: Sequence[str], since: str, k: int = NEIGHBORS
) -> list[Coverage]:
    """Judge unit rows [n, dim], newer or older by is_newer [n], as a whole and then by cluster [n], named by `names`.

    Balls are drawn, and older posts looked for, among all rows, whatever their clusters. A cluster's density is the
    mean of its newer posts' shares in the whole's, so that the whole's is the mean of the clusters', weighed by their
    newer posts. Posts without a date must be left out beforehand; zero rows take no part and are not counted. The day
    `since` parts them.
    """
    takes_part = _has_vector(vectors)
    vectors, is_newer, clusters = vectors[takes_part], is_newer[takes_part], clusters[takes_part]
    newer, older = int(is_newer.sum()), int((~is_newer).sum())
    k = min(k, newer - 1)
    held = _held(vectors[is_newer], vectors[~is_newer], k) if k > 0 and older else None
    scale = newer / (k * older) if held is not None else 0.0

    def judge(cluster: int | None, name: str) -> Coverage:
        members = np.ones(len(vectors), np.bool_) if cluster is None else clusters == cluster
        of_newer = members[is_newer]
        counts = int(of_newer.sum()), int((members & ~is_newer).sum())
        density = coverage = None
        if held is not None and counts[0]:
            density = round(float(held[of_newer].mean()) * scale, DECIMALS)
            coverage = round(float((held[of_newer] > 0).mean()), DECIMALS)
        return Coverage(None if cluster is None else cluster + 1, name, since, *counts, density, coverage)

    return [judge(None, WHOLE), *(judge(cluster, name) for cluster, name in enumerate(names))]


def split_date(dates: Iterable[str | None], given: str | None = None) -> str | None:
    """Return the day, as in 2024-05-06, from which posts are newer: the one given, or a year before the newest post.

    Of ISO 8601 dates and date-times the days count, as the posts give them: a post is newer when its date, compared as
    text, is not below the result. Posts without a date take no part; None when no post has one. Raises ValueError if
    `given` is no such date.
    """
    days = [date[:10] for date in dates if date]
    if not days:
        return None
    if given is not None:
        return dt.date.fromisoformat(given[:10]).isoformat()
    newest = dt.date.fromisoformat(max(days))
    leap_day = (newest.month, newest.day) == (2, 29)
    return newest.replace(year=max(1, newest.year - 1), day=28 if leap_day else newest.day).isoformat()


class MeasureCoverage(beam.PTransform):
    """A ClusterModel -> Coverage of all `blocks` and by cluster; none where no post has a date."""

    def __init__(self, blocks: AsIter, split: str | None) -> None:
        super().__init__()
        self.blocks = blocks
        self.split = split

    def expand(self, model: PCollection[ClusterModel]) -> PCollection[Coverage]:
        """Part the posts by date, measure."""
        return model | "Cover" >> beam.FlatMap(_cover, self.blocks, self.split)


def _cover(model: ClusterModel, blocks: Iterable[Block], split: str | None) -> list[Coverage]:
    dated = sorted(
        (
            (article.id, article.date, vector)
            for block in blocks
            for article, vector in zip(block.articles, block.vectors, strict=True)
            if article.date
        ),
        key=lambda row: row[0],
    )
    since = split_date((date for _, date, _ in dated), split)
    if since is None:
        return []
    with measured("coverage", len(dated)):
        vectors = leading(np.array([vector for *_, vector in dated]), model.centroids.shape[1])
        is_newer = np.array([date >= since for _, date, _ in dated], np.bool_)
        return coverage_by_cluster(vectors, is_newer, assign(vectors, model.centroids)[0], model.names, since)


def _has_vector(vectors: Vectors) -> Mask:
    return np.asarray(vectors.any(axis=1), np.bool_)


def _held(newer: Vectors, older: Vectors, k: int) -> Labels:
    """Count the older rows in each newer row's ball: int64 [n]."""
    newer_precise, older_precise = newer.astype(np.float64), older.astype(np.float64)
    held = np.empty(len(newer), np.int64)
    with threadpool_limits(1):
        for start in range(0, len(newer), BLOCK):
            rows = newer_precise[start : start + BLOCK]
            at = np.arange(len(rows))
            cosines = rounded(rows @ newer_precise.T)
            cosines[at, start + at] = -np.inf
            reach = np.partition(cosines, -k, axis=1)[:, -k]
            held[start : start + BLOCK] = (rounded(rows @ older_precise.T) >= reach[:, None]).sum(axis=1)
    return held
