"""What a run and an encoder are judged by."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Metric:
    """A measure's value for one method, in use or beside it, and the number of articles judged.

    `low` and `high` bound the mean's 95 % bootstrap interval. All three are None when there were none to judge, the
    bounds also where the value is no mean over articles.
    """

    measure: str
    method: str
    value: float | None
    judged: int
    in_use: bool = False
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Assessed:
    """A Metric of an encoder that reads the parts `text` of a post, joined by +."""

    encoder: str
    text: str
    measure: str
    method: str
    value: float | None
    judged: int
    in_use: bool
    low: float | None
    high: float | None
