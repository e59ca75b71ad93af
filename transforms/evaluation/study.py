"""The system as a whole on a corpus at hand: what it learns and answers, for judging it on tags that are held back."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterator, Mapping

import numpy as np
from scipy import sparse

from transforms.corpus.chronology import date_keys
from transforms.corpus.tag_table import TagTable, fixed_point, moments
from transforms.evaluation.corpus import Corpus
from transforms.numerics.arrays import NOBODY, Floats, Ints, Mask
from transforms.related.confidence import (
    FIT_ARTICLES,
    LEARNED,
    Confidence,
    both_tagged,
    chance_overlap,
    fit_by_tags,
    fit_confidence,
    more_than_chance,
    place_features,
)
from transforms.related.lessons import LEARNED_ARTICLES, Lessons, join_lessons
from transforms.related.ranker import Profiles, Ranker, Ranking, join_rankings, rarity
from transforms.related.weights import RankWeights, fit_rank_weights
from transforms.results import PARTS, TagTrial
from transforms.sampling import key_of, sampled
from transforms.search.votes import count_votes, first_voters
from transforms.tags.calendar import make_calendar
from transforms.tags.evidence import Evidence
from transforms.tags.expected import expected_tags
from transforms.tags.model import AT_ONCE, TagModel, fit_articles, fit_tag_model
from transforms.tags.statistics import tag_statistics
from transforms.tags.trial import correct


class Study:
    """What is learned from a corpus, whose articles have the candidates `found` [n, c] with their `cosines`.

    `table` is the corpus's TagTable. The `weights` of the evidence for tags are learned unless given.
    """

    def __init__(
        self,
        corpus: Corpus,
        found: Ints,
        cosines: Floats,
        table: TagTable,
        weights: Floats | None = None,
    ) -> None:
        self.corpus = corpus
        self.found = found
        self.cosines = cosines
        self.table = table
        self._date_keys = date_keys(corpus.articles)
        tagged = np.flatnonzero(corpus.tagged)
        keys = [self._date_keys[row] for row in tagged.tolist()]
        self._calendar = make_calendar(keys, corpus.carriers[tagged], math.nan)
        self._rankers: dict[frozenset[str], Ranker] = {}
        self._lessons: dict[frozenset[str], Lessons] = {}
        self._weights: dict[frozenset[str], RankWeights] = {}
        statistics = tag_statistics(self.table)
        self.model = (
            fit_tag_model(self.evidence(self._sample()), statistics)
            if weights is None
            else TagModel(statistics, weights, weights)
        )

    def evidence(self, rows: Ints) -> Evidence:
        """Collect the evidence of some rows, which are the keys in it."""
        corpus, found = self.corpus, self.found[rows]
        voters = first_voters(corpus.tagged[found] & (found != NOBODY))
        return Evidence(
            rows,
            corpus.vectors[rows],
            corpus.carriers[rows],
            corpus.in_title[rows],
            corpus.in_text[rows],
            count_votes(voters, self.cosines[rows], corpus.carriers[found[voters]]),
            *self._calendar.around([self._date_keys[row] for row in rows.tolist()]),
        )

    def probabilities(self, rows: Ints) -> Floats:
        """Return the probability of each tag for some rows: [q, tags]; a few hundred rows at a time."""
        return self.model.probabilities(self.evidence(rows))

    def expectations(self, rows: Ints) -> Floats:
        """Return the same by the broad evidence alone."""
        return self.model.expectations(self.evidence(rows))

    def corrected(self, rows: Ints, trial: TagTrial) -> Floats:
        """Return the probabilities of some rows as a trial corrects them."""
        evidence = self.evidence(rows)
        return correct(self.model.probabilities(evidence), evidence.later, trial)

    def expected(self, rows: Ints) -> sparse.csr_matrix:
        """Return the tags expected of some rows, nothing of the others: csr [n, tags]."""
        parts = [
            sparse.csr_matrix((0, len(self.table.keys))),
            *(
                expected_tags(self.expectations(rows[start : start + AT_ONCE]))
                for start in range(0, len(rows), AT_ONCE)
            ),
        ]
        place = sparse.csr_matrix((np.ones(len(rows)), (rows, np.arange(len(rows)))), (len(self.corpus), len(rows)))
        return sparse.csr_matrix(place @ sparse.vstack(parts, format="csr"))

    def related(self, rows: Ints, parts: frozenset[str] = frozenset(PARTS)) -> Ints:
        """Relate others to some rows as if these had no tags: int64 [q, c], the best first."""
        return self._ranking(rows, parts).found

    def confident(self, rows: Ints, count: int) -> tuple[Ints, Floats]:
        """Relate `count` others to some rows as if these had no tags, and tell how sure each is: [q, count] both.

        That is the confidence to share more tags than by chance.
        """
        known = self._sample()
        ranking = self._ranking(np.concatenate([known, rows]))
        of_known, asked = ranking.part(slice(len(known))), ranking.part(slice(len(known), None)).first(count)
        confidence = fit_by_tags(*self.pairs_to_learn(known, of_known))
        keys = self.corpus.article_keys[rows]
        return asked.found, np.zeros(asked.found.shape) if confidence is None else confidence(asked.scores, keys)

    def pairs_to_learn(self, rows: Ints, ranking: Ranking) -> tuple[Floats, Floats, Floats, Ints]:
        """Lay out what the confidence is learned from, of some rows that were ranked as if they had no tags."""
        own, offered, first = self.corpus.carriers[rows], self.corpus.carriers, ranking.first(LEARNED)
        judged = both_tagged(own, offered, first.found)
        shares = self.more_than_chance(own, first.found)
        later = np.broadcast_to(self.evidence(rows).later[:, None], judged.shape)[judged]
        keys = np.broadcast_to(self.corpus.article_keys[rows][:, None], judged.shape)[judged]
        return place_features(first.scores)[judged], shares[judged].astype(np.float64), later, keys

    def more_than_chance(self, own: sparse.csr_matrix, found: Ints) -> Mask:
        """Tell which candidates int64 [q, k] share more of the tags csr [q, tags] than chance gives."""
        return shares_more(own, self.corpus.carriers, found, self.table)

    def ranker(self, rows: Ints, parts: frozenset[str] = frozenset(PARTS)) -> Ranker:
        """Make a Ranker of all articles, which can rank for some rows: tags are expected of these and of untagged ones.

        Every article may be ranked as a candidate, since tagged articles offer the tags that they have.
        """
        corpus = self.corpus
        looked_at = np.union1d(rows, np.flatnonzero(~corpus.tagged))
        profiles = Profiles(
            ids=corpus.ids,
            words=corpus.words,
            keys=corpus.article_keys,
            vectors=corpus.vectors,
            carriers=corpus.carriers,
            expected=self.expected(looked_at),
            title=corpus.title,
            named=corpus.named,
            age=corpus.age,
            links=corpus.links,
        )
        return Ranker(profiles, rarity(self.table.counts, self.table.posts), parts)

    def everybody(self, parts: frozenset[str] = frozenset(PARTS)) -> Ranker:
        """Make a Ranker of all articles that can rank for all of them, once for the same parts."""
        if parts not in self._rankers:
            self._rankers[parts] = self.ranker(np.arange(len(self.corpus)), parts)
        return self._rankers[parts]

    def lessons(self, ranker: Ranker) -> Lessons:
        """Lay out what a ranking by that Ranker is learned from, which must have been made for all rows."""
        ids = self.corpus.ids
        rows = [row for row, id_ in enumerate(ids) if sampled(id_, len(ids), LEARNED_ARTICLES)]
        return join_lessons(
            [
                ranker.lessons(ranker.profiles.part(part), self.found[part], self.cosines[part])
                for part in _parts(np.array(rows, np.int64))
            ]
        )

    def weights(self, parts: frozenset[str] = frozenset(PARTS)) -> RankWeights:
        """Weigh the features that some parts use, as a run does."""
        if parts not in self._weights:
            self._weights[parts] = fit_rank_weights(self._lessons_of(parts), parts)
        return self._weights[parts]

    def rank(self, ranker: Ranker, rows: Ints, *, without_tags: bool = False) -> Ranking:
        """Rank the candidates of some rows, when `without_tags` as if these had no tags."""
        weights = self.weights(ranker.parts)
        return join_rankings(
            [
                ranker.rank(
                    ranker.profiles.part(part), self.found[part], self.cosines[part], weights, without_tags=without_tags
                )
                for part in _parts(rows)
            ]
        )

    def confidence(self, parts: frozenset[str] = frozenset(PARTS)) -> Confidence | None:
        """Fit the confidence in what is ranked by some parts, as a run does."""
        ids, posts = self.corpus.ids, self.table.posts
        rows = np.array([row for row, id_ in enumerate(ids) if sampled(id_, posts, FIT_ARTICLES)], np.int64)
        without_tags = self.rank(self.everybody(parts), rows, without_tags=True).first(LEARNED)
        tagged = self.pairs_to_learn(rows, without_tags)
        return fit_confidence(parts, self._lessons_of(parts), self.weights(parts), tagged)

    def _lessons_of(self, parts: frozenset[str]) -> Lessons:
        if parts not in self._lessons:
            self._lessons[parts] = self.lessons(self.everybody(parts))
        return self._lessons[parts]

    def _ranking(self, rows: Ints, parts: frozenset[str] = frozenset(PARTS)) -> Ranking:
        return self.rank(self.ranker(rows, parts), rows, without_tags=True)

    def _sample(self) -> Ints:
        """Choose the rows that are learned from, in the order of their keys, as a pipeline fits them."""
        limit = fit_articles(len(self.table.keys))
        tagged = np.flatnonzero(self.corpus.tagged)
        ids = self.corpus.ids
        rows = [row for row in tagged.tolist() if sampled(ids[row], len(tagged), limit)]
        return np.array(sorted(rows, key=lambda row: key_of(ids[row])), np.int64)


def _parts(rows: Ints) -> Iterator[Ints]:
    return (rows[start : start + AT_ONCE] for start in range(0, max(1, len(rows)), AT_ONCE))


def shares_more(own: sparse.csr_matrix, carriers: sparse.csr_matrix, found: Ints, table: TagTable) -> Mask:
    """Tell which candidates int64 [q, k], rows of csr [n, tags], share more of csr [q, tags] than chance gives."""
    weights = rarity(table.counts, table.posts)
    return more_than_chance(own, carriers, found, weights, chance_overlap(table.counts, table.posts, weights))


def study_of(corpus: Corpus, found: Ints, cosines: Floats, everything: TagTable) -> Study:
    """Study a corpus whose tags are to be counted anew; `everything` is a TagTable that knows all tags' names."""
    return Study(corpus, found, cosines, count_tags(corpus, everything))


def count_tags(corpus: Corpus, everything: TagTable) -> TagTable:
    """Make the TagTable of a corpus; names and their vectors come from a table that knows them all."""
    row_of: Mapping[str, int] = everything.rows
    rows = np.array([row_of[key] for key in corpus.keys], np.int64)
    carriers = corpus.carriers.astype(np.int64)
    all_sums = moments(corpus.vectors[corpus.tagged])
    return dataclasses.replace(
        everything,
        keys=corpus.keys,
        names=tuple(everything.names[row] for row in rows),
        counts=np.asarray(carriers.sum(axis=0)).ravel(),
        sums=carriers.T @ fixed_point(corpus.vectors),
        name_vectors=everything.name_vectors[rows],
        posts=int(np.count_nonzero(corpus.tagged)),
        total=all_sums[0],
        gram=all_sums[1:],
    )
