import importlib.util

import numpy as np
import pytest

from transforms.readings import word2vec
from transforms.readings.reads import reads_of
from transforms.readings.visits import History
from transforms.readings.word2vec import is_installed, word2vec_vectors

NEEDS_GENSIM = pytest.mark.skipif(not is_installed(), reason="gensim is not installed")
GROUP = 6


def made_up(readers):
    """Readers of one of three groups of posts each, and a last post that nobody reads."""
    chance = np.random.default_rng(3)
    return [
        History((tuple((int(post), 1_700_000_000 + number * 60 + at) for at, post in enumerate(some)),))
        for number in range(readers)
        for some in [chance.permutation(GROUP)[:4] + GROUP * (number % 3)]
    ]


@NEEDS_GENSIM
def test_posts_of_the_same_readers_have_like_vectors():
    vectors = word2vec_vectors(reads_of(made_up(1_500), 3 * GROUP + 1), 8)

    assert vectors.shape == (19, 8)
    np.testing.assert_array_equal(vectors[-1], 0)
    unit = vectors[:-1] / np.linalg.norm(vectors[:-1], axis=1, keepdims=True)
    nearest = np.argsort(-(unit @ unit.T), axis=1)[:, :GROUP]
    np.testing.assert_array_equal(nearest // GROUP, np.repeat(np.arange(3), GROUP)[:, None] * np.ones(GROUP, int))


@NEEDS_GENSIM
def test_the_order_of_readers_does_not_matter():
    one, other = (word2vec_vectors(reads_of(some, 19), 8) for some in (made_up(60), made_up(60)[::-1]))

    np.testing.assert_array_equal(one, other)


@NEEDS_GENSIM
def test_nobody_who_reads_gives_no_vector():
    np.testing.assert_array_equal(word2vec_vectors(reads_of([], 4), 8), np.zeros((4, 8)))


def test_it_is_told_whether_gensim_is_there(monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    assert not word2vec.is_installed()
