"""The evidence for each tag of each article: its neighbours' and contemporaries' tags, its vector, its words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields

import numpy as np
from scipy import sparse

from transforms.learning.statistics import TagStatistics
from transforms.numerics.arrays import Floats, Ints, Mask, Vectors

VOTERS = 20
"""How many of an article's nearest tagged neighbours vote."""
SHARPNESS = 4
"""A neighbour's vote weighs this power of its cosine."""
TRUST = 5.0
"""The contemporaries' share of a tag counts beside so many articles of the blog's average."""

HALF_LIFE = 0.25
"""An article teaches half as much as the newest when this share of the tagged articles came after it."""

FEATURES: Mapping[str, float] = {
    "constant": -3.0,
    "mean": 5.0,
    "votes": 0.0,
    "log votes": 0.0,
    "ridge": 0.0,
    "title": 0.0,
    "text": 0.0,
    "recent": 0.0,
    "prior": 0.0,
}
"""The evidence, and its weights where nothing can be learned: the cosine to the tag's mean decides, as in the talk."""
START = np.array(list(FEATURES.values()))


@dataclass(frozen=True, eq=False)
class Dossier:
    """What is known of some articles, by their `keys` [q].

    `vectors` float32 [q, dim]; `carriers`, `in_title`, `in_text` csr [q, tags] as in the Corpus; `votes` csr [q, tags],
    the shares of the neighbours' votes for each tag; `recent` csr [q, tags], how many contemporaries carry it, of
    `contemporaries` [q]; `later` [q], the share of the tagged articles that are dated later.
    """

    keys: Ints
    vectors: Vectors
    carriers: sparse.csr_matrix
    in_title: sparse.csr_matrix
    in_text: sparse.csr_matrix
    votes: sparse.csr_matrix
    recent: sparse.csr_matrix
    contemporaries: Floats
    later: Floats

    def __len__(self) -> int:
        return len(self.keys)

    def part(self, places: Ints | slice) -> Dossier:
        """Return the dossier of some of its articles."""
        return Dossier(*(getattr(self, field.name)[places] for field in fields(self)))


def join_dossiers(parts: Sequence[Dossier]) -> Dossier:
    """Join the dossiers of parts of a corpus, in any order, into one in the order of the articles' keys."""
    arrays = {field.name: [getattr(part, field.name) for part in parts] for field in fields(Dossier)}
    joined = Dossier(
        **{
            name: sparse.vstack(pieces, format="csr") if sparse.issparse(pieces[0]) else np.concatenate(pieces)
            for name, pieces in arrays.items()
        }
    )
    return joined.part(np.argsort(joined.keys, kind="stable"))


def importance(later: Floats) -> Floats:
    """Weigh articles by how new they are, since the newer tell how the blog tags now: [q], from the share `later`."""
    weights: Floats = 0.5 ** (later / HALF_LIFE)
    return weights


def first_voters(tagged: Mask) -> Mask:
    """Tell which of the candidates [q, c], of whom some are tagged, vote: the nearest `VOTERS` tagged ones."""
    return tagged & (np.cumsum(tagged, axis=1) <= VOTERS)


def count_votes(voters: Mask, cosines: Floats, ballots: sparse.csr_matrix) -> sparse.csr_matrix:
    """Let the voters among the candidates [q, c] vote for the tags that they carry: csr [q, tags].

    `ballots` csr [votes, tags] has ones for the tags of every voter, row by row; a vote weighs a power of the cosine.
    """
    weights = np.where(voters, cosines, 0.0) ** SHARPNESS
    weights /= np.maximum(weights.sum(axis=1, keepdims=True), 1e-12)
    ends = np.cumsum([0, *voters.sum(axis=1)])
    cast = sparse.csr_matrix((weights[voters], np.arange(ballots.shape[0]), ends), (len(voters), ballots.shape[0]))
    return sparse.csr_matrix(cast @ ballots)


def tag_features(dossier: Dossier, statistics: TagStatistics) -> tuple[Floats, Mask]:
    """Lay out the evidence for each tag of some articles: [q, tags, features], and which tags are known [q, tags].

    Articles that carry tags took part in `statistics`, and are judged as if they had not (leave-one-out); a tag that
    the article alone carries is not known then.
    """
    carried = dossier.carriers.toarray()
    others = statistics.counts - carried
    posts = np.maximum(statistics.posts - (carried.sum(axis=1, keepdims=True) > 0), 1)
    prior = others / posts
    recent = dossier.recent.toarray() + TRUST * prior
    recent /= dossier.contemporaries[:, None] + TRUST
    votes = dossier.votes.toarray()
    least = 0.5 / posts
    features = (
        np.ones_like(carried),
        statistics.mean_cosines(dossier.vectors, carried),
        votes,
        np.log(votes + 0.01),
        np.log(np.maximum(statistics.ridge_scores(dossier.vectors, carried), 0) + 0.02),
        dossier.in_title.toarray() > 0,
        np.log1p(dossier.in_text.toarray()),
        np.log(recent + least),
        np.log(prior + least),
    )
    return np.stack(features, axis=-1), others > 0
