"""How much of a text the dimensions of an encoder hold, which is less for texts that it was not fitted to."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from transforms.encoders.base import Encoder
from transforms.encoders.cache import CachingEncoder
from transforms.encoders.lsa import ROUNDED, Lsa
from transforms.numerics.arrays import Floats, Vectors


def encode_covered(encoder: Encoder, texts: Sequence[str]) -> tuple[Vectors, Floats | None]:
    """Encode texts: float32 [n, dim], with the coverage of each, float64 [n], where it is known.

    A cache keeps vectors alone: LSA projects the texts again to tell their coverage.
    """
    lsa = _lsa(encoder)
    if lsa is None:
        return encoder.encode(texts), None
    vectors, coverage = lsa.encode_covered(texts)
    return vectors if lsa is encoder else encoder.encode(texts), coverage


def encode_posts(encoder: Encoder, texts: Sequence[str]) -> tuple[Vectors, Floats | None]:
    """Encode whole posts as `encode_covered` does, and shorten the vectors of those that a model was not fitted to.

    The model covers some least share of each text that it was fitted to. A text of which it covers as much is taken
    for one of them, and its vector stays as it is.
    """
    vectors, coverage = encode_covered(encoder, texts)
    lsa = _lsa(encoder)
    if lsa is None or lsa.covered is None or coverage is None:
        return vectors, coverage
    usual, least = lsa.covered
    as_fitted = coverage >= least * (1 - ROUNDED)
    return _shorter(vectors, np.where(as_fitted, usual, coverage), usual), coverage


def encode_unseen(encoder: Encoder, texts: Sequence[str], usual: float | None) -> Vectors:
    """Encode texts that an encoder was not fitted to, as if it had been: float32 [n, dim], no row longer than 1.

    LSA's dimensions hold less of a text that they were not fitted to than the `usual` share of the others. At unit
    length it would be nearer to all posts and tags than it would have been among them, and what was learned from these
    would expect too much: of the tags of new posts at 0.75 on the average, 0.29 were right on one blog.
    """
    vectors, coverage = encode_covered(encoder, texts)
    return vectors if usual is None or coverage is None else _shorter(vectors, coverage, usual)


def _lsa(encoder: Encoder) -> Lsa | None:
    """The LSA that an encoder is, or keeps the vectors of."""
    inner = encoder.inner if isinstance(encoder, CachingEncoder) else encoder
    return inner if isinstance(inner, Lsa) else None


def _shorter(vectors: Vectors, coverage: Floats, usual: float) -> Vectors:
    shorter: Vectors = (vectors * np.minimum(coverage / usual, 1.0)[:, None]).astype(np.float32)
    return shorter


def usual(parts: Sequence[Floats | None]) -> float | None:
    """The usual coverage of the texts of some blocks; None where it is not known of all, or nothing is covered."""
    known = [part for part in parts if part is not None]
    if not known or len(known) < len(parts):
        return None
    return float(np.median(np.concatenate(known))) or None
