"""The evidence for each tag of each article: its neighbours' and contemporaries' tags, its vector, its words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields

import numpy as np
import numpy.typing as npt
from scipy import sparse

from transforms.corpus import Corpus
from transforms.learning.statistics import TagStatistics
from transforms.records import Vectors
from transforms.search import NOBODY, Rows, Scores

Floats = npt.NDArray[np.float64]

VOTERS = 20
"""How many of an article's nearest tagged neighbours vote."""
SHARPNESS = 4
"""A neighbour's vote weighs this power of its cosine."""
CONTEMPORARIES = 30
"""How many tagged articles before an article, and after it, tell what the blog was about at that time."""
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
    """What is known of some articles of a corpus, their `rows` [q] in it.

    `vectors` float32 [q, dim]; `carriers`, `in_title`, `in_text` csr [q, tags] as in the Corpus; `found` int64
    [q, count], each one's candidates, with their `cosines`; `votes` csr [q, tags], the shares of the neighbours' votes
    for each tag; `recent` csr [q, tags], how many contemporaries carry it, of `contemporaries` [q]; `later` [q], the
    share of the tagged articles that are dated later.
    """

    rows: Rows
    vectors: Vectors
    carriers: sparse.csr_matrix
    in_title: sparse.csr_matrix
    in_text: sparse.csr_matrix
    found: Rows
    cosines: Scores
    votes: sparse.csr_matrix
    recent: sparse.csr_matrix
    contemporaries: Floats
    later: Floats

    def __len__(self) -> int:
        return len(self.rows)

    def part(self, places: Rows | slice) -> Dossier:
        """Return the dossier of some of its articles."""
        return Dossier(*(getattr(self, field.name)[places] for field in fields(self)))


def open_dossier(corpus: Corpus, order: Rows, rows: Rows, found: Rows, cosines: Scores) -> Dossier:
    """Gather what is known of some rows of a corpus, of which `order` [n] lists all rows by date.

    What other articles' tags say never includes the article's own.
    """
    return Dossier(
        rows,
        corpus.vectors[rows],
        corpus.carriers[rows],
        corpus.in_title[rows],
        corpus.in_text[rows],
        found,
        cosines,
        count_votes(corpus.carriers, corpus.tagged, found, cosines),
        *count_contemporaries(corpus.carriers, corpus.tagged, order, rows),
    )


def join_dossiers(parts: Sequence[Dossier]) -> Dossier:
    """Join the dossiers of parts of a corpus, in any order, into one in the order of the corpus's rows."""
    arrays = {field.name: [getattr(part, field.name) for part in parts] for field in fields(Dossier)}
    joined = Dossier(
        **{
            name: sparse.vstack(pieces, format="csr") if sparse.issparse(pieces[0]) else np.concatenate(pieces)
            for name, pieces in arrays.items()
        }
    )
    return joined.part(np.argsort(joined.rows, kind="stable"))


def importance(later: Floats) -> Floats:
    """Weigh articles by how new they are, since the newer tell how the blog tags now: [q], from the share `later`."""
    weights: Floats = 0.5 ** (later / HALF_LIFE)
    return weights


def count_votes(
    carriers: sparse.csr_matrix, tagged: npt.NDArray[np.bool_], found: Rows, cosines: Scores
) -> sparse.csr_matrix:
    """Let each row's nearest `VOTERS` tagged candidates vote for the tags that they carry: csr [rows, tags]."""
    may_vote = tagged[found] & (found != NOBODY)
    may_vote &= np.cumsum(may_vote, axis=1) <= VOTERS
    weights = np.where(may_vote, cosines, 0.0) ** SHARPNESS
    weights /= np.maximum(weights.sum(axis=1, keepdims=True), 1e-12)
    ballots = sparse.csr_matrix(
        (weights[may_vote], found[may_vote], np.cumsum([0, *may_vote.sum(axis=1)])), (len(found), carriers.shape[0])
    )
    return ballots @ carriers


def count_contemporaries(
    carriers: sparse.csr_matrix, tagged: npt.NDArray[np.bool_], order: Rows, queries: Rows
) -> tuple[sparse.csr_matrix, Floats, Floats]:
    """Count the tags of the tagged articles around each query: csr [rows, tags], and how many these are [rows].

    Also returns the share of the tagged articles that come later [rows].
    """
    tagged_order = order[tagged[order]]
    place = np.empty(len(order), np.int64)
    place[order] = np.cumsum(tagged[order]) - tagged[order]  # tagged articles before each
    before = place[queries][:, None] + np.arange(-CONTEMPORARIES, 0)
    after = (place[queries] + tagged[queries])[:, None] + np.arange(CONTEMPORARIES)
    around = np.hstack([before, after])
    there = (around >= 0) & (around < len(tagged_order))
    columns = tagged_order[around[there]]
    window = sparse.csr_matrix(
        (np.ones(len(columns)), columns, np.cumsum([0, *there.sum(axis=1)])), (len(queries), carriers.shape[0])
    )
    later = 1 - (place[queries] + tagged[queries]) / max(1, len(tagged_order))
    return window @ carriers, there.sum(axis=1).astype(np.float64), later


def tag_features(dossier: Dossier, statistics: TagStatistics) -> tuple[Floats, npt.NDArray[np.bool_]]:
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
