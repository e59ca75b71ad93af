"""Contrastive learning on the corpus alone: LSA, bent so that a post's head comes near to its own body."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from scipy import sparse

from transforms.corpus.tokens import tokenize
from transforms.encoders.lsa import DIM, NEIGHBOR_DIM, Lsa, fit_lsa, tfidf
from transforms.numerics.arrays import Floats, Floats32
from transforms.numerics.seed import SEED
from transforms.numerics.threads import one_thread

NAME = "lsa+contrastive"
MAX_POSTS = 2048
"""Training reads at most so many posts, drawn at random."""
ROUNDS = 4
"""So many pairs of views are made of each post, with other tokens dropped in each."""
DROPOUT = 0.3
TEMPERATURE = 0.3
BATCH = 256
STEPS = 100
LEARNING_RATE = 0.1
MOMENTUM = 0.9
TOWARDS_IDENTITY = 0.1
"""The weight of the learned part's squared norm; a blog is small, and what it teaches is soon overdone."""


def fit_contrastive(texts: Sequence[str], heads: Sequence[str], dim: int = DIM) -> Lsa:
    """Fit an LSA to texts, then a projection of its leading dimensions to the posts' heads and bodies.

    `texts` are what will be encoded, `heads` the same posts' titles, ledes and headings, a line each. The posts' order
    does not matter. The projection is linear as LSA is, so that both are one matrix of components in the end. Where
    there is nothing to learn from (fewer than two posts with a head and a body, or but one dimension), LSA remains.
    """
    posts = sorted(zip(texts, heads, strict=True))
    model = fit_lsa([text for text, _ in posts], dim)
    rng = np.random.default_rng(SEED)
    if len(posts) > MAX_POSTS:
        posts = [posts[row] for row in np.sort(rng.choice(len(posts), MAX_POSTS, replace=False))]
    with one_thread():
        head_views = views(model, [head for _, head in posts], rng)
        body_views = views(model, [body_of(text, head) for text, head in posts], rng)
        components = model.components.copy()
        components[:, :NEIGHBOR_DIM] @= fit_projection(head_views, body_views, rng)
    return Lsa(model.vocabulary, model.idf, components, NAME)


def body_of(text: str, head: str) -> str:
    """Return the lines of a text that its head does not have."""
    known = set(head.split("\n"))
    return "\n".join(line for line in text.split("\n") if line not in known)


def views(model: Lsa, texts: Sequence[str], rng: np.random.Generator) -> Floats32:
    """Encode texts ROUNDS times, each time without some of their tokens: float32 [rounds, len(texts), <=NEIGHBOR_DIM].

    Only the model's leading dimensions are given, and rows are not scaled.
    """
    # Parts of posts are tokenized here only, and would push whole posts out of the tokenizer's cache.
    counts = model.vocabulary.count([tokenize.__wrapped__(text) for text in texts])
    components = model.components[:, :NEIGHBOR_DIM]
    return np.stack([tfidf(drop_tokens(counts, DROPOUT, rng), model.idf) @ components for _ in range(ROUNDS)])


def drop_tokens(counts: sparse.csr_matrix, rate: float, rng: np.random.Generator) -> sparse.csr_matrix:
    """Drop each counted token with probability `rate`; the input stays as it is."""
    kept = counts.copy()
    kept.data = rng.binomial(counts.data.astype(np.int64), 1 - rate).astype(np.float32)
    kept.eliminate_zeros()
    return kept


def fit_projection(left: Floats32, right: Floats32, rng: np.random.Generator) -> Floats32:
    """Learn P, float32 [dim, dim], under which two views of a post are nearer than views of two posts.

    `left` and `right` are [rounds, posts, dim]. P is the identity and a learned part, kept small, that minimises
    `info_nce` by gradient descent with momentum. The first dimension stays as it is: LSA's first is what all texts
    share, which tells no posts apart, so that the loss alone would remove it, and with it what makes a frequent tag
    likelier than a rare one. The others keep their share of the squared length.
    """
    dim = left.shape[2]
    projection = np.eye(dim, dtype=np.float32)
    left, right = left[:, :, 1:], right[:, :, 1:]
    whole = (left.any(axis=2) & right.any(axis=2)).all(axis=0)
    left, right = left[:, whole], right[:, whole]
    posts = left.shape[1]
    if dim < 2 or posts < 2:
        return projection
    identity = np.eye(dim - 1)
    learned, step = np.zeros_like(identity), np.zeros_like(identity)
    for number in range(STEPS):
        rows = rng.choice(posts, min(BATCH, posts), replace=False)
        a, b = (_unit(view[number % len(view), rows])[0] for view in (left, right))
        _, da, db = info_nce(a @ (identity + learned), b @ (identity + learned), TEMPERATURE)
        step = MOMENTUM * step + a.T @ da + b.T @ db + TOWARDS_IDENTITY * learned
        learned -= LEARNING_RATE * step
    both = np.concatenate([left, right]).reshape(-1, dim - 1)
    bent = identity + learned
    projection[1:, 1:] = bent * (np.linalg.norm(both) / np.linalg.norm(both @ bent))
    return projection


def info_nce(a: Floats, b: Floats, temperature: float) -> tuple[float, Floats, Floats]:
    """Return the symmetric InfoNCE loss of [n, d] and [n, d], rows not zero, and its gradients by both.

    Row i of one should have the largest cosine to row i of the other among the other's n rows (van den Oord, Li,
    Vinyals 2018, equation 4, with cosines over a temperature and both ways as in Radford et al. 2021, figure 3).
    """
    (u, a_norms), (v, b_norms) = _unit(a), _unit(b)
    # Cosines end at 1, so that the exponents end at 0 and cannot overflow.
    likely = np.exp((u @ v.T - 1) / temperature)
    by_row, by_column = likely / likely.sum(axis=1, keepdims=True), likely / likely.sum(axis=0)
    loss = -(np.log(by_row.diagonal()).mean() + np.log(by_column.diagonal()).mean()) / 2
    slope = ((by_row + by_column) / 2 - np.eye(len(a))) / (len(a) * temperature)
    return float(loss), _through_unit(slope @ v, u, a_norms), _through_unit(slope.T @ u, v, b_norms)


def _unit(rows: npt.NDArray[np.floating]) -> tuple[Floats, Floats]:
    precise = rows.astype(np.float64)
    norms = np.linalg.norm(precise, axis=1, keepdims=True)
    return precise / norms, norms


def _through_unit(gradient: Floats, unit: Floats, norms: Floats) -> Floats:
    """Turn a gradient by unit rows into the gradient by the rows they were scaled from."""
    along: Floats = (gradient * unit).sum(axis=1, keepdims=True)
    return (gradient - along * unit) / norms
