"""Models of which post a reader reads next, learned from counts of readers and from texts; a slot is for unread posts.

The blend is two logistic models, one of which knows no reads: that judges posts which hardly anybody has read.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, partial

import numpy as np
from scipy import sparse

from transforms.numerics.arrays import Floats, Ints
from transforms.numerics.logistic import fit_logistic, sigmoid
from transforms.numerics.rounding import DECIMALS, best_columns
from transforms.readings.counts import Counts, count_reads, publishable
from transforms.readings.models import ease, ease_with_vectors, item_knn, mean_of_read, positive, sharp_sum
from transforms.readings.posts import Posts
from transforms.readings.ranking import FIRST, ROUNDED, Scorer, chunks, first_posts, open_posts
from transforms.readings.reads import Queries, Reads, hold_back
from transforms.readings.together import shrunk_cosines

CONTENT, EASE, EASE_VECTORS, BLEND = "content mean, recent", "EASE", "EASE + vectors", "learned blend"
CHOSEN_FROM = (CONTENT, EASE, EASE_VECTORS, BLEND)
"""What a run chooses from, the simplest first."""
DENSE_POSTS = 5_000
"""EASE is for so many posts: its time grows with the third power of their number."""
RECENT_SECONDS = 60 * 24 * 3600
NEGATIVES = 60
MOST_QUERIES = 5_000
"""From so many readers weights are learned, and methods are judged by."""
QUERY_CELLS = 1 << 24
"""Queries times posts, at most, in either."""
FEW_READS = 5.0
"""With so many readers a post is judged by them and by its text alike."""
BELIEVED = 10.0
"""A blend is believed as if so many more reads had been what it says."""
LISTED = 100
"""So many weights of a post are published, the largest."""
FEATURES = ("constant", "text", "near_texts", "age", "together", "log_together", "recent_readers", "readers")
"""What the blend weighs; the first four know no reads."""
OF_TEXT = FEATURES[:4]
_NONE = 1e-3
_DAY = 24 * 3600


@dataclass(frozen=True, eq=False)
class Counted:
    """What counts of readers tell of posts: how many read each, float64 [n], and what each says for others [n, n].

    `recent` tells how many read each in the 60 days before queries: [queries, n].
    """

    readers: Floats
    recent: Scorer
    weights: sparse.csr_matrix | Floats


@dataclass(frozen=True, eq=False)
class NextModel:
    """Scores posts for readers by one of CHOSEN_FROM, with a slot for posts without readers.

    `of_text` float64 [4] and `of_all` [8] weigh the FEATURES.
    """

    method: str
    posts: Posts
    counted: Counted
    of_text: Floats
    of_all: Floats

    def __call__(self, queries: Queries) -> Floats:
        """Score all posts for each query, so that a post without readers is among the first: [queries, n]."""
        return self.with_slot(queries, self.scores(queries))

    def scores(self, queries: Queries) -> Floats:
        """Score all posts for each query by the method alone; the blend's scores are probabilities: [queries, n]."""
        if self.method == CONTENT:
            return mean_of_read(queries.weights, self.posts.vectors)
        if self.method == BLEND:
            return self.blend(all_features(queries, self.posts, self.counted), self.counted.readers)
        return dense(queries.weights @ self.counted.weights)

    def blend(self, features: Floats, readers: Floats) -> Floats:
        """Return the blend's probabilities [queries, n], of FEATURES [queries, n, 8] and numbers of readers."""
        share = readers / (readers + FEW_READS)
        by_text = sigmoid(features[:, :, : len(OF_TEXT)] @ self.of_text)
        blended: Floats = share * sigmoid(features @ self.of_all) + (1 - share) * by_text
        return blended

    def with_slot(self, queries: Queries, scores: Floats, first: int = FIRST) -> Floats:
        """Lift the unread post that is likeliest by its text to the last of the `first` places: [queries, n].

        That is one which is not before that place anyway. One place alone is no slot, and where all posts are judged by
        texts none is needed.
        """
        unread = self.counted.readers == 0
        if self.method == CONTENT or not unread.any() or not 1 < first <= scores.shape[1]:
            return scores
        rows, found = np.arange(len(queries)), np.round(scores, ROUNDED)
        there = open_posts(queries, self.posts.born)
        seen = np.where(there, found, -np.inf)
        best = best_columns(seen, first)
        likely = np.where(there & unread, text_features(queries, self.posts) @ self.of_text, -np.inf)
        np.put_along_axis(likely, best[:, :-1], -np.inf, axis=1)
        lifted, last = likely.argmax(axis=1), seen[rows, best[:, -1]]
        can = np.isfinite(likely[rows, lifted]) & np.isfinite(last)
        found[rows[can], lifted[can]] = last[can] + 10.0**-ROUNDED
        return found


def dense(matrix: sparse.csr_matrix | Floats) -> Floats:
    """Lay out a matrix that may be sparse."""
    laid_out: Floats = matrix if isinstance(matrix, np.ndarray) else matrix.toarray()
    return laid_out


def text_features(queries: Queries, posts: Posts) -> Floats:
    """Return what texts and dates say for posts: [queries, n, OF_TEXT]."""
    mean = mean_of_read(queries.weights, posts.vectors)
    near = sharp_sum(queries.weights, posts.vectors)
    age = np.maximum(queries.seconds[:, None] - posts.born[None, :], 0) / _DAY
    return np.stack([np.ones_like(mean), mean, near, np.log1p(age)], axis=2)


def all_features(queries: Queries, posts: Posts, counted: Counted) -> Floats:
    """Return what texts, dates and readers say for posts: [queries, n, FEATURES]."""
    together = dense(queries.weights @ counted.weights)
    readers = np.broadcast_to(np.log1p(counted.readers), together.shape)
    of_readers = [together, np.log(together + _NONE), np.log1p(counted.recent(queries)), readers]
    return np.concatenate([text_features(queries, posts), np.stack(of_readers, axis=2)], axis=2)


def recent_readers(reads: Reads) -> Scorer:
    """Count the readers of each post in the 60 days before a query."""
    order = np.lexsort((reads.seconds, reads.posts))
    seconds, starts = reads.seconds[order], np.searchsorted(reads.posts[order], np.arange(reads.count + 1))
    read = np.flatnonzero(np.diff(starts))

    def score(queries: Queries) -> Floats:
        counts = np.zeros((len(queries), reads.count))
        for post in read.tolist():
            own = seconds[starts[post] : starts[post + 1]]
            since = np.searchsorted(own, queries.seconds - RECENT_SECONDS)
            counts[:, post] = np.searchsorted(own, queries.seconds) - since
        return counts

    return score


def sample_queries(queries: Queries, count: int) -> Queries:
    """Take some queries of many, evenly, so that they can be answered for `count` posts."""
    most = max(1, min(MOST_QUERIES, QUERY_CELLS // max(1, count)))
    rows: Ints = np.arange(most) * len(queries) // most
    return queries.part(rows) if len(queries) > most else queries


def largest(weights: sparse.csr_matrix | Floats) -> sparse.csr_matrix:
    """Keep the LISTED largest weights of each row that are above 0, rounded as they are written; ties by column."""
    rows, columns, values = [], [], []
    for number, row in enumerate(weights):
        own = np.round(dense(row).ravel(), DECIMALS)
        best = best_columns(own[None, :], min(LISTED, len(own)))[0]
        best = np.sort(best[own[best] > 0])
        rows.append(np.full(len(best), number))
        columns.append(best)
        values.append(own[best])
    found = [np.concatenate(part) if part else np.zeros(0) for part in (values, rows, columns)]
    return sparse.csr_matrix((found[0], (found[1], found[2])), shape=weights.shape)


class Learner:
    """Makes models of what was read; what several of them need is made once.

    With `least` they are made of what may be published alone: of counts that are cut and rounded as published ones are,
    and of the largest weights. A weight then tells no more of readers than the counts do. Without it they are made of
    all that is known.
    """

    def __init__(self, reads: Reads, posts: Posts, least: int | None = None) -> None:
        self.reads = reads
        self.posts = posts
        self.least = least

    @cached_property
    def counts(self) -> Counts:
        """How many readers have read what."""
        return self._known if self.least is None else self._known.publishable(self.least)

    @cached_property
    def _known(self) -> Counts:
        return count_reads(self.reads)

    def _told(self, readers: Floats) -> Floats:
        """Numbers of readers as they may be told, which are not below 0."""
        return np.maximum(readers, 0) if self.least is None else publishable(readers, self.least)

    def recent(self, queries: Queries) -> Floats:
        """Count the readers of each post in the 60 days before: [queries, n]."""
        return self._told(self._recent(queries))

    @cached_property
    def _recent(self) -> Scorer:
        return recent_readers(self.reads)

    @cached_property
    def together(self) -> Counted:
        """What readers tell by item-kNN."""
        knn = item_knn(self.counts.pairs)
        return self._counted(knn if self.least is None else largest(knn))

    @cached_property
    def coefficients(self) -> tuple[Floats, Floats]:
        """The weights of what texts say, and of what texts and readers say, as they are written."""
        left, queries = hold_back(self.reads)
        queries = sample_queries(queries, self.reads.count)
        fitted = fit_coefficients(queries, self.posts, Learner(left, self.posts, self.least).together)
        if not len(queries):
            return fitted
        blend = NextModel(BLEND, self.posts, self.together, *fitted)
        return calibrated(blend, queries, partial(self.scores_without_own, blend))

    def scores_without_own(self, blend: NextModel, queries: Queries) -> Floats:
        """Score by a blend as if nobody who is asked had read the target, and all others had: [queries, n].

        The counts are those that the blend will have; those of a log without all last reads are lower. That a post
        speaks for its NEIGHBORS alone is passed over for targets.
        """
        rows, targets = np.arange(len(queries)), queries.targets
        readers = np.tile(self.counts.readers, (len(queries), 1))
        readers[rows, targets] = self._told(self._known.readers[targets] - 1)
        both = self._told(self._known.pairs[:, targets].T.toarray() - 1)
        cosines = shrunk_cosines(both, self.counts.readers, readers[rows, targets, None])
        together = np.asarray(queries.weights.multiply(cosines).sum(axis=1)).ravel()
        features = all_features(queries, self.posts, blend.counted)
        features[rows, targets, FEATURES.index("together")] = together
        features[rows, targets, FEATURES.index("log_together")] = np.log(together + _NONE)
        features[rows, targets, FEATURES.index("readers")] = np.log1p(readers[rows, targets])
        return blend.blend(features, readers)

    def model(self, method: str, penalty: float) -> NextModel:
        """Make one of CHOSEN_FROM; `penalty` is EASE's."""
        counted = self._ease(method, penalty) if method in (EASE, EASE_VECTORS) else self.together
        return NextModel(method, self.posts, counted, *self.coefficients)

    def _counted(self, weights: sparse.csr_matrix | Floats) -> Counted:
        return Counted(self.counts.readers, self.recent, weights)

    def _ease(self, method: str, penalty: float) -> Counted:
        if method == EASE:
            weights = ease(self._gram, penalty)
        else:
            weights = ease_with_vectors(self._gram, self.posts.vectors, penalty)
        if self.least is None:
            return self._counted(weights)
        if method == EASE:
            weights = np.where(dense(self.counts.pairs) > 0, weights, 0)
        return self._counted(largest(weights))

    @cached_property
    def _gram(self) -> Floats:
        gram = self.counts.gram
        return gram if self.least is None else positive(gram)


def judge_confidence(blend: NextModel, queries: Queries, scores: Scorer | None = None) -> tuple[float, float]:
    """Return what share of the first posts is read next, by the blend's probabilities, and what share truly is.

    `scores` are used instead of the blend's own.
    """
    said, found, shown = 0.0, 0, 0
    for part in chunks(queries):
        own = (scores or blend.scores)(part)
        first = first_posts(blend.with_slot(part, own), part, blend.posts.born)
        said += float(np.take_along_axis(own, first, axis=1).sum())
        found += int((first == part.targets[:, None]).sum())
        shown += first.size
    return round(said / shown, DECIMALS), round(found / shown, DECIMALS)


def calibrated(blend: NextModel, queries: Queries, scores: Scorer | None = None) -> tuple[Floats, Floats]:
    """Return a blend's weights of OF_TEXT and FEATURES, so that of the posts shown first as many are read as it says.

    A logistic model is right on the average of all posts, but those shown first are its extremes. The constants alone
    change, and with them all odds alike. Few reads change them less. `scores` are used instead of the blend's own.
    """
    said, true = judge_confidence(blend, queries, scores)
    shown = FIRST * len(queries)
    likely = said * (true * shown + BELIEVED) / (said * shown + BELIEVED)
    shift = np.log(likely / (1 - likely)) - np.log(said / (1 - said)) if 0 < said < 1 else 0.0
    found = (weights + shift * (np.arange(len(weights)) == 0) for weights in (blend.of_text, blend.of_all))
    of_text, of_all = (np.round(weights, DECIMALS) for weights in found)
    return of_text, of_all


def fit_coefficients(queries: Queries, posts: Posts, counted: Counted) -> tuple[Floats, Floats]:
    """Learn from what readers read next how to weigh OF_TEXT and FEATURES.

    What each read is told from NEGATIVES posts that it could have been, which are drawn and count for all of those.
    """
    width, of_text = len(FEATURES), len(OF_TEXT)
    features, labels, importance = [np.zeros((0, width))], [np.zeros(0)], [np.zeros(0)]
    for part in chunks(queries):
        found, there = all_features(part, posts, counted), open_posts(part, posts.born)
        for row, key in enumerate(part.keys):
            there[row, part.targets[row]] = False
            others = np.flatnonzero(there[row])
            drawn = np.random.default_rng(key).permutation(others)[:NEGATIVES]
            features += [found[row, part.targets[row]][None], found[row, drawn]]
            labels += [np.ones(1), np.zeros(len(drawn))]
            importance += [np.ones(1), np.full(len(drawn), len(others) / max(1, len(drawn)))]
    of_all, is_next, counts = np.concatenate(features), np.concatenate(labels), np.concatenate(importance)
    by_text = fit_logistic(of_all[:, :of_text], is_next, np.zeros(of_text), counts)
    by_all = fit_logistic(of_all, is_next, np.zeros(width), counts)
    return np.round(by_text, DECIMALS), np.round(by_all, DECIMALS)
