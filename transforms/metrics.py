"""The talk's two measures, with the baselines that they must beat."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterable, Mapping, Sequence
from pathlib import PurePosixPath

import apache_beam as beam
import numpy as np
from apache_beam.pvalue import AsIter, PCollection

from transforms.observe import measured
from transforms.records import Article, Block, Metric, Related, TagVectors, Vectors
from transforms.scores import DECIMALS, best_columns
from transforms.spelling import article_tags
from transforms.tags import Scores, TagTable, score_tags, sum_by_tag, tag_table

RELATED = "related dice@4"
TAGS = "tags map@10"
TRAINED, POSTS = 500, 602
"""The talk trains on the oldest 500 of its 602 posts, and so do we on the same share."""
SEED = 20211126
JUDGED_AT_ONCE = 256
POPULAR, RANDOM = "most popular", "random"

Tags = frozenset[str]


def dice(left: Tags, right: Tags) -> float:
    """Return the Sørensen-Dice coefficient of two sets, 0 when both are empty."""
    return 2 * len(left & right) / (len(left) + len(right)) if left or right else 0.0


def dice_at_k(tags: Tags, neighbors: Sequence[Tags], k: int = 4) -> float:
    """Return the mean Dice of the first k neighbours, rank r weighing 1 / log2(r + 1); missing ones count 0."""
    weights = [1 / math.log2(rank + 1) for rank in range(1, k + 1)]
    return sum(w * dice(tags, neighbor) for w, neighbor in zip(weights, neighbors, strict=False)) / sum(weights)


def average_precision(tags: Tags, recommended: Sequence[str], k: int = 10) -> float:
    """Return the average precision of the first k recommendations over min(k, number of true tags)."""
    hits = 0
    total = 0.0
    for rank, tag in enumerate(recommended[:k], start=1):
        if tag in tags:
            hits += 1
            total += hits / rank
    return total / min(k, len(tags))


def oldest_first(articles: Sequence[Article]) -> list[int]:
    """Order the rows of tagged articles by date (the file's name where there is none), ties by path."""
    tagged = [row for row, article in enumerate(articles) if article.tags]
    return sorted(
        tagged, key=lambda row: (articles[row].date or PurePosixPath(articles[row].path).name, articles[row].path)
    )


def evaluate_related(articles: Sequence[Article], related: Mapping[str, Sequence[str]]) -> list[float]:
    """Judge the related ids of every tagged article: its Dice@4 each."""
    tags_of = {article.id: frozenset(article_tags(article)) for article in articles}
    return [
        dice_at_k(tags, [tags_of[other] for other in related.get(id_, ())]) for id_, tags in tags_of.items() if tags
    ]


def evaluate_tags(articles: Sequence[Article], vectors: Vectors, table: TagTable) -> dict[str, list[float]]:
    """Judge both of the talk's ways to recommend tags, and two baselines: the newest articles' precisions by method.

    Means are those of the oldest `TRAINED` / `POSTS` of the tagged articles; tags that these lack count as misses.
    """
    order = oldest_first(articles)
    cut = len(order) * TRAINED // POSTS
    train, test = order[:cut], order[cut:]
    seen = _train_table([articles[row] for row in train], vectors[train], table)
    rng = np.random.default_rng(SEED)
    precisions: dict[str, list[float]] = {}
    for start in range(0, len(test), JUDGED_AT_ONCE):
        rows = test[start : start + JUDGED_AT_ONCE]
        for method, judged in _judge([articles[row] for row in rows], vectors[rows], seen, rng).items():
            precisions.setdefault(method, []).extend(judged)
    return precisions


def random_related(articles: Sequence[Article], k: int = 4) -> dict[str, list[str]]:
    """Draw k other articles for each (all, where there are fewer), the same on every run."""
    ids = [article.id for article in articles]
    rng = np.random.default_rng(SEED)
    draws = [rng.choice(len(ids) - 1, min(k, len(ids) - 1), replace=False) for _ in ids]
    return {ids[row]: [ids[other + (other >= row)] for other in draw] for row, draw in enumerate(draws)}


def evaluate(blocks: Iterable[Block], related: Iterable[Related], table: TagTable, method: TagVectors) -> list[Metric]:
    """Judge related articles and tags, each beside its baselines, `method` being in use; nothing without any tag."""
    pairs = [pair for block in blocks for pair in zip(block.articles, block.vectors, strict=True)]
    pairs.sort(key=lambda pair: pair[0].id)
    articles = [article for article, _ in pairs]
    vectors = np.array([vector for _, vector in pairs])
    found = {row.id: [neighbor.id for neighbor in row.related] for row in related}
    if not table.keys:
        return []
    return [
        _mean(RELATED, "text", evaluate_related(articles, found), in_use=True),
        _mean(RELATED, RANDOM, evaluate_related(articles, random_related(articles))),
        *(
            _mean(TAGS, name, scores, in_use=name == method)
            for name, scores in evaluate_tags(articles, vectors, table).items()
        ),
    ]


class Evaluate(beam.PTransform):
    """A TagTable -> Metrics, of all Blocks' Related (at least 4 each) and of tags recommended anew to the newest."""

    def __init__(self, blocks: AsIter, related: AsIter, method: TagVectors) -> None:
        super().__init__()
        self.blocks = blocks
        self.related = related
        self.method = method

    def expand(self, table: PCollection[TagTable]) -> PCollection[Metric]:
        """Judge."""
        return table | "Judge" >> beam.FlatMap(_evaluate, self.blocks, self.related, self.method)


def _train_table(articles: Sequence[Article], vectors: Vectors, table: TagTable) -> TagTable:
    train = tag_table(
        sum_by_tag(articles, vectors), dict(zip(table.keys, table.names, strict=True)), (), vectors.shape[1]
    )
    rows = table.rows
    return dataclasses.replace(train, name_vectors=table.name_vectors[[rows[key] for key in train.keys]])


def _judge(
    articles: Sequence[Article], vectors: Vectors, seen: TagTable, rng: np.random.Generator
) -> dict[str, list[float]]:
    blind = [dataclasses.replace(article, tags=()) for article in articles]
    truth = [frozenset(article_tags(article)) for article in articles]
    counts = seen.counts.astype(np.float64)
    return {
        "means": _precisions(truth, score_tags(blind, vectors, seen, "means"), seen),
        "names": _precisions(truth, score_tags(blind, vectors, seen, "names"), seen),
        POPULAR: _precisions(truth, np.tile(counts, (len(articles), 1)), seen),
        RANDOM: _precisions(truth, rng.random((len(articles), len(counts))), seen),
    }


def _precisions(truth: Sequence[Tags], scores: Scores, table: TagTable) -> list[float]:
    best = best_columns(scores, 10)
    return [average_precision(tags, [table.keys[tag] for tag in row]) for tags, row in zip(truth, best, strict=True)]


def _mean(measure: str, method: str, scores: Sequence[float], *, in_use: bool = False) -> Metric:
    value = round(math.fsum(scores) / len(scores), DECIMALS) if scores else None
    return Metric(measure, method, value, len(scores), in_use)


def _evaluate(table: TagTable, blocks: Iterable[Block], related: Iterable[Related], method: TagVectors) -> list[Metric]:
    with measured("evaluate"):
        return evaluate(blocks, related, table, method)
