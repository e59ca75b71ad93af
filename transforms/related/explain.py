"""Related articles as records: which, how sure, and why."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterable, Sequence

import numpy as np
from scipy import sparse

from transforms.numerics.arrays import Floats
from transforms.numerics.rounding import DECIMALS
from transforms.related.confidence import Confidence
from transforms.related.earlier import NO_EARLIER, Earlier, by_score, scores_to_judge
from transforms.related.ranker import Profiles, Ranker, Ranking
from transforms.related.reading_part import kept_of
from transforms.related.weights import DATES, FEATURES, LINKS, TAGS, TEXT, TITLES, USUAL, RankWeights
from transforms.results import READERS, RECENT, Related, RelatedArticle, Why
from transforms.sampling import key_of

SHOWN = 5
"""How many shared tags and words are named."""
LEAST_SHARE = 0.1
"""A part counted if it has so large a share in what lifts an article above what is usual."""


def explain(
    ranker: Ranker, names: Sequence[str], queries: Profiles, ranking: Ranking, weights: RankWeights
) -> list[Related]:
    """Describe the related articles of some queries [q], those of positive score; `names` [tags] are tags as shown."""
    shares = weights.of(queries.keys, ranker.used())
    years = np.abs(queries.age[:, None] - ranker.profiles.age[ranking.found])
    links = ranker.links_of_others(queries, ranking.found)
    return [
        Related(
            id_,
            tuple(
                _describe(
                    ranker,
                    names,
                    (queries, place),
                    int(ranking.found[place, at]),
                    float(ranking.scores[place, at]),
                    _why(ranker, shares[place], ranking, (place, at), float(years[place, at]), int(links[place, at])),
                )
                for at in range(np.count_nonzero(ranking.scores[place] > 0))
            ),
        )
        for place, id_ in enumerate(queries.ids)
    ]


def counted(features: Floats, shares: Floats, read: tuple[float, float] = (0.0, 0.0)) -> tuple[str, ...]:
    """Name the parts by which features [features], weighed by `shares` of 1, are above what is usual.

    `read` is how far the same readers read both, which is usually not at all, and how far that is believed.
    """
    together, believed = read
    told = believed * together
    kept = (1 - told) * float(kept_of(np.array(believed)))
    lifts = {READERS: told}
    for feature, lift in zip(FEATURES, (shares * (features - USUAL)).tolist(), strict=True):
        part = "text" if feature == "detail" else feature
        lifts[part] = lifts.get(part, 0.0) + kept * lift
    least = LEAST_SHARE * sum(lift for lift in lifts.values() if lift > 0)
    strongest = sorted(lifts, key=lambda part: -round(lifts[part], DECIMALS))
    return tuple(part for part in strongest if lifts[part] > 0 and lifts[part] >= least)


def with_confidence(
    related: Sequence[Related],
    confidence: Confidence | None,
    least: float = 0.0,
    earlier: Earlier = NO_EARLIER,
    *,
    read_enough: float = math.inf,
) -> tuple[Related, ...]:
    """Say how sure each related article is, and leave out those below `least`; without a Confidence nothing is known.

    Those that the same readers read as far as `read_enough` stay: authors do not link to all that is read together.

    The related articles of each are the best of all, in the order of `best_of`; they are returned the best first. What
    was related `earlier`, or was not although it was there, stays so unless it is clearly below, or above:
    `scores_to_judge` says how.
    """
    if confidence is None:
        return tuple(Related(of_one.id, by_score(of_one.related)) for of_one in related)
    judged = _confidences(
        related, [scores_to_judge(of_one.id, of_one.related, earlier) for of_one in related], confidence
    )
    kept = [
        Related(
            of_one.id,
            by_score(
                article
                for article, sure in zip(of_one.related, of_row, strict=False)
                if sure >= least or (article.why.readers or 0.0) >= read_enough
            ),
        )
        for of_one, of_row in zip(related, judged, strict=True)
    ]
    sure = _confidences(kept, [[article.score for article in of_one.related] for of_one in kept], confidence)
    return tuple(
        Related(
            of_one.id,
            tuple(
                dataclasses.replace(article, confidence=of_article, sure_of=confidence.of)
                for article, of_article in zip(of_one.related, of_row, strict=False)
            ),
        )
        for of_one, of_row in zip(kept, sure, strict=True)
    )


def _confidences(
    related: Sequence[Related], scores: Sequence[Sequence[float]], confidence: Confidence
) -> list[list[float]]:
    """Return how sure the related articles of each are by their scores; rows are as long as the longest."""
    matrix, together = np.zeros((2, len(related), max(map(len, scores), default=0)))
    for row, (of_one, its_scores) in enumerate(zip(related, scores, strict=True)):
        matrix[row, : len(its_scores)] = its_scores
        together[row, : len(its_scores)] = [other.why.readers or 0.0 for other in of_one.related]
    keys = np.array([key_of(of_one.id) for of_one in related], np.int64)
    sure: list[list[float]] = confidence(matrix, keys, together).tolist()
    return sure


def shared_words(mine: Sequence[str], theirs: Iterable[str]) -> tuple[str, ...]:
    """Name words that stand in both lists, in the order of the first."""
    common = set(theirs)
    return tuple(word for word in mine if word in common)[:SHOWN]


def _why(ranker: Ranker, shares: Floats, ranking: Ranking, at: tuple[int, int], years: float, links: int) -> Why:
    used, features, reading = ranker.used(), ranking.features[at], ranking.reading
    read = (0.0, 0.0) if reading is None else (float(reading.together[at]), float(reading.shares[at]))
    both = 0 if reading is None else int(reading.readers[at])
    return Why(
        text=float(features[TEXT]) if used[TEXT] else None,
        tags=float(features[TAGS]) if used[TAGS] else None,
        titles=float(features[TITLES]) if used[TITLES] else None,
        years=None if math.isnan(years) or not used[DATES] else round(years, DECIMALS) + 0.0,
        links=links if used[LINKS] else None,
        recent=float(ranking.recent[at]) if RECENT in ranker.parts else None,
        counted=counted(features, shares, read),
        readers=read[0] if both else None,
        read_together=both or None,
    )


def _describe(
    ranker: Ranker, names: Sequence[str], query: tuple[Profiles, int], other: int, score: float, why: Why
) -> RelatedArticle:
    profiles, (queries, place) = ranker.profiles, query
    common = _common(queries.carriers, place, profiles.carriers, other)
    rarest = sorted(common, key=lambda tag: (-ranker.rarity[tag], tag))[:SHOWN]
    words = shared_words(queries.words[place], profiles.words[other])
    why = dataclasses.replace(why, shared_tags=tuple(names[tag] for tag in rarest), shared_words=words)
    return RelatedArticle(profiles.ids[other], score, None, why)


def _common(mine: sparse.csr_matrix, place: int, theirs: sparse.csr_matrix, other: int) -> set[int]:
    own, others = (of.indices[of.indptr[row] : of.indptr[row + 1]] for of, row in ((mine, place), (theirs, other)))
    return set(own.tolist()).intersection(others.tolist())
