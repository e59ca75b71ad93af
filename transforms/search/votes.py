"""The votes of an article's nearest tagged neighbours for their tags."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse

from transforms.numerics.arrays import Floats, Mask

VOTERS = 20
"""How many of an article's nearest tagged neighbours vote."""

SHARPNESS = 4
"""A neighbour's vote weighs this power of its cosine."""


def first_voters(tagged: Mask) -> Mask:
    """Tell which of the candidates [q, c], of whom some are tagged, vote: the nearest `VOTERS` tagged ones."""
    return tagged & (np.cumsum(tagged, axis=1) <= VOTERS)


def count_votes(voters: Mask, cosines: Floats, voter_tags: sparse.csr_matrix) -> sparse.csr_matrix:
    """Let the voters among the candidates [q, c] vote for the tags that they carry: csr [q, tags].

    `voter_tags` csr [votes, tags] has ones for the tags of each voter, row by row; a vote weighs a power of the cosine.
    """
    weights = np.where(voters, cosines, 0.0) ** SHARPNESS
    weights /= np.maximum(weights.sum(axis=1, keepdims=True), 1e-12)
    ends = np.cumsum([0, *voters.sum(axis=1)])
    cast = sparse.csr_matrix(
        (weights[voters], np.arange(voter_tags.shape[0]), ends), (len(voters), voter_tags.shape[0])
    )
    return sparse.csr_matrix(cast @ voter_tags)


@dataclass(frozen=True, eq=False)
class Votes:
    """What a block's candidates say of its articles, and where both are to be found.

    `votes` csr [rows, tags] are the nearest ones' shares for each tag; `homes` int16 [rows] the shard that an article
    lives in, and `asks` [rows, shards] those that it has candidates in.
    """

    votes: sparse.csr_matrix
    homes: npt.NDArray[np.int16]
    asks: Mask
