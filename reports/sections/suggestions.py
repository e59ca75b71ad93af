"""The tags to give an article."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping

from reports.views import Suggestion
from reports.words.format import chance, decimal, number
from reports.words.language import ENGLISH, Language
from transforms.output.lacking import lacking_tags
from transforms.results import ProposedTag, Recommended, TagTrial

MAX_SUGGESTIONS = 5

Suggestions = Mapping[str, tuple[Suggestion, ...]]
"""Article id -> the tags to give it, best first."""


def suggest_tags(recommended: Iterable[Recommended], trial: TagTrial | None, rates: Mapping[str, float]) -> Suggestions:
    """The best of the tags that each article lacks, as `lacking_tags` has them, with probabilities, or else cosines."""
    say = chance if trial else decimal
    return {
        row.id: tuple(
            Suggestion(tag.tag, say(tag.score))
            for tag in itertools.islice(lacking_tags(row.recommended, trial, rates), MAX_SUGGESTIONS)
        )
        for row in recommended
    }


def say_trial(trial: TagTrial | None, say: Language = ENGLISH) -> tuple[str, ...]:
    """Say in short sentences which tags are shown, and how often such tags proved right; nothing of cosines."""
    if trial is None:
        return ()
    shown = say("Shown are tags of a probability of {least} or more; data/ has all others.", least=chance(trial.least))
    if not trial.shown:
        return (shown,)
    proved = say(
        "Tried on {posts} held back, {right} of {shown} such tags proved right.",
        posts=say.count("{n} post", "{n} posts", trial.posts),
        right=number(trial.right),
        shown=number(trial.shown),
    )
    return shown, proved


def with_proposals(suggestions: Suggestions, proposed: Iterable[ProposedTag], say: Language = ENGLISH) -> Suggestions:
    """Suggest proposed tags, the best first, to the articles that nothing else is suggested to."""
    new: dict[str, list[Suggestion]] = {}
    for tag in proposed:
        for id_ in tag.articles:
            if not suggestions.get(id_) and len(new.setdefault(id_, [])) < MAX_SUGGESTIONS:
                new[id_].append(Suggestion(tag.tag, say("new"), new=True))
    return {**suggestions, **{id_: tuple(of) for id_, of in new.items()}}
