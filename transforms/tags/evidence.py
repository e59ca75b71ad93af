"""The evidence for each tag of each article: its neighbours' and contemporaries' tags, its vector, its words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields

import numpy as np
import numpy.typing as npt
from scipy import sparse

from transforms.corpus.blocks import block_key, keys_of
from transforms.corpus.chronology import ages, date_keys
from transforms.corpus.tag_spelling import tag_matrix
from transforms.corpus.tag_table import TagTable
from transforms.numerics.arrays import Floats, Ints, Mask, Vectors
from transforms.records import Article, Block, Notes
from transforms.results import Links
from transforms.search.votes import Votes
from transforms.site.link_keys import LinkKeys, link_keys
from transforms.tags.calendar import Calendar
from transforms.tags.statistics import TagStatistics

TRUST = 5.0
"""The contemporaries' share of a tag counts beside so many articles of the blog's average."""

HALF_LIFE = 0.25
"""An article teaches half as much as the newest when this share of the tagged articles came after it."""

FEATURES: Mapping[str, float] = {
    "constant": -3.0,
    "mean": 5.0,
    "votes": 0.0,
    "log votes": 0.0,
    "strict ridge": 0.0,
    "loose ridge": 0.0,
    "name": 0.0,
    "title": 0.0,
    "text": 0.0,
    "recent": 0.0,
    "prior": 0.0,
}
"""The evidence, and its weights where nothing can be learned: the cosine to the tag's mean decides, as in the talk."""
START = np.array(list(FEATURES.values()))
BROAD = np.array([name not in ("loose ridge", "name") for name in FEATURES])
"""The evidence by which the tags are expected that relate articles. Single words and names find a tag that fits, but
with them fewer of the articles are related that authors link (18F: 281 of 528 links, and 286 without them)."""


@dataclass(frozen=True, eq=False)
class Evidence:
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

    def part(self, places: Ints | slice) -> Evidence:
        """Return the evidence of some of its articles."""
        return Evidence(*(getattr(self, field.name)[places] for field in fields(self)))


def join_evidence(parts: Sequence[Evidence]) -> Evidence:
    """Join the evidence of parts of a corpus, in any order, into one in the order of the articles' keys."""
    arrays = {field.name: [getattr(part, field.name) for part in parts] for field in fields(Evidence)}
    joined = Evidence(
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


def tag_features(evidence: Evidence, statistics: TagStatistics) -> tuple[Floats, Mask]:
    """Lay out the evidence for each tag of some articles: [q, tags, features], and which tags are known [q, tags].

    Articles that carry tags took part in `statistics`, and are judged as if they had not (leave-one-out); a tag that
    the article alone carries is not known then.
    """
    carried = evidence.carriers.toarray()
    others = statistics.counts - carried
    posts = np.maximum(statistics.posts - (carried.sum(axis=1, keepdims=True) > 0), 1)
    prior = others / posts
    recent = evidence.recent.toarray() + TRUST * prior
    recent /= evidence.contemporaries[:, None] + TRUST
    votes = evidence.votes.toarray()
    least = 0.5 / posts
    features = (
        np.ones_like(carried),
        statistics.mean_cosines(evidence.vectors, carried),
        votes,
        np.log(votes + 0.01),
        *(np.log(np.maximum(scores, 0) + 0.02) for scores in statistics.ridge_scores(evidence.vectors, carried)),
        statistics.name_cosines(evidence.vectors),
        evidence.in_title.toarray() > 0,
        np.log1p(evidence.in_text.toarray()),
        np.log(recent + least),
        np.log(prior + least),
    )
    return np.stack(features, axis=-1), others > 0


@dataclass(frozen=True, eq=False)
class BlockEvidence:
    """A block's articles, notes, ages (years before the newest, NaN if undated) and links, and their tags' evidence.

    `homes` int16 [rows] are the shards that they live in, `asks` [rows, shards] those that they have candidates in.
    """

    block: int
    articles: tuple[Article, ...]
    notes: Notes
    age: Floats
    links: LinkKeys
    evidence: Evidence
    homes: npt.NDArray[np.int16]
    asks: Mask

    def __len__(self) -> int:
        return len(self.articles)


def collect_evidence(
    block: Block, votes: Votes, calendar: Calendar, table: TagTable, links: Iterable[Links] = ()
) -> BlockEvidence:
    """Gather what is known of a block's articles; what others' tags say never includes the article's own."""
    evidence = Evidence(
        keys_of(block),
        block.vectors,
        tag_matrix(block.articles, table.keys),
        block.notes.in_title,
        block.notes.in_text,
        votes.votes,
        *calendar.around(date_keys(block.articles)),
    )
    age = ages(block.articles, calendar.newest)
    of_links = link_keys([article.id for article in block.articles], links)
    return BlockEvidence(
        block_key(block), block.articles, block.notes, age, of_links, evidence, votes.homes, votes.asks
    )
