"""Posts that share text, and how posts are searched."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Duplicate:
    """Two articles, left < right, whose texts are nearly (or `exact`ly) the same, or one of which holds the other.

    The score is the share of the runs of words of the shorter text that stand in the longer one.
    """

    left: str
    right: str
    score: float
    exact: bool


SearchMethod = Literal["auto", "exact", "ivf"]
"""How a corpus is searched: exactly, by cells, or exactly unless it is large."""
