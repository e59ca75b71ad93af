"""Related articles as records: which, how sure, and why."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Sequence

import numpy as np
from scipy import sparse

from transforms.numerics.arrays import Floats
from transforms.related.confidence import confidences
from transforms.related.ranker import Profiles, Ranker, Ranking
from transforms.results import RECENT, Related, RelatedArticle, Why

SHOWN = 5
"""How many shared tags and words are named."""


def explain(ranker: Ranker, names: Sequence[str], queries: Profiles, ranking: Ranking) -> list[Related]:
    """Describe the related articles of some queries [q], those of positive score; `names` [tags] are tags as shown."""
    return [
        Related(
            id_,
            tuple(
                _describe(ranker, names, queries, ranking, (place, at))
                for at in range(np.count_nonzero(ranking.scores[place] > 0))
            ),
        )
        for place, id_ in enumerate(queries.ids)
    ]


def with_confidence(
    related: Sequence[Related], tags: Floats, text: Floats, weights: Floats | None, least: float = 0.0
) -> tuple[Related, ...]:
    """Say how sure each related article of [q] is, and leave out those below `least`; without weights nothing is known.

    `tags` and `text` [q, k] are the parts of their scores, `weights` those of `fit_confidence`.
    """
    if weights is None:
        return tuple(related)
    return tuple(
        Related(
            of_one.id,
            tuple(
                dataclasses.replace(article, confidence=float(confidence))
                for article, confidence in zip(of_one.related, sure, strict=False)
                if confidence >= least
            ),
        )
        for of_one, sure in zip(related, confidences(tags, text, weights), strict=True)
    )


def shared_words(mine: Sequence[str], theirs: Iterable[str]) -> tuple[str, ...]:
    """Name words that stand in both lists, in the order of the first."""
    common = set(theirs)
    return tuple(word for word in mine if word in common)[:SHOWN]


def _describe(
    ranker: Ranker, names: Sequence[str], queries: Profiles, ranking: Ranking, at: tuple[int, int]
) -> RelatedArticle:
    profiles, parts, place, other = ranker.profiles, ranker.parts, at[0], int(ranking.found[at])
    common = _common(queries.carriers, place, profiles.carriers, other)
    rarest = sorted(common, key=lambda tag: (-ranker.weights[tag], tag))[:SHOWN]
    return RelatedArticle(
        profiles.ids[other],
        float(ranking.scores[at]),
        None,
        Why(
            text=float(ranking.text[at]) if "text" in parts else None,
            tags=float(ranking.tags[at]) if parts & {"learned", "tags"} and len(ranker.weights) else None,
            recent=float(ranking.recent[at]) if RECENT in parts else None,
            shared_tags=tuple(names[tag] for tag in rarest),
            shared_words=shared_words(queries.words[place], profiles.words[other]),
        ),
    )


def _common(mine: sparse.csr_matrix, place: int, theirs: sparse.csr_matrix, other: int) -> set[int]:
    own, others = (of.indices[of.indptr[row] : of.indptr[row + 1]] for of, row in ((mine, place), (theirs, other)))
    return set(own.tolist()).intersection(others.tolist())
