"""Vectors of posts by gensim's Word2Vec, which the extra `gensim` brings: readers are sentences, posts are words."""

from __future__ import annotations

import importlib.util

import numpy as np

from transforms.numerics.arrays import Floats
from transforms.numerics.seed import SEED
from transforms.readings.models import DIM
from transforms.readings.reads import Reads

WINDOW = 50
"""So many reads before and after a read are its context: nearly always all that the reader has read."""
EPOCHS = 50


def is_installed() -> bool:
    """Tell whether gensim is there."""
    return importlib.util.find_spec("gensim") is not None


def word2vec_vectors(reads: Reads, dim: int = DIM, epochs: int = EPOCHS) -> Floats:
    """Return vectors of posts float64 [n, dim], zeros for those that nobody has read.

    A skip-gram model with negative sampling, in which each reader is a sentence (Barkan and Koenigstein, Item2Vec:
    Neural Item Embedding for Collaborative Filtering, MLSP 2016). One thread and a fixed seed give the same vectors
    each time.
    """
    from gensim.models import Word2Vec

    ends = np.cumsum(reads.lengths)[:-1]
    sentences = [[str(post) for post in own.tolist()] for own in np.split(reads.posts, ends)]
    vectors = np.zeros((reads.count, dim))
    if len(reads):
        model = Word2Vec(
            sentences, vector_size=dim, window=WINDOW, min_count=1, sg=1, epochs=epochs, seed=SEED, workers=1
        ).wv
        vectors[[int(word) for word in model.index_to_key]] = model.vectors
    return vectors
