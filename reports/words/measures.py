"""What measures are called where people read of them; tables call themes clusters."""

from __future__ import annotations

from collections.abc import Mapping

from reports.words.language import to_say
from transforms.evaluation.names import AGREEMENT, CHANCE, SILHOUETTE

OF_THEMES: Mapping[str, str] = {
    SILHOUETTE: to_say("themes silhouette"),
    AGREEMENT: to_say("themes agreement with tags"),
    CHANCE: to_say("themes agreement by chance"),
}
"""The measures that are called otherwise than in the tables."""


def shown_measure(measure: str) -> str:
    """Return what a measure is called in English, ready to be said in another language."""
    return OF_THEMES.get(measure, measure)
