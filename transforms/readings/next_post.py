"""Which post a reader reads next: methods that rank what was not read yet, and which of them a log speaks for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial

import numpy as np
from scipy import sparse

from transforms.numerics.arrays import Floats
from transforms.numerics.rounding import DECIMALS
from transforms.readings.models import als, count_pairs, item_knn, mean_of_read, ppmi_vectors
from transforms.readings.next_model import (
    BLEND,
    CHOSEN_FROM,
    CONTENT,
    DENSE_POSTS,
    EASE,
    Learner,
    NextModel,
    dense,
    judge_confidence,
    recent_readers,
    sample_queries,
)
from transforms.readings.posts import Posts
from transforms.readings.ranking import Scorer, gains, rank_all, recall
from transforms.readings.reads import Queries, Reads, hold_back
from transforms.readings.together import LEAST_JUDGED
from transforms.readings.word2vec import is_installed, word2vec_vectors
from transforms.results import NextTrial

PENALTIES = (30.0, 100.0, 300.0, 1000.0)
"""Those of EASE that are tried."""
SIMPLER_WITHIN = 0.003
"""A simpler method is taken that is worse by no more."""


@dataclass(frozen=True)
class Choice:
    """The method that a log speaks for, EASE's penalty, and how each method fares with `judged` reads held back.

    Of the ten posts that the blend shows first it says that a share `said` is read next, on the average, and a share
    `true` is; None where nothing could be judged.
    """

    method: str
    penalty: float
    tried: Mapping[str, NextTrial] = field(default_factory=dict)
    judged: int = 0
    said: float | None = None
    true: float | None = None


def by_random(posts: Posts) -> Scorer:
    """Rank by numbers that mean nothing."""

    def score(queries: Queries) -> Floats:
        return np.array(
            [np.random.default_rng([target, second]).random(len(posts.born)) for target, second in queries.keys]
        ).reshape(len(queries), -1)

    return score


def by_newest(posts: Posts) -> Scorer:
    """Rank the newest first."""
    return lambda queries: np.repeat(posts.born[None, :].astype(np.float64), len(queries), axis=0)


def by_reads(reads: Reads) -> Scorer:
    """Rank the most read first."""
    counts = np.bincount(reads.posts, minlength=reads.count).astype(np.float64)
    return lambda queries: np.repeat(counts[None, :], len(queries), axis=0)


def by_weights(weights: sparse.csr_matrix | Floats) -> Scorer:
    """Rank by what the posts that were read say for each: [n, n]."""
    return lambda queries: dense(queries.weights @ weights)


def by_mean(vectors: Floats, *, recent: bool = True) -> Scorer:
    """Rank by the cosine with the mean of what was read, whose newer reads count more if `recent`."""

    def score(queries: Queries) -> Floats:
        weights = queries.weights.copy()
        if not recent:
            weights.data[:] = 1
        return mean_of_read(weights, vectors)

    return score


def make_scorer(method: str, reads: Reads, posts: Posts, penalty: float) -> NextModel:
    """Make one of CHOSEN_FROM of what was read."""
    return Learner(reads, posts).model(method, penalty)


def baselines(reads: Reads, posts: Posts, penalty: float) -> dict[str, Callable[[], Scorer]]:
    """Make what makes each of all methods, by name; Word2Vec where gensim is installed."""
    pairs, learner = count_pairs(reads.matrix(reads.readers)), Learner(reads, posts)
    return {
        "random": lambda: by_random(posts),
        "newest": lambda: by_newest(posts),
        "most read": lambda: by_reads(reads),
        "most read of 60 days": lambda: recent_readers(reads),
        "content mean": lambda: by_mean(posts.vectors, recent=False),
        CONTENT: lambda: by_mean(posts.vectors),
        "item-kNN": lambda: by_weights(item_knn(pairs)),
        "PPMI vectors": lambda: by_mean(ppmi_vectors(pairs)),
        **({"Word2Vec": lambda: by_mean(word2vec_vectors(reads))} if is_installed() else {}),
        "ALS": lambda: by_mean(als(reads.matrix(reads.readers))),
        "ALS, not regularised": lambda: by_mean(als(reads.matrix(reads.readers), penalty=0)),
        **{method: partial(learner.model, method, penalty) for method in CHOSEN_FROM[1:]},
    }


def choose(reads: Reads, posts: Posts, least: int | None = None) -> Choice:
    """Choose by what readers read last: the simplest method whose nDCG@10 is within SIMPLER_WITHIN of the best.

    The penalty is that with which EASE is best. With `least` methods are made of what may be published alone. Fewer
    than LEAST_JUDGED reads held back say too little of methods, and too much of who read.
    """
    left, queries = hold_back(reads)
    queries = sample_queries(queries, reads.count)
    if len(queries) < LEAST_JUDGED:
        return Choice(CONTENT, PENALTIES[-1])
    learner = Learner(left, posts, least)

    def judge(scorer: Scorer) -> NextTrial:
        ranks = rank_all(scorer, queries, posts.born)
        return NextTrial(*(round(float(values(ranks).mean()), DECIMALS) for values in (recall, gains)))

    is_dense = reads.count <= DENSE_POSTS
    by_penalty = {penalty: judge(learner.model(EASE, penalty).scores) for penalty in PENALTIES if is_dense}
    penalty = max(by_penalty, key=lambda one: (by_penalty[one].ndcg, one), default=PENALTIES[-1])
    methods = CHOSEN_FROM if is_dense else (CONTENT, BLEND)
    tried = {method: judge(learner.model(method, penalty)) for method in methods}
    best = max(one.ndcg for one in tried.values())
    method = next(method for method in tried if tried[method].ndcg >= best - SIMPLER_WITHIN)
    said, true = judge_confidence(learner.model(BLEND, penalty), queries)
    return Choice(method, penalty, tried, len(queries), said, true)
