"""The tags to give an article."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from reports.views import Suggestion
from reports.words.format import chance, decimal
from transforms.results import Recommended, TagScore

MAX_SUGGESTIONS = 5
LEAST_PROBABILITY = 0.1
"""A tag that fits one post in ten at best is not worth an editor's look; cosines say no such thing."""

Suggestions = Mapping[str, tuple[Suggestion, ...]]
"""Article id -> the tags to give it, best first."""


def suggest_tags(recommended: Iterable[Recommended], *, probabilities: bool) -> Suggestions:
    """The best of the tags that each article lacks; their scores are probabilities or cosines."""
    return {row.id: tuple(_suggestions(row.recommended, probabilities))[:MAX_SUGGESTIONS] for row in recommended}


def _suggestions(scored: Iterable[TagScore], probabilities: bool) -> Iterator[Suggestion]:
    for tag in scored:
        if not tag.present and not (probabilities and tag.score < LEAST_PROBABILITY):
            yield Suggestion(tag.tag, chance(tag.score) if probabilities else decimal(tag.score))
