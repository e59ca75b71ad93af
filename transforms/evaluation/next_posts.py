"""How well a log of readers tells what a reader reads next, by each method, and which method it speaks for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from transforms.evaluation.measures import mean_metric
from transforms.evaluation.names import (
    NEXT_CALIBRATION,
    NEXT_NDCG,
    NEXT_RANK,
    NEXT_RECALL,
    NEXT_UNREAD,
    NEXT_UNREAD_SHARE,
)
from transforms.evaluation.reader_themes import judge_reader_themes
from transforms.numerics.arrays import Ints, Mask, Vectors, leading
from transforms.numerics.rounding import DECIMALS
from transforms.readings.models import DIM
from transforms.readings.next_model import BLEND, CHOSEN_FROM, Learner, judge_confidence
from transforms.readings.next_post import Choice, baselines, choose
from transforms.readings.posts import Posts, born
from transforms.readings.ranking import first_of_all, gains, rank_all, recall
from transforms.readings.reads import LEAST_READS, Queries, Reads, hold_back, most_read, reads_of, renumbered
from transforms.readings.together import LEAST_JUDGED, LEAST_READERS
from transforms.readings.visits import History
from transforms.records import Article
from transforms.results import Metric
from transforms.sampling import hash64

JUDGED_READERS = 20_000
"""Of more readers those are judged, and learned from, whose reads have the lowest hashes."""
UNREAD = 10
"""One of so many posts, by a hash of its id, is as if nobody had read it, to see how such posts fare."""
JUDGED_POSTS = 3_000
"""Of more posts those that are read most: memory grows with the square of their number, time with the third power."""


def judge_readers(vectors: Vectors, histories: Iterable[History]) -> list[Metric]:
    """Judge the themes that readers fall into, given the vectors and histories likewise; nothing for too few."""
    kept, reads = judged_reads(histories, len(vectors))
    if np.count_nonzero(reads.lengths >= LEAST_READS) < LEAST_JUDGED:
        return []
    return judge_reader_themes(reads, leading(vectors[kept], DIM).astype(np.float64))


def judged_reads(histories: Iterable[History], count: int) -> tuple[Ints, Reads]:
    """Return which of `count` posts are judged, in their order, and the reads of these by the readers judged."""
    histories = list(histories)
    kept = most_read(histories, JUDGED_POSTS) if count > JUDGED_POSTS else np.arange(count)
    numbers = {post: number for number, post in enumerate(kept.tolist())}
    return kept, reads_of(renumbered(histories, numbers), len(kept), JUDGED_READERS)


def judge_next_posts(articles: Sequence[Article], vectors: Vectors, histories: Iterable[History]) -> list[Metric]:
    """Ask for the last new post of each reader of three or more, by all methods; nothing where they are too few.

    The place of one reader's post by a method says which post that is, so means are of LEAST_JUDGED or more.
    `vectors` float32 [n, dim] are those of the articles, whose places are the numbers of the posts in `histories`. The
    method in use is the one that the reads before speak for.
    """
    kept, reads = judged_reads(histories, len(articles))
    left, queries = hold_back(reads)
    if len(queries) < LEAST_JUDGED:
        return []
    posts = Posts(
        leading(vectors[kept], DIM).astype(np.float64),
        np.array([born(articles[row].date) for row in kept.tolist()], np.int64),
    )
    choice = choose(left, posts)
    metrics = []
    for method, make in baselines(left, posts, choice.penalty).items():
        ranks = rank_all(make(), queries, posts.born)
        for measure, values in ((NEXT_RECALL, recall(ranks)), (NEXT_NDCG, gains(ranks)), (NEXT_RANK, 1 / ranks)):
            metrics.append(mean_metric(measure, method, values.tolist(), in_use=method == choice.method))
    unread = np.array([hash64(articles[row].id) % UNREAD == 0 for row in kept.tolist()])
    return metrics + _judge_unread(left, queries, posts, unread, choice) + _judge_confidence(left, queries, posts)


def _judge_unread(left: Reads, queries: Queries, posts: Posts, unread: Mask, choice: Choice) -> list[Metric]:
    """Judge how well posts are found that nobody has read, and how many of those are shown."""
    metrics = []
    without = left.keep(~unread[left.posts])
    asked = queries.part(unread[queries.targets])
    learner = Learner(without, posts)
    for method in CHOSEN_FROM:
        scorer, in_use = learner.model(method, choice.penalty), method == choice.method
        found = recall(rank_all(scorer, asked, posts.born))
        shown = unread[first_of_all(scorer, queries, posts.born)[0]].mean(axis=1)
        if len(asked) >= LEAST_READERS:
            metrics.append(mean_metric(NEXT_UNREAD, method, found.tolist(), in_use=in_use))
        metrics.append(mean_metric(NEXT_UNREAD_SHARE, method, shown.tolist(), in_use=in_use))
    return metrics


def _judge_confidence(left: Reads, queries: Queries, posts: Posts) -> list[Metric]:
    """Judge how far the blend's probabilities of the posts shown are from the share of these that are read next."""
    said, true = judge_confidence(Learner(left, posts).model(BLEND, 0.0), queries)
    return [Metric(NEXT_CALIBRATION, BLEND, round(abs(said - true), DECIMALS), len(queries))]
