"""Do related articles hold what authors link to? A link is an author's own judgement, and needs no tags."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from transforms.evaluation.baselines import tfidf_related
from transforms.evaluation.corpus import Corpus
from transforms.evaluation.measures import mean_metric
from transforms.evaluation.names import (
    BY_TAGS,
    CONFIDENCE,
    DIMENSIONS,
    EVERYTHING,
    LINKED,
    LINKED_RANK,
    LINKS,
    PRIOR,
    READ_LINKED,
    READ_LINKED_RANK,
    TEXT,
    WORDS,
)
from transforms.evaluation.protocols import error_metric
from transforms.evaluation.study import Study
from transforms.numerics.arrays import NOBODY, Floats, Ints
from transforms.numerics.rounding import rounded
from transforms.related.confidence import sure_of_links
from transforms.related.lessons import Lessons
from transforms.related.weights import DETAIL, TAGS, RankWeights, features_of
from transforms.related.weights import TEXT as TEXT_FEATURE
from transforms.results import PARTS, Metric
from transforms.search.candidates import CANDIDATES

BEST = 4
LEAST_LINKS = 30
"""Fewer links are not judged."""

Links = tuple[Ints, Ints]
"""The rows of articles, and the rows that they link to: both int64 [links]."""


def links_to_older(corpus: Corpus, targets: Mapping[int, Sequence[int]]) -> Links:
    """List the links that lead to another article of the corpus, which is no newer than the one that links.

    `targets` maps the keys of articles to those of the articles that they link to. Who has no date is older than all.
    """
    row_of = {key: row for row, key in enumerate(corpus.article_keys.tolist())}
    pairs = sorted(
        (row_of[key], row_of[target])
        for key, of_one in targets.items()
        if key in row_of
        for target in of_one
        if target in row_of and target != key
    )
    rows, linked = np.array(pairs, np.int64).reshape(-1, 2).T
    older = _older(corpus, rows, linked)
    return rows[older], linked[older]


def ranks_of_links(corpus: Corpus, links: Links, related: Ints) -> Ints:
    """Find the place, from 1, of what is linked to among the related articles that are no newer: int64 [links].

    `related` int64 [n, k] are rows, the best first; 0 stands for what is not among them.
    """
    rows, linked = links
    found = related[rows]
    older = (found != NOBODY) & _older(corpus, rows[:, None], found)
    here = older & (found == linked[:, None])
    ranks = np.cumsum(older, axis=1)
    place: Ints = np.where(here, ranks, 0).max(axis=1, initial=0)
    return place


def judge_links(
    corpus: Corpus,
    links: Links,
    related: Mapping[str, Ints],
    in_use: str,
    measures: tuple[str, str] = (LINKED, LINKED_RANK),
) -> list[Metric]:
    """Judge related rows [n, k], the best first, by method: how often a link leads to one of the `BEST`, and its rank.

    Nothing is judged by fewer than `LEAST_LINKS`. `measures` are their names.
    """
    if len(links[0]) < LEAST_LINKS:
        return []
    ranks = {method: ranks_of_links(corpus, links, rows) for method, rows in related.items()}
    return [
        mean_metric(measure, method, scores(of_method).tolist(), in_use=method == in_use)
        for measure, scores in zip(measures, (_hits, _reciprocals), strict=True)
        for method, of_method in ranks.items()
    ]


def assess_links(study: Study, texts: Sequence[str]) -> list[Metric]:
    """Judge by links the rankings of articles whose texts should be without those of their links, with baselines.

    With own links the ranking is the one in use, and no link takes part in judging itself; by the prior alone a blog's
    links are not known at all.
    """
    corpus = study.corpus
    links = links_to_older(corpus, dict(zip(corpus.article_keys.tolist(), corpus.links.targets, strict=True)))
    if len(links[0]) < LEAST_LINKS:
        return []
    methods = {EVERYTHING: PARTS, PRIOR: set(PARTS) - {"links"}, BY_TAGS: {"learned", "tags"}, TEXT: {"text"}}
    everybody = np.arange(len(corpus))
    related = {
        method: study.rank(study.ranker(everybody, frozenset(parts)), everybody).found
        for method, parts in methods.items()
    }
    parts = frozenset(PARTS)
    sure = sure_of_links(study.lessons(study.ranker(everybody)), study.weights(), features_of(parts), BEST)
    return [
        *judge_links(corpus, links, related | {WORDS: tfidf_related(texts, CANDIDATES)}, EVERYTHING),
        *([error_metric(CONFIDENCE, LINKS, *sure)] if len(sure[0]) else []),
    ]


def judge_lessons(corpus: Corpus, lessons: Lessons, weights: RankWeights, parts: frozenset[str]) -> list[Metric]:
    """Judge by links what a run ranked, from the features that it learned from, beside some of these features alone."""
    known = dict(zip(lessons.keys.tolist(), lessons.targets, strict=True))
    links = links_to_older(corpus, known)
    if len(links[0]) < LEAST_LINKS:
        return []
    used, known_by = features_of(parts), [part for part in PARTS if part in parts]
    in_use = " + ".join(known_by) if len(known_by) < len(PARTS) else EVERYTHING
    scores = {TEXT: lessons.features[:, :, TEXT_FEATURE]}
    if in_use != TEXT:
        scores[in_use] = lessons.blended((lessons.features * weights.of(lessons.keys, used)[:, None, :]).sum(axis=2))
    for method, feature in ((BY_TAGS, TAGS), (DIMENSIONS, DETAIL)):
        if used[feature]:
            scores[method] = lessons.features[:, :, feature]
    related = {method: _by_score(corpus, lessons, of_all) for method, of_all in scores.items()}
    return judge_links(corpus, links, related, in_use, (READ_LINKED, READ_LINKED_RANK))


def _by_score(corpus: Corpus, lessons: Lessons, scores: Floats) -> Ints:
    """The rows of the lessons' candidates by their scores, ties by row, for all rows of a corpus: int64 [n, c]."""
    keys = corpus.article_keys
    by_key = np.argsort(keys, kind="stable")
    rows = by_key[np.searchsorted(keys[by_key], lessons.keys)]
    found = by_key[np.minimum(np.searchsorted(keys[by_key], lessons.found), len(keys) - 1)]
    found = np.where(lessons.found == NOBODY, NOBODY, found)
    order = np.lexsort((found, -rounded(scores), found == NOBODY))
    related = np.full((len(corpus), found.shape[1]), NOBODY)
    related[rows] = np.take_along_axis(found, order, 1)
    return related


def _older(corpus: Corpus, rows: Ints, others: Ints) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    older = (corpus.age[others] >= corpus.age[rows]) | np.isnan(corpus.age[others])
    return np.asarray(older, np.bool_)


def _hits(ranks: Ints) -> Floats:
    return ((ranks > 0) & (ranks <= BEST)).astype(np.float64)


def _reciprocals(ranks: Ints) -> Floats:
    return np.where(ranks > 0, 1 / np.maximum(ranks, 1), 0.0)
