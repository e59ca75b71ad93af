"""Who is judged on what: the newest posts on their tags, every fifth post on related articles without its own."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np

from transforms.corpus.chronology import by_date
from transforms.corpus.tag_spelling import article_tags
from transforms.evaluation.corpus import Corpus
from transforms.evaluation.measures import (
    Tags,
    average_precision,
    calibration_error,
    dice_at_k,
    f1_at_k,
    mean_metric,
    ndcg_at_k,
)
from transforms.evaluation.names import (
    BLEND,
    CALIBRATION,
    CARRIED,
    F1,
    LIKELY,
    MAP,
    MEANS,
    NAMES,
    NDCG,
    POPULAR,
    PREDICTED,
    RANDOM,
)
from transforms.evaluation.study import Study
from transforms.evaluation.trial import try_tags
from transforms.numerics.arrays import Floats, Ints, Mask
from transforms.numerics.rounding import DECIMALS, best_columns
from transforms.numerics.seed import SEED
from transforms.results import Metric, TagTrial
from transforms.tags.cosines import score_tags
from transforms.tags.model import AT_ONCE

TAG_MEASURES = {MAP: average_precision, F1: f1_at_k, NDCG: ndcg_at_k}
TRAINED, POSTS = 500, 602
"""The talk trains on the oldest 500 of its 602 posts, and so do we on the same share."""
FOLDS = 5
JUDGED = 4
LISTED = 10
LEAST_LIKELY = 0.3


def newest(corpus: Corpus) -> Ints:
    """Return the newest of the tagged rows, those that the talk would judge, oldest first."""
    order = by_date(corpus.articles)
    tagged = order[corpus.tagged[order]]
    return tagged[len(tagged) * TRAINED // POSTS :]


def folds(corpus: Corpus) -> list[Ints]:
    """Part the tagged rows into `FOLDS` by a hash of their paths, so that a post stays in its fold."""
    fold_of = np.array([fold(article.path) for article in corpus.articles], np.int64)
    return [np.flatnonzero(corpus.tagged & (fold_of == number)) for number in range(FOLDS)]


def fold(path: str) -> int:
    """Return the fold that a path falls into."""
    return int(hashlib.sha256(path.encode()).hexdigest(), 16) % FOLDS


@dataclass(frozen=True, eq=False)
class TagJudgement:
    """The ten tags that a method ranks highest for each post judged, and each one's score [q, <=10]."""

    keys: list[list[str]]
    scores: list[Floats]


def rank_tags(study: Study, rows: Ints) -> dict[str, TagJudgement]:
    """Rank tags, by every method, for rows whose tags the study does not know."""
    rng = np.random.default_rng(SEED)
    trial = try_tags(study.corpus, study.found, study.cosines, study.table, study.model.weights)
    ranked: dict[str, TagJudgement] = {}
    for start in range(0, len(rows), AT_ONCE):
        for method, scores in _tag_scores(study, rows[start : start + AT_ONCE], trial, rng).items():
            best = best_columns(scores, LISTED)
            judgement = ranked.setdefault(method, TagJudgement([], []))
            judgement.keys.extend([study.table.keys[tag] for tag in row] for row in best)
            judgement.scores.extend(scores[np.arange(len(scores))[:, None], best])
    return ranked


def judge_tags(
    study: Study, rows: Ints, truth: list[Tags], in_use: str, measures: Collection[str] = tuple(TAG_MEASURES)
) -> list[Metric]:
    """Judge the tags of rows that the study does not know by the true ones; those unseen in training are misses.

    The calibration error is that of the ten highest probabilities of each.
    """
    return judge_ranked(rank_tags(study, rows), truth, in_use, measures)


def judge_ranked(
    ranked: Mapping[str, TagJudgement], truth: list[Tags], in_use: str, measures: Collection[str]
) -> list[Metric]:
    """Judge ranked tags by the true ones, with the calibration error of the blend's probabilities."""
    metrics = [
        mean_metric(
            measure,
            method,
            [TAG_MEASURES[measure](tags, keys) for tags, keys in zip(truth, judgement.keys, strict=True)],
            in_use=method == in_use,
        )
        for measure in measures
        for method, judgement in ranked.items()
    ]
    probabilities, hits = outcomes(ranked.get(BLEND, TagJudgement([], [])), truth)
    return [*metrics, error_metric(CALIBRATION, BLEND, probabilities, hits, in_use=in_use == BLEND)]


def judge_likely(blend: TagJudgement, truth: list[Tags]) -> list[Metric]:
    """Compare, of the tags whose probability is `LEAST_LIKELY` or more, the mean probability with the share carried."""
    probabilities, hits = outcomes(blend, truth)
    likely = probabilities >= LEAST_LIKELY
    return [
        mean_metric(LIKELY, CARRIED, hits[likely].astype(np.float64).tolist(), in_use=True),
        mean_metric(LIKELY, PREDICTED, probabilities[likely].tolist(), in_use=True),
    ]


def outcomes(blend: TagJudgement, truth: list[Tags]) -> tuple[Floats, Mask]:
    """Return the probabilities [pairs] of all tags that were ranked, and which were carried [pairs]."""
    hits = [key in tags for tags, keys in zip(truth, blend.keys, strict=True) for key in keys]
    return np.array([score for row in blend.scores for score in row], np.float64), np.array(hits, np.bool_)


def error_metric(measure: str, method: str, probabilities: Floats, came_true: Mask, *, in_use: bool = True) -> Metric:
    """Sum up how far probabilities [pairs] are from what came true."""
    error = calibration_error(probabilities, came_true)
    return Metric(measure, method, None if error is None else round(error, DECIMALS), len(came_true), in_use)


def judge_related(corpus: Corpus, related: Mapping[str, Ints], measure: str, rows: Ints, in_use: str) -> list[Metric]:
    """Judge related rows [q, k] by method, those of some rows of a corpus, whose true tags it knows."""
    return [
        mean_metric(measure, method, dice_at_k(corpus.carriers, rows, found, JUDGED).tolist(), in_use=method == in_use)
        for method, found in related.items()
    ]


def true_tags(corpus: Corpus, rows: Ints) -> list[Tags]:
    """Return the keys of the tags of some rows."""
    return [frozenset(article_tags(corpus.articles[row])) for row in rows]


def _tag_scores(study: Study, rows: Ints, trial: TagTrial, rng: np.random.Generator) -> dict[str, Floats]:
    corpus, table = study.corpus, study.table
    articles = [corpus.articles[row] for row in rows]
    counts = table.counts.astype(np.float64)
    return {
        BLEND: study.corrected(rows, trial),
        MEANS: score_tags(articles, corpus.vectors[rows], table, "means"),
        NAMES: score_tags(articles, corpus.vectors[rows], table, "names"),
        POPULAR: np.tile(counts, (len(rows), 1)),
        RANDOM: rng.random((len(rows), len(counts))),
    }
