"""How well a blog's older posts cover its newer ones, and which of its themes are new."""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import apache_beam as beam
import numpy as np
from apache_beam.pvalue import AsSingleton, PCollection

from transforms.numerics.arrays import Ints, Mask, Vectors, leading
from transforms.numerics.rounding import DECIMALS, rounded
from transforms.numerics.threads import one_thread
from transforms.plumbing.bundles import JoinFn
from transforms.plumbing.composite import Composite
from transforms.plumbing.gather import GatherEach
from transforms.plumbing.metrics import measured
from transforms.records import Block
from transforms.results import Coverage
from transforms.sampling import sampled
from transforms.themes.clusters import ClusterModel

NEIGHBORS = 5
CHUNK_ROWS = 256
WHOLE = "all posts"
COVERED_ARTICLES = 20_000
"""Of more articles a sample of about so many is judged: each is compared with every other."""


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
    vectors: Vectors, is_newer: Mask, clusters: Ints, names: Mapping[int, str], since: str, k: int = NEIGHBORS
) -> list[Coverage]:
    """Judge unit rows [n, dim], newer or older by is_newer [n], as a whole and then by cluster [n].

    A cluster is a row of `names`, which has a name for each number.

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

    def judge(cluster: int | None, number: int | None, name: str) -> Coverage:
        members = np.ones(len(vectors), np.bool_) if cluster is None else clusters == cluster
        of_newer = members[is_newer]
        counts = int(of_newer.sum()), int((members & ~is_newer).sum())
        density = coverage = None
        if held is not None and counts[0]:
            density = round(float(held[of_newer].mean()) * scale, DECIMALS)
            coverage = round(float((held[of_newer] > 0).mean()), DECIMALS)
        return Coverage(number, name, since, *counts, density, coverage)

    of_each = (judge(cluster, number, name) for cluster, (number, name) in enumerate(names.items()))
    return [judge(None, None, WHOLE), *of_each]


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


@dataclass(frozen=True, eq=False)
class Dated:
    """A block's articles that have a date: the latest date of all, and of a sample ids, dates and vectors [n, dim]."""

    newest: str | None
    ids: tuple[str, ...]
    dates: tuple[str, ...]
    vectors: Vectors

    def __len__(self) -> int:
        return len(self.ids)


def dated(block: Block, total: int, limit: int = COVERED_ARTICLES) -> Dated:
    """Take from a block of a corpus of `total` articles what coverage needs, of a sample of about `limit` of them."""
    dates = [article.date or "" for article in block.articles]
    rows = [row for row, article in enumerate(block.articles) if dates[row] and sampled(article.id, total, limit)]
    return Dated(
        max(dates, default="") or None,
        tuple(block.articles[row].id for row in rows),
        tuple(dates[row] for row in rows),
        leading(block.vectors[rows], block.encoder.neighbor_dim),
    )


def join_dated(parts: Sequence[Dated]) -> Dated:
    """Join parts as they come."""
    return Dated(
        max((part.newest for part in parts if part.newest), default=None),
        tuple(id_ for part in parts for id_ in part.ids),
        tuple(date for part in parts for date in part.dates),
        np.concatenate([part.vectors for part in parts]),
    )


def cover(parts: Sequence[Dated], model: ClusterModel, split: str | None) -> list[Coverage]:
    """Measure the coverage of a blog by its parts, in any order; none where no post has a date."""
    since = split_date((part.newest for part in parts), split)
    if since is None:
        return []
    whole = join_dated(parts)
    order = sorted(range(len(whole.ids)), key=whole.ids.__getitem__)
    with measured("coverage", len(order)):
        vectors = whole.vectors[order]
        is_newer = np.array([whole.dates[row] >= since for row in order], np.bool_)
        names = dict(zip(model.numbers, model.names, strict=True))
        clusters, _ = model.assign([whole.ids[row] for row in order], vectors)
        return coverage_by_cluster(vectors, is_newer, clusters, names, since)


@dataclass(eq=False, repr=False)
class MeasureCoverage(Composite):
    """Blocks -> Coverage of all and by cluster, of a sample of a large corpus; none where no post has a date.

    `model` is the ClusterModel, `corpus_size` the number of articles, `split` the day from which posts are newer.
    """

    model: AsSingleton
    corpus_size: AsSingleton
    split: str | None

    def expand(self, blocks: PCollection[Block]) -> PCollection[Coverage]:
        """Sample, gather, part the posts by date, measure."""
        return (
            blocks
            | "Dated" >> beam.Map(_dated, self.corpus_size)
            | "Join" >> beam.ParDo(JoinFn(join_dated, len))
            | "Cover" >> GatherEach(functools.partial(_cover, split=self.split), self.model)
        )


def _dated(block: Block, corpus_size: int) -> Dated:
    return dated(block, corpus_size, COVERED_ARTICLES)


def _cover(parts: Sequence[Dated], model: ClusterModel, split: str | None) -> list[Coverage]:
    return cover(parts, model, split)


def _has_vector(vectors: Vectors) -> Mask:
    return np.asarray(vectors.any(axis=1), np.bool_)


def _held(newer: Vectors, older: Vectors, k: int) -> Ints:
    """Count the older rows in each newer row's ball: int64 [n]."""
    newer_precise, older_precise = newer.astype(np.float64), older.astype(np.float64)
    held = np.empty(len(newer), np.int64)
    with one_thread():
        for start in range(0, len(newer), CHUNK_ROWS):
            rows = newer_precise[start : start + CHUNK_ROWS]
            at = np.arange(len(rows))
            cosines = rounded(rows @ newer_precise.T)
            cosines[at, start + at] = -np.inf
            reach = np.partition(cosines, -k, axis=1)[:, -k]
            held[start : start + CHUNK_ROWS] = (rounded(rows @ older_precise.T) >= reach[:, None]).sum(axis=1)
    return held
