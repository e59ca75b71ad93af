"""What was related in the run before gives way only for a reason: a refit alone moves every score a little."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

import numpy as np

from transforms.numerics.arrays import NOBODY, Floats, Ints, Mask
from transforms.numerics.rounding import rounded
from transforms.related.ranker import Ranking
from transforms.results import RelatedArticle
from transforms.sampling import key_of

Earlier = Mapping[str, Collection[str]]
"""The ids that were related to each article of the run before."""
NO_EARLIER: Earlier = {}
MARGIN = 0.02
"""What was related gives way only to what has a score higher by this. A refit moves scores by 0.005 on average, nine of
ten by no more than 0.01 (18F, 495 posts and 14 newer ones)."""


def were_related(ids: Sequence[str], found: Ints, keys: Ints, earlier: Earlier) -> Mask:
    """Tell which candidates `found` int64 [q, c], rows of `keys` [n], were related to the articles `ids` [q]."""
    related = np.zeros(found.shape, np.bool_)
    for row, id_ in enumerate(ids):
        if others := earlier.get(id_):
            here = (found[row] != NOBODY) & np.isin(keys[found[row]], [key_of(other) for other in others])
            related[row] = here
    return related


def prefer(ranking: Ranking, related: Mask) -> Ranking:
    """Move the candidates that were `related` [q, k] before those that are not better by `MARGIN`."""
    if not related.any():
        return ranking
    return ranking.reordered(np.lexsort((ranking.found, -_lifted(ranking.scores, related), ranking.found == NOBODY)))


def best_of(others: Iterable[RelatedArticle], count: int, related: Collection[str]) -> tuple[RelatedArticle, ...]:
    """Choose the best `count`, in order: those of the ids that were `related` before what is not better by `MARGIN`."""
    others = list(others)
    scores = np.array([other.score for other in others], np.float64)
    lifted = _lifted(scores, np.array([other.id in related for other in others], np.bool_)).tolist()
    order = sorted(range(len(others)), key=lambda place: (-lifted[place], others[place].id))
    return tuple(others[place] for place in order[:count])


def by_score(others: Iterable[RelatedArticle]) -> tuple[RelatedArticle, ...]:
    """Order related articles as they are shown: the best first, ties by id."""
    return tuple(sorted(others, key=lambda other: (-other.score, other.id)))


def scores_to_judge(id_: str, others: Sequence[RelatedArticle], earlier: Earlier) -> list[float]:
    """Return the scores by which it is judged whether others are sure enough to be related to an article.

    One that was related is judged as if it were better by `MARGIN`, one that was there and was not related as if it
    were as much worse; newer ones are judged as they are.
    """
    if id_ not in earlier:
        return [other.score for other in others]
    related = earlier[id_]
    return [
        other.score + (MARGIN if other.id in related else -MARGIN if other.id in earlier else 0.0) for other in others
    ]


def _lifted(scores: Floats, related: Mask) -> Floats:
    return rounded(scores + MARGIN * related)
