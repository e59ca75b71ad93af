"""Related articles as records: which, how sure, and why."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt

from transforms.records import RECENT, Related, RelatedArticle, Why
from transforms.related import Profiles, Ranker, Ranking
from transforms.search import Rows

_HAN = re.compile(r"[㐀-鿿]{2,}")
SHOWN = 5
"""How many shared tags and words are named."""


def explain(
    ranker: Ranker, names: Sequence[str], rows: Rows, ranking: Ranking, confidences: npt.NDArray[np.float64] | None
) -> list[Related]:
    """Describe the related articles of some rows, those of positive score.

    `names` [tags] are the tags as shown, `confidences` [q, k] those of the ranking, None where they are unknown.
    """
    return [
        Related(
            ranker.profiles.ids[row],
            tuple(
                _describe(ranker, names, row, ranking, confidences, (place, at))
                for at in range(np.count_nonzero(ranking.scores[place] > 0))
            ),
        )
        for place, row in enumerate(rows.tolist())
    ]


def shared_words(mine: Sequence[str], theirs: Iterable[str]) -> tuple[str, ...]:
    """Name words that stand in both lists, in the order of the first; pairs of kanji that overlap are joined."""
    common = set(theirs)
    words: list[str] = []
    for word in (word for word in mine if word in common):
        place = len(words)
        for at in reversed(range(len(words))):
            if joined := _join(words[at], word):
                word, place = joined, at
                del words[at]
        words.insert(place, word)
    return tuple(words[:SHOWN])


def _join(left: str, right: str) -> str:
    """Join two words of kanji or hanzi where one ends with the character that the other begins with, else nothing."""
    if not (_HAN.fullmatch(left) and _HAN.fullmatch(right)):
        return ""
    if left[-1] == right[0]:
        return left + right[1:]
    return right + left[1:] if right[-1] == left[0] else ""


def _describe(
    ranker: Ranker,
    names: Sequence[str],
    row: int,
    ranking: Ranking,
    confidences: npt.NDArray[np.float64] | None,
    at: tuple[int, int],
) -> RelatedArticle:
    profiles, parts, other = ranker.profiles, ranker.parts, int(ranking.found[at])
    return RelatedArticle(
        profiles.ids[other],
        float(ranking.scores[at]),
        None if confidences is None else float(confidences[at]),
        Why(
            text=float(ranking.text[at]) if "text" in parts else None,
            tags=float(ranking.tags[at]) if parts & {"learned", "tags"} and len(ranker.weights) else None,
            recent=float(ranking.recent[at]) if RECENT in parts else None,
            shared_tags=_shared_tags(profiles, names, ranker.weights, row, other),
            shared_words=shared_words(profiles.words[row], profiles.words[other]),
        ),
    )


def _shared_tags(
    profiles: Profiles, names: Sequence[str], weights: npt.NDArray[np.float64], row: int, other: int
) -> tuple[str, ...]:
    carriers = profiles.carriers
    mine, theirs = (carriers.indices[carriers.indptr[at] : carriers.indptr[at + 1]] for at in (row, other))
    common = sorted(set(mine.tolist()) & set(theirs.tolist()), key=lambda tag: (-weights[tag], tag))
    return tuple(names[tag] for tag in common[:SHOWN])
