"""What a run learns from its readers: which method tells best what is read next, the model, and vectors of posts.

All that is kept here of models is made of counts that may be published, so that it may be published too.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from transforms.numerics.arrays import Floats, Vectors, leading, unit_rows
from transforms.numerics.threads import one_thread
from transforms.readings.counts import Counts
from transforms.readings.models import DIM, ppmi_vectors
from transforms.readings.next_model import CONTENT, DENSE_POSTS, FEATURES, OF_TEXT, Counted, Learner, NextModel
from transforms.readings.next_post import PENALTIES, Choice, choose
from transforms.readings.posts import Posts
from transforms.readings.reads import NO_TARGET, Queries, Reads, most_read, reads_of, renumbered
from transforms.readings.visits import History

SAMPLED_READERS = 50_000
"""Of more readers those are learned from whose reads have the lowest hashes."""
LEARNED_POSTS = 20_000
"""Of a blog of more than DENSE_POSTS posts those are learned of that were read, at most so many, the most read ones."""
LEAST_FOR_VECTOR = 5
"""A post of fewer readers has no vector: it would say who they are rather than what it is about."""


@dataclass(frozen=True)
class Post:
    """A post's leading dimensions, float32 [dim], and the second since when it has been there at the earliest."""

    vector: Vectors
    born: int


@dataclass(frozen=True, eq=False)
class Recent:
    """How many read each post in the last 60 days of the log, whenever is asked: float64 [n]."""

    readers: Floats

    def __call__(self, queries: Queries) -> Floats:
        """Return the same for each query: [queries, n]."""
        return np.broadcast_to(self.readers, (len(queries), len(self.readers)))


@dataclass(frozen=True, eq=False)
class Learned:
    """What readers taught of the posts `ids` [n], in the order of these.

    `posts` has their texts' vectors, `reads` what the sampled readers read, by the posts' places: these are of single
    readers, and must not be published. `choice` says which method their last reads speak for; `model` is that one,
    `recent` float64 [n] how many read each post in the log's last 60 days, and `vectors` float32 [n, DIM] are unit
    vectors of posts by who read them, 0 where fewer than LEAST_FOR_VECTOR did. All three are made of counts that are
    cut and rounded to be published, and of nothing where too few readers have read two posts: `published` is false
    then.
    """

    ids: tuple[str, ...]
    posts: Posts
    reads: Reads
    choice: Choice
    model: NextModel
    recent: Floats
    vectors: Vectors
    published: bool


def learned_posts(histories: Iterable[History], count: int) -> list[int]:
    """Return which of `count` posts are learned of: all, or of many those that were read, the most read ones."""
    return list(range(count)) if count <= DENSE_POSTS else most_read(histories, LEARNED_POSTS).tolist()


def learn(
    histories: Sequence[History], ids: Sequence[str], posts: Iterable[tuple[str, Post]], least: int, *, published: bool
) -> Learned:
    """Learn from histories, in any order, in which posts are numbered as their `ids` are; `posts` says what is known.

    Models are made of what at least `least` readers have in common, and only if they are to be `published`.
    """
    wanted = {ids[number]: number for number in learned_posts(histories, len(ids))}
    found = {wanted[id_]: post for id_, post in posts if id_ in wanted}
    numbers = sorted(found)
    kept = tuple(ids[number] for number in numbers)
    vectors = np.stack([found[number].vector for number in numbers]) if numbers else np.zeros((0, DIM), np.float32)
    born = np.array([found[number].born for number in numbers], np.int64)
    known = Posts(leading(vectors, DIM).astype(np.float64), born)
    places = {number: place for place, number in enumerate(numbers)}
    reads = reads_of(renumbered(histories, places), len(kept), SAMPLED_READERS)
    if not published:
        choice, none = Choice(CONTENT, PENALTIES[-1]), np.zeros(len(kept))
        return Learned(kept, known, reads, choice, _nothing(known), none, _no_vectors(known), False)
    with one_thread():
        choice = choose(reads, known, least)
        learner = Learner(reads, known, least)
        model = learner.model(choice.method, choice.penalty)
        recent = learner.recent(_at_the_end(reads))[0]
        counted = Counted(model.counted.readers, Recent(recent), model.counted.weights)
        model = NextModel(choice.method, known, counted, model.of_text, model.of_all)
        return Learned(kept, known, reads, choice, model, recent, reader_vectors(learner.counts), True)


def reader_vectors(counts: Counts) -> Vectors:
    """Return unit vectors of posts by who read them, 0 for those of too few readers: float32 [n, DIM]."""
    kept = np.flatnonzero(counts.readers >= LEAST_FOR_VECTOR)
    vectors = np.zeros((len(counts.readers), DIM), np.float32)
    if len(kept):
        found = ppmi_vectors(counts.pairs[kept][:, kept])
        vectors[kept, : found.shape[1]] = unit_rows(found)
    return vectors


def _at_the_end(reads: Reads) -> Queries:
    """Somebody who has read nothing, when all reads have been."""
    second = int(reads.seconds.max(initial=-1)) + 1
    return Queries(sparse.csr_matrix((1, reads.count)), np.array([NO_TARGET]), np.array([second]))


def _nothing(posts: Posts) -> NextModel:
    """What needs no readers."""
    none, count = np.zeros(len(posts.born)), len(posts.born)
    counted = Counted(none, Recent(none), sparse.csr_matrix((count, count)))
    return NextModel(CONTENT, posts, counted, np.zeros(len(OF_TEXT)), np.zeros(len(FEATURES)))


def _no_vectors(posts: Posts) -> Vectors:
    return np.zeros((len(posts.born), DIM), np.float32)
