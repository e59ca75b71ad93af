"""What is learned from who read what: how much one post speaks for another, and vectors of posts.

Every model takes counts, and so does not depend on the order of readers: `pairs` float64 [n, n] has for two posts how
many readers have read both, and in its diagonal how many have read each.
"""

from __future__ import annotations

import itertools

import numpy as np
from scipy import sparse

from transforms.numerics.arrays import Floats
from transforms.numerics.threads import one_thread
from transforms.readings.together import SHRINKAGE

NEIGHBORS = 50
"""So many posts speak for each."""
DIM = 64
DENSE = 1_000
"""Of more posts than these only the leading eigenvectors are sought, from a fixed start (Lanczos)."""
VECTOR_SHARE = 50.0
"""How much the vectors of texts count beside reads: as so many readers of both of two equal posts."""
CONTEXT_POWER = 0.75
"""Damps the counts of much read posts (Levy, Goldberg and Dagan, TACL 2015)."""
ALS_PENALTY = 3.0
"""A factor is as small as it can be for so much of the loss, times the number of reads."""
_TINY = 1e-9
"""Without a penalty, a system of fewer readers or posts than dimensions has a solution by so little."""


def count_pairs(reads: sparse.csr_matrix) -> Floats:
    """Count for every two posts the rows of csr float64 [rows, n] that have both."""
    pairs: Floats = (reads.T @ reads).toarray()
    return pairs


def item_knn(pairs: sparse.csr_matrix | Floats) -> sparse.csr_matrix:
    """Return shrunk cosines of posts' readers, the `NEIGHBORS` highest of each post: csr float64 [n, n]."""
    counts = sparse.coo_matrix(pairs)
    readers, off = counts.tocsr().diagonal(), counts.row != counts.col
    row, column, both = counts.row[off], counts.col[off], counts.data[off]
    values = both / (np.sqrt(readers[row] * readers[column]) + SHRINKAGE)
    scores = sparse.csr_matrix((values, (row, column)), shape=counts.shape)
    for start, end in itertools.pairwise(scores.indptr):
        own = scores.data[start:end]
        if len(own) > NEIGHBORS:
            own[own < np.partition(own, -NEIGHBORS)[-NEIGHBORS]] = 0
    scores.eliminate_zeros()
    return scores


def positive(gram: Floats) -> Floats:
    """Return the positive semidefinite matrix that is nearest to a symmetric one (Higham, Linear Algebra Appl., 1988).

    Counts that are cut and rounded are not always such.
    """
    with one_thread():
        values, vectors = np.linalg.eigh(gram)
        found: Floats = (vectors * np.maximum(values, 0)) @ vectors.T
    return found


def ease(gram: Floats, penalty: float) -> Floats:
    """Return the weights by which each post's reads are best told from the others': float64 [n, n], 0 in the diagonal.

    The linear autoencoder of Steck (Embarrassingly Shallow Autoencoders for Sparse Data, WWW 2019) in closed form:
    B = I - P diag(1 / diag P) with P = (gram + penalty I)^-1.
    """
    with one_thread():
        inverse = np.linalg.inv(gram + penalty * np.eye(len(gram)))
    weights: Floats = -inverse / np.diag(inverse)
    np.fill_diagonal(weights, 0)
    return weights


def ease_with_vectors(gram: Floats, vectors: Floats, penalty: float) -> Floats:
    """Return EASE's weights of reads and of unit vectors [n, dim], whose dimensions are rows of reads beside them."""
    return ease(gram + VECTOR_SHARE * (vectors @ vectors.T), penalty)


def ppmi_vectors(pairs: sparse.csr_matrix | Floats, dim: int = DIM) -> Floats:
    """Return vectors of posts from counts alone: float64 [n, dim], what word2vec does for words in sentences.

    Eigenvectors of the positive pointwise mutual information, scaled by the roots of their eigenvalues (Levy and
    Goldberg, Neural Word Embedding as Implicit Matrix Factorization, NIPS 2014). The entry of a vector's dimension that
    is the largest is positive in each dimension. Fewer posts than `dim` give as many dimensions.
    """
    counts = sparse.coo_matrix(pairs, dtype=np.float64)
    off = counts.row != counts.col
    row, column, both = counts.row[off], counts.col[off], counts.data[off]
    totals = np.bincount(row, both, minlength=counts.shape[0])
    context = totals**CONTEXT_POWER
    values = np.maximum(np.log(both * context.sum() / (totals[row] * context[column])), 0)
    information = sparse.csr_matrix((values, (row, column)), shape=counts.shape)
    values, found = _leading_eigenvectors((information + information.T) / 2, dim)
    largest = np.abs(found).argmax(axis=0)
    found = found * np.where(found[largest, np.arange(found.shape[1])] < 0, -1, 1)
    vectors: Floats = found * np.sqrt(np.maximum(values, 0))
    return vectors


def _leading_eigenvectors(matrix: sparse.csr_matrix, dim: int) -> tuple[Floats, Floats]:
    """Return the `dim` largest eigenvalues of a symmetric matrix, and their vectors as columns."""
    from scipy.sparse import linalg  # takes longer to import than a short command has

    size = matrix.shape[0]
    with one_thread():
        if size <= DENSE or dim >= size:
            values, found = np.linalg.eigh(matrix.toarray())
        else:
            values, found = linalg.eigsh(matrix, dim, which="LA", v0=np.ones(size))
    best = np.argsort(-values, kind="stable")[:dim]
    return values[best], found[:, best]


def als(
    reads: sparse.csr_matrix, dim: int = 32, penalty: float = ALS_PENALTY, alpha: float = 10.0, rounds: int = 15
) -> Floats:
    """Factorise csr float64 [readers, n] by least squares in turn; returns the factors of posts float64 [n, dim].

    A read has the confidence 1 + alpha, what was not read has 1 (Hu, Koren and Volinsky, Collaborative Filtering for
    Implicit Feedback Datasets, ICDM 2008). The penalty grows with the number of reads; 0 is no regularisation. The
    start is fixed.
    """
    random = np.random.default_rng(0)
    posts: Floats = random.normal(0, 1 / np.sqrt(dim), (reads.shape[1], dim))
    by_post = reads.T.tocsr()
    with one_thread():
        for _ in range(rounds):
            readers = als_step(reads, posts, penalty, alpha)
            posts = als_step(by_post, readers, penalty, alpha)
    return posts


def als_step(reads: sparse.csr_matrix, factors: Floats, penalty: float, alpha: float) -> Floats:
    """Return the factors [rows, dim] of the rows of csr [rows, columns] that fit the `factors` of the columns best."""
    dim = factors.shape[1]
    gram = factors.T @ factors
    found = np.zeros((reads.shape[0], dim))
    for row, (start, end) in enumerate(zip(reads.indptr, reads.indptr[1:], strict=False)):
        own = factors[reads.indices[start:end]]
        if len(own):
            left = gram + alpha * (own.T @ own) + (penalty * len(own) + _TINY) * np.eye(dim)
            found[row] = np.linalg.solve(left, (1 + alpha) * own.sum(axis=0))
    return found


def mean_of_read(weights: sparse.csr_matrix, vectors: Floats) -> Floats:
    """Score posts by the cosine of their vectors [n, dim] with the weighed mean of what was read: [queries, n].

    `weights` csr float64 [queries, n] are of the reads.
    """
    means = weights @ vectors
    lengths = np.linalg.norm(means, axis=1, keepdims=True)
    scores: Floats = (means / np.where(lengths > 0, lengths, 1)) @ _unit(vectors).T
    return scores


def sharp_sum(weights: sparse.csr_matrix, vectors: Floats) -> Floats:
    """Score posts by the weighed sum of their cosines with each that was read, in the third power: [queries, n].

    The power makes near posts count more than many.
    """
    unit, read = _unit(vectors), np.unique(weights.indices)
    cosines = np.maximum(unit[read] @ unit.T, 0)
    scores: Floats = weights[:, read] @ (cosines * cosines * cosines)
    return scores


def _unit(vectors: Floats) -> Floats:
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors / np.where(lengths > 0, lengths, 1)
