"""The newest and the most read article of each cluster, as related articles of the others in it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from transforms.corpus.languages import ONE_LANGUAGE, BlogLanguages, same_post
from transforms.corpus.tag_spelling import article_tags
from transforms.corpus.tag_table import TagTable
from transforms.numerics.arrays import Floats32, leading
from transforms.numerics.rounding import rounded
from transforms.reading.dates import instant
from transforms.records import Article, Block
from transforms.related.explain import SHOWN
from transforms.related.ranker import rarity
from transforms.results import Related, RelatedArticle, RelatedKind, Why
from transforms.themes.clusters import ClusterModel

KEPT = 2
"""So many candidates of a cluster are enough: one of them is another than the one that asks, a copy or translation."""

LEAST_COSINE = 0.3
"""An article of the same cluster whose vector is not so near is of another subject. On two blogs, posts below it have
hardly more tags in common than any two posts."""

Key = tuple[int, RelatedKind, int]
"""A cluster, what for, and the number of the languages' group."""


@dataclass(frozen=True, eq=False)
class Featured:
    """An article that its cluster may feature: how it ranks (higher is better), its digest, tags and unit vector.

    `language` and `keys` tell its translations.
    """

    id: str
    rank: float
    digest: str
    tags: frozenset[str]
    vector: Floats32
    language: str | None = None
    keys: tuple[str, ...] = ()


FeaturedByCluster = Mapping[Key, tuple[Featured, ...]]
"""Cluster, kind and group -> the best candidates, best first, no two of one text, nor translations of each other."""


def featured_in(block: Block, model: ClusterModel, languages: BlogLanguages = ONE_LANGUAGE) -> FeaturedByCluster:
    """The candidates among a block's articles: the latest of those with a date, the most read of those ever read."""
    vectors = leading(block.vectors, model.centroids.shape[1])
    clusters, _ = model.assign_block(block)
    found: dict[Key, list[Featured]] = {}
    for row, article in enumerate(block.articles):
        for kind, rank in _ranks(article):
            candidate = Featured(
                article.id,
                rank,
                block.digests[row],
                frozenset(article_tags(article)),
                vectors[row],
                article.language,
                article.translation_keys,
            )
            key = int(clusters[row]), kind, languages.group(article.language)
            found.setdefault(key, []).append(candidate)
    return {key: best(candidates) for key, candidates in found.items()}


def best(candidates: Iterable[Featured]) -> tuple[Featured, ...]:
    """The best `KEPT` candidates, ties by id, of each text and each post in several languages the first."""
    by_id = sorted(candidates, key=lambda candidate: candidate.id)
    ordered = sorted(by_id, key=lambda candidate: candidate.rank, reverse=True)
    kept: list[Featured] = []
    for candidate in ordered:
        if not any(_is_same(other, candidate) for other in kept):
            kept.append(candidate)
        if len(kept) == KEPT:
            break
    return tuple(kept)


def _is_same(one: Featured, other: Featured) -> bool:
    return one.digest == other.digest or same_post(one.language, one.keys, other.language, other.keys)


def join_featured(parts: Iterable[FeaturedByCluster]) -> FeaturedByCluster:
    """The candidates of a corpus, from those of its blocks in any order."""
    found: dict[Key, list[Featured]] = {}
    for key, candidates in (item for part in parts for item in part.items()):
        found.setdefault(key, []).extend(candidates)
    return {key: best(candidates) for key, candidates in found.items()}


def feature(
    block: Block,
    model: ClusterModel,
    candidates: FeaturedByCluster,
    table: TagTable,
    languages: BlogLanguages = ONE_LANGUAGE,
) -> list[Related]:
    """What to feature beside each of a block's articles: at most one newest and one most read of its languages' group.

    Never a copy of it, nor a translation, nor one that is not as near as `LEAST_COSINE`, unless nothing is known of the
    article. The score is the rounded cosine of the vectors.
    """
    vectors = leading(block.vectors, model.centroids.shape[1])
    clusters, _ = model.assign_block(block)
    rows, weights = table.rows, rarity(table.counts, table.posts)

    def shared(article: Article, other: Featured) -> tuple[str, ...]:
        common = [rows[key] for key in article_tags(article) if key in other.tags and key in rows]
        return tuple(table.names[row] for row in sorted(common, key=lambda row: (-weights[row], row))[:SHOWN])

    def related(row: int, kind: RelatedKind) -> Iterator[RelatedArticle]:
        article = block.articles[row]
        for other in candidates.get((int(clusters[row]), kind, languages.group(article.language)), ()):
            translated = same_post(article.language, article.translation_keys, other.language, other.keys)
            if other.id != article.id and other.digest != block.digests[row] and not translated:
                score = float(rounded(np.dot(vectors[row].astype(np.float64), other.vector.astype(np.float64))))
                if score >= LEAST_COSINE or not vectors[row].any():
                    why = Why(text=score, shared_tags=shared(article, other))
                    yield RelatedArticle(other.id, score, None, why, kind)
                return

    return [
        Related(article.id, (*related(row, "newest_in_cluster"), *related(row, "popular_in_cluster")))
        for row, article in enumerate(block.articles)
    ]


def join_related(parts: Iterable[Related]) -> Related:
    """One article's Related, of its similar articles and of those featured, in any order."""
    ordered = sorted(parts, key=lambda part: any(other.kind != "similar" for other in part.related))
    return Related(ordered[0].id, tuple(other for part in ordered for other in part.related))


def join_block(parts: Iterable[Sequence[Related]]) -> list[Related]:
    """Join what is related to a block's articles with what is featured beside them: lists in any, but the same, order.

    Raises ValueError where the lists are not of as many articles.
    """
    return [join_related(of_one) for of_one in zip(*parts, strict=True)]


def _ranks(article: Article) -> Iterator[tuple[RelatedKind, float]]:
    if article.date:
        yield "newest_in_cluster", instant(article.date)
    if article.views:
        yield "popular_in_cluster", article.views
