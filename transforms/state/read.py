"""What the run before had learned, in a pipeline."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import apache_beam as beam
from apache_beam.pvalue import PBegin, PCollection

from transforms.plumbing.composite import Composite
from transforms.plumbing.metrics import measured
from transforms.related.confidence import Confidence
from transforms.related.weights import RankWeights
from transforms.state.files import StateError, load_state
from transforms.state.records import State
from transforms.tags.model import TagWeights


class LearnedBefore(NamedTuple):
    """What the run before had learned of tags and of related posts: one each, None where it is to be learned anew.

    `found` says whether there is a state that can be used.
    """

    tags: PCollection[TagWeights | None]
    ranking: PCollection[RankWeights | None]
    confidence: PCollection[Confidence | None]
    found: PCollection[bool]


@dataclass(eq=False, repr=False)
class ReadLearned(Composite):
    """The start of a pipeline -> the LearnedBefore of the state in a folder, if it is one of the same encoder.

    What was learned of related posts is taken only if they were found by the same `parts`. Without a folder there is
    nothing to take, and a state that cannot be used is as good as none.
    """

    folder: str | None
    encoder: str
    parts: frozenset[str]

    def expand(self, begin: PBegin) -> LearnedBefore:
        """Read, take apart."""
        state = (
            begin | "Folder" >> beam.Create([self.folder], reshuffle=False) | "Load" >> beam.Map(_load, self.encoder)
        )
        return LearnedBefore(
            state | "Tags" >> beam.Map(_tags),
            state | "Ranking" >> beam.Map(_ranking, self.parts),
            state | "Confidence" >> beam.Map(_confidence, self.parts),
            state | "Found" >> beam.Map(_found),
        )


def _load(folder: str | None, encoder: str) -> State | None:
    if folder is None:
        return None
    try:
        with measured("read state"):
            state = load_state(folder)
    except StateError:
        return None
    return state if state.encoder.name == encoder else None


def _found(state: State | None) -> bool:
    return state is not None


def _tags(state: State | None) -> TagWeights | None:
    return state.tag_weights if state else None


def _ranking(state: State | None, parts: frozenset[str]) -> RankWeights | None:
    return state.ranking if state and frozenset(state.settings.related_by) == parts else None


def _confidence(state: State | None, parts: frozenset[str]) -> Confidence | None:
    return state.confidence if state and frozenset(state.settings.related_by) == parts else None
