"""Which post a reader reads next: methods that rank what was not read yet, and which of them a log speaks for."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial

import numpy as np

from transforms.numerics.arrays import Floats, Ints, Mask
from transforms.numerics.logistic import fit_logistic, sigmoid
from transforms.numerics.rounding import best_columns
from transforms.readings.models import als, count_pairs, ease, ease_with_vectors, item_knn, mean_of_read, ppmi_vectors
from transforms.readings.models import sharp_sum as sum_of_sharp_cosines
from transforms.readings.reads import Queries, Reads, hold_back

PENALTIES = (30.0, 100.0, 300.0, 1000.0)
"""Those of EASE that are tried."""
SIMPLER_WITHIN = 0.003
"""A simpler method is taken that is worse by no more."""
RECENT_SECONDS = 60 * 24 * 3600
FIRST = 10
"""So many posts are shown."""
ROUNDED = 6
"""Scores are compared by so many decimals."""
AT_ONCE = 256
NEGATIVES = 60
FEW_READS = 5.0
"""With so many reads a post is judged by them and by its text alike."""
_NONE = 1e-3

Scorer = Callable[[Queries], Floats]
"""Scores all posts for each query: [queries, n]."""


@dataclass(frozen=True, eq=False)
class Posts:
    """What is known of posts without a log: unit `vectors` float64 [n, dim] of their texts, and when each was `born`.

    That is int64 [n] seconds since 1970, 0 where it is not known.
    """

    vectors: Floats
    born: Ints


@dataclass(frozen=True)
class Choice:
    """The method that a log speaks for, EASE's penalty, and the nDCG@10 of each method on reads held back."""

    method: str
    penalty: float
    tried: Mapping[str, float]


def chunks(queries: Queries) -> Iterator[Queries]:
    """Some queries at a time."""
    return (queries.part(slice(start, start + AT_ONCE)) for start in range(0, len(queries), AT_ONCE))


def open_posts(queries: Queries, born: Ints) -> Mask:
    """Tell which posts [queries, n] could be read next: those that were there, and were not read before."""
    found: Mask = (born[None, :] <= queries.seconds[:, None]) & (queries.weights.toarray() == 0)
    found[np.arange(len(queries)), queries.targets] = True
    return found


def target_ranks(scores: Floats, queries: Queries, born: Ints) -> Floats:
    """Return the rank of each query's target among all posts that could be read next, from 1: float64 [queries].

    Of posts with the same score each has the rank in the middle.
    """
    scores = np.where(open_posts(queries, born), np.round(scores, ROUNDED), -np.inf)
    own = scores[np.arange(len(queries)), queries.targets][:, None]
    ranks: Floats = 1 + (scores > own).sum(axis=1) + ((scores == own).sum(axis=1) - 1) / 2
    return ranks


def first_posts(scores: Floats, queries: Queries, born: Ints) -> Ints:
    """Return the posts that are ranked first for each query: int64 [queries, FIRST], those first that are best.

    Of posts with the same score the one of the lower number is first. Where there are fewer, others stand at the end.
    """
    scores = np.where(open_posts(queries, born), np.round(scores, ROUNDED), -np.inf)
    return best_columns(scores, min(FIRST, scores.shape[1]))


def first_of_all(scorer: Scorer, queries: Queries, born: Ints) -> tuple[Ints, Floats]:
    """Return the first posts of all queries, and their scores, [queries, FIRST] each."""
    posts, scores = [], []
    for part in chunks(queries):
        found = scorer(part)
        posts.append(first_posts(found, part, born))
        scores.append(np.take_along_axis(found, posts[-1], axis=1))
    return np.concatenate(posts), np.concatenate(scores)


def rank_all(scorer: Scorer, queries: Queries, born: Ints) -> Floats:
    """Return the ranks of all queries' targets."""
    found = [target_ranks(scorer(part), part, born) for part in chunks(queries)]
    return np.concatenate([np.zeros(0), *found])


def recall(ranks: Floats) -> Floats:
    """Return 1 for each target among the first, else 0."""
    return (ranks <= FIRST).astype(np.float64)


def gains(ranks: Floats) -> Floats:
    """Return each target's discounted gain among the first, which is the nDCG of one target."""
    return np.where(ranks <= FIRST, 1 / np.log2(1 + ranks), 0)


def by_random(posts: Posts) -> Scorer:
    """Rank by numbers that mean nothing."""

    def score(queries: Queries) -> Floats:
        return np.array(
            [np.random.default_rng([target, second]).random(len(posts.born)) for target, second in _keys(queries)]
        ).reshape(len(queries), -1)

    return score


def by_newest(posts: Posts) -> Scorer:
    """Rank the newest first."""
    return lambda queries: np.repeat(posts.born[None, :].astype(np.float64), len(queries), axis=0)


def by_reads(reads: Reads) -> Scorer:
    """Rank the most read first."""
    counts = np.bincount(reads.posts, minlength=reads.count).astype(np.float64)
    return lambda queries: np.repeat(counts[None, :], len(queries), axis=0)


def by_recent_reads(reads: Reads) -> Scorer:
    """Rank the most read of the last 60 days first."""
    order = np.lexsort((reads.seconds, reads.posts))
    seconds, starts = reads.seconds[order], np.searchsorted(reads.posts[order], np.arange(reads.count + 1))

    def score(queries: Queries) -> Floats:
        counts = np.empty((len(queries), reads.count))
        for post, (start, end) in enumerate(itertools.pairwise(starts)):
            own = seconds[start:end]
            counts[:, post] = np.searchsorted(own, queries.seconds) - np.searchsorted(
                own, queries.seconds - RECENT_SECONDS
            )
        return counts

    return score


def by_weights(weights: Floats) -> Scorer:
    """Rank by what the posts that were read say for each: [n, n]."""
    return lambda queries: queries.weights @ weights


def by_mean(vectors: Floats, *, recent: bool = True) -> Scorer:
    """Rank by the cosine with the mean of what was read, whose newer reads count more if `recent`."""

    def score(queries: Queries) -> Floats:
        weights = queries.weights.copy()
        if not recent:
            weights.data[:] = 1
        return mean_of_read(weights, vectors)

    return score


class Blend:
    """A learned blend of texts and reads: two logistic models, one of which knows no reads.

    It is fitted on what readers read last, among posts that they could have read, of which `NEGATIVES` are drawn and
    count for all.
    """

    def __init__(self, reads: Reads, posts: Posts) -> None:
        self._posts = posts
        left, queries = hold_back(reads)
        self._learn(left)
        self._full, self._alone = self._fit(queries)
        self._learn(reads)

    def __call__(self, queries: Queries) -> Floats:
        """Return the probability that each post is read next: [queries, n]."""
        features = self._features(queries)
        full, alone = sigmoid(features @ self._full), sigmoid(features[:, :, :_OF_TEXT] @ self._alone)
        share = self._reads / (self._reads + FEW_READS)
        found: Floats = share * full + (1 - share) * alone
        return found

    def _learn(self, reads: Reads) -> None:
        self._knn = item_knn(count_pairs(reads.matrix(reads.readers)))
        self._recent = by_recent_reads(reads)
        self._reads = np.bincount(reads.posts, minlength=reads.count).astype(np.float64)

    def _features(self, queries: Queries) -> Floats:
        """[queries, n, features], those of texts first."""
        together = queries.weights @ self._knn
        age = np.maximum(queries.seconds[:, None] - self._posts.born[None, :], 0) / (24 * 3600)
        reads = np.broadcast_to(np.log1p(self._reads), together.shape)
        return np.stack(
            [
                np.ones_like(together),
                mean_of_read(queries.weights, self._posts.vectors),
                sum_of_sharp_cosines(queries.weights, self._posts.vectors),
                np.log1p(age),
                together,
                np.log(together + _NONE),
                np.log1p(self._recent(queries)),
                reads,
            ],
            axis=2,
        )

    def _fit(self, queries: Queries) -> tuple[Floats, Floats]:
        features, labels, importance = [np.zeros((0, _FEATURES))], [np.zeros(0)], [np.zeros(0)]
        for part in chunks(queries):
            found, there = self._features(part), open_posts(part, self._posts.born)
            for row, key in enumerate(_keys(part)):
                there[row, part.targets[row]] = False
                others = np.flatnonzero(there[row])
                drawn = np.random.default_rng(key).permutation(others)[:NEGATIVES]
                features += [found[row, part.targets[row]][None], found[row, drawn]]
                labels += [np.ones(1), np.zeros(len(drawn))]
                importance += [np.ones(1), np.full(len(drawn), len(others) / max(1, len(drawn)))]
        of_all, is_next, counts = np.concatenate(features), np.concatenate(labels), np.concatenate(importance)
        return (
            fit_logistic(of_all, is_next, np.zeros(_FEATURES), counts),
            fit_logistic(of_all[:, :_OF_TEXT], is_next, np.zeros(_OF_TEXT), counts),
        )


_OF_TEXT, _FEATURES = 4, 8

CONTENT, EASE, EASE_VECTORS, BLEND = "content mean, recent", "EASE", "EASE + vectors", "learned blend"
CHOSEN_FROM = (CONTENT, EASE, EASE_VECTORS, BLEND)
"""What a run chooses from, the simplest first."""


def make_scorer(method: str, reads: Reads, posts: Posts, penalty: float) -> Scorer:
    """Make one of CHOSEN_FROM of what was read."""
    if method == CONTENT:
        return by_mean(posts.vectors)
    if method == BLEND:
        return Blend(reads, posts)
    gram = _gram(reads)
    return by_weights(ease(gram, penalty) if method == EASE else ease_with_vectors(gram, posts.vectors, penalty))


def baselines(reads: Reads, posts: Posts, penalty: float) -> dict[str, Callable[[], Scorer]]:
    """Make what makes each of all methods, by name."""
    pairs = count_pairs(reads.matrix(reads.readers))
    return {
        "random": lambda: by_random(posts),
        "newest": lambda: by_newest(posts),
        "most read": lambda: by_reads(reads),
        "most read of 60 days": lambda: by_recent_reads(reads),
        "content mean": lambda: by_mean(posts.vectors, recent=False),
        CONTENT: lambda: by_mean(posts.vectors),
        "item-kNN": lambda: by_weights(item_knn(pairs)),
        "PPMI vectors": lambda: by_mean(ppmi_vectors(pairs)),
        "ALS": lambda: by_mean(als(reads.matrix(reads.readers))),
        **{method: partial(make_scorer, method, reads, posts, penalty) for method in CHOSEN_FROM[1:]},
    }


def choose(reads: Reads, posts: Posts) -> Choice:
    """Choose by what readers read last: the simplest method whose nDCG@10 is within SIMPLER_WITHIN of the best.

    The penalty is that with which EASE is best.
    """
    left, queries = hold_back(reads)
    if not len(queries):
        return Choice(CONTENT, PENALTIES[-1], {})

    def judge(method: str, penalty: float) -> float:
        ranks = rank_all(make_scorer(method, left, posts, penalty), queries, posts.born)
        return round(float(gains(ranks).mean()), ROUNDED)

    by_penalty = {penalty: judge(EASE, penalty) for penalty in PENALTIES}
    penalty = max(by_penalty, key=lambda one: (by_penalty[one], one))
    tried = {method: by_penalty[penalty] if method == EASE else judge(method, penalty) for method in CHOSEN_FROM}
    best = max(tried.values())
    return Choice(next(method for method in tried if tried[method] >= best - SIMPLER_WITHIN), penalty, tried)


def _gram(reads: Reads) -> Floats:
    return count_pairs(reads.matrix(reads.readers)) + count_pairs(reads.matrix(reads.visits))


def _keys(queries: Queries) -> list[tuple[int, int]]:
    """What stands for each query where something is drawn for it."""
    return list(zip(queries.targets.tolist(), queries.seconds.tolist(), strict=True))
