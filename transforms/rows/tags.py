"""Tags that are recommended, and how that is tried."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

TagVectors = Literal["means", "names"]
"""What an article is compared with to score a tag: the mean of the tag's articles, or the tag's encoded name."""

TagMethod = Literal["blend", "means", "names"]
"""How tags are recommended: by all evidence, weighed into a probability, or by one of the `TagVectors` alone."""


@dataclass(frozen=True)
class TagScore:
    """A recommended tag, its score, and whether the article has it already.

    The score is the probability that the article carries the tag, or a cosine where one of `TagVectors` was asked for.
    """

    tag: str
    score: float
    present: bool


@dataclass(frozen=True)
class Recommended:
    """The tags recommended for an article, best first."""

    id: str
    recommended: tuple[TagScore, ...]


@dataclass(frozen=True)
class TagTrial:
    """What became of the tags that were proposed for posts held back, each judged by what is older alone.

    `intercept` and `slope` correct the log odds of probabilities. Of `posts` held back, `shown` tags had a corrected
    probability of `least` or more, and `right` of these were the posts' own. Without any posts nothing is corrected.
    """

    intercept: float = 0.0
    slope: float = 1.0
    least: float = 0.7
    posts: int = 0
    shown: int = 0
    right: int = 0
