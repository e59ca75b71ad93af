"""Related articles of every block, how sure they are, and the same as if each article had no tags."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import apache_beam as beam
import numpy as np
import numpy.typing as npt
from apache_beam.pvalue import AsIter, AsSingleton, PCollection
from scipy import sparse

from transforms.confidence import confidences, fit_confidence, pairs_to_learn
from transforms.explain import explain
from transforms.gather import Gather
from transforms.observe import measured
from transforms.recommend import Expected
from transforms.records import Related
from transforms.related import Profiles, Ranker, Ranking, rarity
from transforms.sampling import sampled
from transforms.search import Rows, Scores
from transforms.tags import TagTable

Floats = npt.NDArray[np.float64]

FIT_ARTICLES = 2_000
"""The confidence is fitted on the candidates of about so many tagged articles."""
JUDGED = 4
"""How many related articles the measures look at."""


Lesson = tuple[int, Floats, Floats, Floats]
"""A block's first row, and what the confidence is learned from."""


@dataclass(frozen=True, eq=False)
class Profile:
    """What Profiles hold of a block's articles, and their rows in the corpus."""

    rows: Rows
    ids: tuple[str, ...]
    words: tuple[tuple[str, ...], ...]
    carriers: sparse.csr_matrix
    expected: sparse.csr_matrix
    age: Floats


@dataclass(frozen=True, eq=False)
class Ranked:
    """A block's related articles, not yet filtered, and what tells how sure they are.

    `rows` are the articles' in the corpus, which have the candidates `found` with their `cosines`; `ranking` holds the
    scores of `related`; `blind` int64 [rows, k] are the first `JUDGED` rows related to each as if it had no tags;
    `features` [pairs, 4], `labels` [pairs] and `counts` [pairs] are what the confidence is learned from.
    """

    rows: Rows
    related: tuple[Related, ...]
    ranking: Ranking
    blind: Rows
    found: Rows
    cosines: Scores
    features: Floats
    labels: Floats
    counts: Floats


def candidates_of(ranked: Ranked) -> tuple[Rows, Rows, Scores, Rows]:
    """Return what the measures look at: rows, their candidates and cosines, and what is related, blind to own tags."""
    return ranked.rows, ranked.found, ranked.cosines, ranked.blind


def profile(expected: Expected) -> Profile:
    """Take from a block what others need to know of its articles."""
    dossier = expected.found.dossier
    return Profile(
        dossier.rows,
        tuple(article.id for article in expected.found.articles),
        expected.found.words,
        dossier.carriers,
        expected.tags,
        expected.found.age,
    )


def join_profiles(parts: Iterable[Profile]) -> Profiles:
    """Join blocks' profiles, in any order, into those of the corpus."""
    ordered = sorted(parts, key=lambda part: int(part.rows[0]))
    order = np.argsort(np.concatenate([part.rows for part in ordered]))
    ids = [id_ for part in ordered for id_ in part.ids]
    words = [words for part in ordered for words in part.words]
    return Profiles(
        [ids[row] for row in order],
        [words[row] for row in order],
        sparse.vstack([part.carriers for part in ordered], format="csr")[order],
        sparse.vstack([part.expected for part in ordered], format="csr")[order],
        np.concatenate([part.age for part in ordered])[order],
    )


def rank_block(ranker: Ranker, names: Sequence[str], expected: Expected, count: int, limit: int) -> Ranked:
    """Rank a block's candidates and describe the first `count`; about `limit` of all tagged articles teach.

    `names` [tags] are the tags as shown.
    """
    dossier, profiles = expected.found.dossier, ranker.profiles
    ranking = ranker.rank(dossier.rows, dossier.found, dossier.cosines).first(count)
    blind = ranker.rank(dossier.rows, dossier.found, dossier.cosines, blind=True)
    tagged = int(np.count_nonzero(profiles.tagged))
    teach = np.array([sampled(profiles.ids[row], tagged, limit) for row in dossier.rows], np.bool_)
    return Ranked(
        dossier.rows,
        tuple(explain(ranker, names, dossier.rows, ranking, None)),
        ranking,
        blind.first(JUDGED).found,
        dossier.found,
        dossier.cosines,
        *pairs_to_learn(profiles.carriers, dossier.rows[teach], blind.part(teach), dossier.later[teach]),
    )


def with_confidence(ranked: Ranked, weights: Floats | None, least: float) -> Iterator[Related]:
    """Tell how sure each related article is, and leave out those below `least`; without weights nothing is known."""
    if weights is None:
        yield from ranked.related
        return
    sure = confidences(ranked.ranking, weights)
    for row, related in enumerate(ranked.related):
        yield Related(
            related.id,
            tuple(
                dataclasses.replace(article, confidence=float(confidence))
                for article, confidence in zip(related.related, sure[row], strict=False)
                if confidence >= least
            ),
        )


class RankRelated(beam.PTransform):
    """Expected -> Ranked, by the parts asked for, among all articles (Profiles from `corpus`, Expected too)."""

    def __init__(self, corpus: AsIter, table: AsSingleton, parts: frozenset[str], count: int) -> None:
        super().__init__()
        self.corpus = corpus
        self.table = table
        self.parts = parts
        self.count = count

    def expand(self, expected: PCollection[Expected]) -> PCollection[Ranked]:
        """Rank a block at a time."""
        return expected | beam.ParDo(_RankFn(self.parts, self.count), self.corpus, self.table)


class TellConfidence(beam.PTransform):
    """Ranked -> Related, those that are sure enough, by the parts that these were ranked by.

    Where own tags are compared and expected ones are not, nobody knows what an overlap is worth: there is none to learn
    from without own tags.
    """

    def __init__(self, parts: frozenset[str], least: float = 0.0) -> None:
        super().__init__()
        self.known = "learned" in parts or "tags" not in parts
        self.least = least

    def expand(self, ranked: PCollection[Ranked]) -> PCollection[Related]:
        """Learn how sure a score is, tell."""
        weights = ranked | "Lessons" >> beam.Map(_lesson) | "Fit" >> Gather(_fit if self.known else _unknown)
        return ranked | "Tell" >> beam.FlatMap(with_confidence, AsSingleton(weights), self.least)


class _RankFn(beam.DoFn):
    """Joins the profiles of all blocks once, and ranks block by block."""

    def __init__(self, parts: frozenset[str], count: int) -> None:
        self.parts = parts
        self.count = count
        self.ranker: Ranker | None = None

    def process(self, expected: Expected, corpus: Iterable[Profile], table: TagTable) -> Iterator[Ranked]:
        """Yield a block's rankings."""
        if self.ranker is None:
            with measured("join profiles", 0):
                self.ranker = Ranker(join_profiles(corpus), rarity(table.counts, table.posts), self.parts)
        with measured("rank related", len(expected)):
            ranked = rank_block(self.ranker, table.names, expected, self.count, FIT_ARTICLES)
        yield ranked


def _unknown(_: Sequence[Lesson]) -> None:
    return None


def _lesson(ranked: Ranked) -> Lesson:
    return int(ranked.rows[0]), ranked.features, ranked.labels, ranked.counts


def _fit(lessons: Sequence[Lesson]) -> Floats | None:
    """Fit in an order that does not depend on the bundles: Newton's sums would."""
    ordered = sorted(lessons, key=lambda lesson: lesson[0])
    features, labels, counts = (np.concatenate([lesson[at] for lesson in ordered]) for at in (1, 2, 3))
    with measured("fit confidence", len(labels)):
        return fit_confidence(features, labels, counts) if len(labels) else None
