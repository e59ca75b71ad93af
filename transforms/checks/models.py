"""What was learned of a blog's posts, and what that says of others: tags that are probable, posts that are related."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import NamedTuple

import numpy as np
from scipy import sparse

from transforms.corpus.chronology import ages, date_keys, latest, ordinals
from transforms.corpus.languages import blog_languages, join_kinship, kinship
from transforms.corpus.notes import take_notes
from transforms.corpus.runs import runs_of, sketches
from transforms.corpus.tag_finder import TagFinder
from transforms.corpus.tag_spelling import tag_matrix
from transforms.corpus.tag_table import TagTable, mean_vectors
from transforms.corpus.text_parts import WHOLE_TEXT, article_text
from transforms.corpus.titles import TitleFinder, TitleTerms
from transforms.corpus.tokens import tokenize
from transforms.encoders.base import Encoder
from transforms.encoders.cache import text_key
from transforms.encoders.coverage import encode_unseen
from transforms.hygiene.issues import TaggedPosts
from transforms.hygiene.synonyms import find_synonyms
from transforms.numerics.arrays import NOBODY, Floats, Ints, Ints32, Mask, Vectors, leading
from transforms.numerics.rounding import best_columns
from transforms.reading.fields import tag_key
from transforms.records import Article, Notes
from transforms.related.confidence import Confidence
from transforms.related.ranker import Profiles, Ranker, rarity
from transforms.related.weights import RankWeights
from transforms.results import PARTS, Links, TagTrial
from transforms.sampling import key_of
from transforms.search.candidates import CANDIDATES, GroupedIndex, leave_out
from transforms.search.dense import DenseIndex
from transforms.search.votes import count_votes, first_voters
from transforms.site.link_keys import LinkKeys, link_keys
from transforms.tags.calendar import make_calendar
from transforms.tags.evidence import Evidence
from transforms.tags.expected import expected_tags
from transforms.tags.model import TagModel
from transforms.tags.trial import correct

_LOWEST = (1 << 16) - 1
"""The bits of a hash by which it is ruled out first."""


@dataclass(frozen=True, eq=False)
class Learned:
    """What was learned of a blog's posts [n], and what is known of each, in the order of their ids.

    `articles` are without bodies, `vectors` float32 [n, dim] by the `encoder`, which reads `parts` of a post. `runs`
    csr int8 [n, HASHES] are sketches of their runs of words, to which `common_runs` do not belong, and `texts` [n]
    tell which are exactly the same, where that is known. `coverage` is the usual one of the posts' texts, None where
    the encoder was not fitted to them. The other fields are those of a State.
    """

    articles: Sequence[Article]
    encoder: Encoder
    vectors: Vectors
    runs: sparse.csr_matrix
    common_runs: Ints32
    table: TagTable
    tag_model: TagModel
    trial: TagTrial
    ranking: RankWeights
    confidence: Confidence | None
    titles: TitleTerms
    links: Sequence[Links]
    texts: Sequence[str] = ()
    parts: Mapping[str, int] = field(default_factory=lambda: WHOLE_TEXT)
    related_by: frozenset[str] = frozenset(PARTS)
    any_language: bool = False
    coverage: float | None = None


class Judged(NamedTuple):
    """What models say of a post: the probability of each tag [tags], and related posts, the best first.

    These are rows of what was learned, each with its score and the confidence in it.
    """

    probabilities: Floats
    related: tuple[tuple[int, float, float | None], ...]


class Models:
    """What was learned of a blog, ready to judge posts."""

    def __init__(self, learned: Learned) -> None:
        articles, table = learned.articles, learned.table
        self.learned = learned
        self.row_of = {article.id: row for row, article in enumerate(articles)}
        self._near = leading(learned.vectors, learned.encoder.info.neighbor_dim)
        self._languages = blog_languages(
            Counter(article.language for article in articles), any_language=learned.any_language
        )
        self._kin = kinship(articles, self._languages)
        self._carriers = tag_matrix(articles, table.keys)
        self._tagged = np.diff(self._carriers.indptr) > 0
        self._newest = latest(ordinals(articles))
        self._tag_finder, self._title_finder = TagFinder(table.keys), TitleFinder(learned.titles)
        keys, rows = date_keys(articles), np.flatnonzero(self._tagged)
        self._calendar = make_calendar([keys[row] for row in rows.tolist()], self._carriers[rows], math.nan)
        self._ranker = self._make_ranker()

    def judge(self, articles: Sequence[Article], links: Mapping[str, tuple[str, ...]], count: int = 0) -> list[Judged]:
        """Judge posts, with their bodies, and relate `count` others to each; `links` are the ids that each links to.

        A post that was learned from is judged by all others.
        """
        if not articles:
            return []
        own = [self._own_row(article) for article in articles]
        vectors = self._encode(articles)
        notes = self._notes(articles)
        found, cosines = self._candidates(articles, own, vectors)
        evidence = self._evidence(articles, own, vectors, notes, found, cosines)
        model = self.learned.tag_model
        probabilities = correct(model.probabilities(evidence), evidence.later, self.learned.trial)
        queries = self._profiles(
            articles,
            vectors,
            tag_matrix(articles, self.learned.table.keys),
            expected_tags(model.expectations(evidence)),
            notes,
            [Links(article.id, links.get(article.id, ()), 0) for article in articles],
        )
        ranking = self._ranker.rank(queries, found, cosines, self.learned.ranking).first(count)
        sure = self.learned.confidence(ranking.scores, queries.keys) if self.learned.confidence else None
        return [
            Judged(
                probabilities[place],
                tuple(
                    (int(row), float(ranking.scores[place, at]), None if sure is None else float(sure[place, at]))
                    for at, row in enumerate(ranking.found[place].tolist())
                    if row != NOBODY
                ),
            )
            for place in range(len(articles))
        ]

    def sketch(self, articles: Sequence[Article]) -> sparse.csr_matrix:
        """Sketch the runs of words of posts, with their bodies: csr int8 [posts, HASHES]."""
        return sketch_posts(articles, self.learned.common_runs, self.learned.runs)

    def text_key(self, article: Article) -> str:
        """A digest of what is read of a post, by which exact copies are known."""
        return text_key(article_text(article, self.learned.parts))

    def nearest_tags(self, name: str) -> list[str]:
        """The keys of the tags whose posts say most of what a name says, the nearest first; none for unknown words."""
        table = self.learned.table
        if not table.keys:
            return []
        cosines = mean_vectors(table.sums).astype(np.float64) @ self.learned.encoder.encode([name])[0].astype(
            np.float64
        )
        best = best_columns(cosines[None, :], len(table.keys))[0]
        return [table.keys[row] for row in best.tolist() if cosines[row] > 0]

    @cached_property
    def synonyms(self) -> Mapping[str, str]:
        """The tags that the audit of tags takes for synonyms of more used ones, by their names and posts; by key."""
        articles, table = self.learned.articles, self.learned.table
        unknown = sparse.csr_matrix((len(articles), len(table.keys)))
        posts = TaggedPosts([article.id for article in articles], table, self._carriers, unknown, unknown)
        pairs = (issue.tags for issue in find_synonyms(posts, by_name=True) if issue.shown)
        return {tag_key(rarer): tag_key(used) for used, rarer in pairs}

    def _own_row(self, article: Article) -> int:
        row = self.row_of.get(article.id, NOBODY)
        return row if row != NOBODY and self.learned.articles[row].path == article.path else NOBODY

    def _encode(self, articles: Sequence[Article]) -> Vectors:
        texts = [article_text(article, self.learned.parts) for article in articles]
        return encode_unseen(self.learned.encoder, texts, self.learned.coverage)

    def _notes(self, articles: Sequence[Article]) -> Notes:
        titles = [article.title for article in articles]
        texts = [article_text(article, WHOLE_TEXT) for article in articles]
        return take_notes(titles, texts, self._tag_finder, {}, {}, self._title_finder)

    def _candidates(self, articles: Sequence[Article], own: Sequence[int], vectors: Vectors) -> tuple[Ints, Floats]:
        """The nearest posts of each, but for itself, translations, and posts of other languages."""
        known = len(self.learned.articles)
        kin = join_kinship([self._kin, kinship(articles, self._languages)])
        before, asked = kin.part(np.arange(known)), kin.part(np.arange(known, len(kin)))
        near = leading(vectors, self._near.shape[1])
        index = GroupedIndex(self._near, before.groups, DenseIndex)
        found, cosines = index.candidates(np.arange(known), near, np.array(own, np.int64), asked.groups, CANDIDATES)
        return leave_out(found, cosines, asked.translations(found, before))

    def _evidence(
        self,
        articles: Sequence[Article],
        own: Sequence[int],
        vectors: Vectors,
        notes: Notes,
        found: Ints,
        cosines: Floats,
    ) -> Evidence:
        voters = first_voters(self._tagged[found] & (found != NOBODY))
        learned_from = sparse.diags(np.array([float(row != NOBODY) for row in own]))
        return Evidence(
            np.array([key_of(article.id) for article in articles], np.int64),
            vectors,
            sparse.csr_matrix(learned_from @ tag_matrix(articles, self.learned.table.keys)),
            notes.in_title,
            notes.in_text,
            count_votes(voters, cosines, self._carriers[found[voters]]),
            *self._calendar.around(date_keys(articles)),
        )

    def _make_ranker(self) -> Ranker:
        articles, table = self.learned.articles, self.learned.table
        shares = [self._title_finder.shares(tokenize.__wrapped__(article.title)) for article in articles]
        titles = _rows(shares, len(self._title_finder))
        nothing = sparse.csr_matrix((len(articles), len(table.keys)))
        unnamed = sparse.csr_matrix((len(articles), len(self._title_finder)))
        notes = Notes(nothing, nothing, ((),) * len(articles), titles, unnamed)
        profiles = self._profiles(articles, self.learned.vectors, self._carriers, nothing, notes, self.learned.links)
        return Ranker(profiles, rarity(table.counts, table.posts), self.learned.related_by)

    def _profiles(
        self,
        articles: Sequence[Article],
        vectors: Vectors,
        carriers: sparse.csr_matrix,
        expected: sparse.csr_matrix,
        notes: Notes,
        links: Iterable[Links],
    ) -> Profiles:
        ids = [article.id for article in articles]
        of_links: LinkKeys = link_keys(ids, links)
        keys = np.array([key_of(id_) for id_ in ids], np.int64)
        age = ages(articles, self._newest)
        return Profiles(ids, notes.words, keys, vectors, carriers, expected, notes.title, notes.named, age, of_links)


def sketch_posts(articles: Sequence[Article], common_runs: Ints32, others: sparse.csr_matrix) -> sparse.csr_matrix:
    """Sketch the runs of words of posts, with their bodies, given those of `others`: csr int8 [posts, HASHES].

    These tell which runs are repeated.
    """
    runs = [runs_of(replace(article, body=""), article_text(article, WHOLE_TEXT)) for article in articles]
    shared = others.indices[among(others.indices, runs)]
    return sketches(runs, common_runs, np.union1d(common_runs, shared))


def among(hashes: Ints32, runs: Sequence[Ints32]) -> Mask:
    """Tell which of many hashes are among the runs of a few posts [hashes]; most are ruled out by their lowest bits."""
    wanted = np.unique(np.concatenate([np.zeros(0, np.int32), *runs]))
    known = np.zeros(_LOWEST + 1, np.bool_)
    known[wanted & _LOWEST] = True
    found: Mask = known[hashes & _LOWEST]
    rest = np.flatnonzero(found)
    found[rest] = np.isin(hashes[rest], wanted)
    return found


def _rows(rows: Sequence[Mapping[int, float]], columns: int) -> sparse.csr_matrix:
    ends = np.cumsum([0, *map(len, rows)])
    indices = np.array([column for row in rows for column in sorted(row)], np.int64)
    values = np.array([row[column] for row in rows for column in sorted(row)], np.float64)
    return sparse.csr_matrix((values, indices, ends), (len(rows), columns))
