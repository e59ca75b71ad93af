"""What reading logs tell."""

from __future__ import annotations

from dataclasses import dataclass

from transforms.rows.related import Neighbor
from transforms.rows.themes import ScoredTag


@dataclass(frozen=True)
class ReadTogether:
    """Another article that the same readers read, how strongly both go together, from 0 to 1, and how many they are.

    The number of readers is rounded down to 3, 5, 10, 20, 50, 100 and so on, and the score to two decimals.
    """

    id: str
    score: float
    readers: int


@dataclass(frozen=True)
class AlsoRead:
    """An article, how many have read it, rounded down likewise, and what they read too, the strongest first."""

    id: str
    readers: int
    also: tuple[ReadTogether, ...]


@dataclass(frozen=True)
class OverRead:
    """An article that readers of a theme read more than others, how many of them, rounded down, and how much more.

    `lift` is how often they read it for each time that would be expected of as many readers, to one decimal.
    """

    id: str
    lift: float
    readers: int


@dataclass(frozen=True)
class MonthShare:
    """A month, as in 2024-05, and the share of its readers who belong to a theme, to two decimals."""

    month: str
    share: float


@dataclass(frozen=True)
class ReaderTheme:
    """Readers of like interests: at least 20, `size` and `share` of all, what they are named by, and what they read.

    `articles` are the nearest to what they read, and `over_read` what they read more than others. Numbers of readers
    are rounded down to 5, and shares made of rounded ones. Months of few readers are left out.
    """

    number: int
    name: str
    size: int
    share: float
    tags: tuple[ScoredTag, ...]
    articles: tuple[Neighbor, ...]
    over_read: tuple[OverRead, ...]
    months: tuple[MonthShare, ...]


@dataclass(frozen=True)
class ReaderThemes:
    """The themes of readers, of so many, the largest first, and the number of `others`, rounded down to 5 likewise."""

    readers: int
    themes: tuple[ReaderTheme, ...]
    others: int


@dataclass(frozen=True)
class UnexplainedPair:
    """Two articles that the same readers read though their texts are not alike; more of them read `first` before.

    `score`, `readers` and the `cosine` of the texts are rounded as in ReadTogether.
    """

    first: str
    then: str
    score: float
    readers: int
    cosine: float


@dataclass(frozen=True)
class UnreadPair:
    """Two much read articles with texts alike, by their `cosine`, that hardly anybody has read both of."""

    left: str
    right: str
    cosine: float


@dataclass(frozen=True)
class Overlooked:
    """An article of few readers, and for how many, rounded down, it is among the nearest to what they have read."""

    id: str
    readers: int


@dataclass(frozen=True)
class ReadingGaps:
    """Where what readers read and what texts say part, the strongest cases of each kind first."""

    unexplained: tuple[UnexplainedPair, ...] = ()
    unread: tuple[UnreadPair, ...] = ()
    overlooked: tuple[Overlooked, ...] = ()


Coefficients = dict[str, float]
"""What features weigh, by their names."""


@dataclass(frozen=True)
class NextMethod:
    """How it is told what a reader reads next.

    `half_life` is after how many further reads a read counts for half as much. `weights` has those of the logistic
    models by the name of the model, `text` and `blend`; nothing where the method needs none.
    """

    method: str
    half_life: float
    weights: dict[str, Coefficients]


@dataclass(frozen=True)
class NextTrial:
    """How well a method told what was read next, of reads that were held back: the means of recall@10 and nDCG@10."""

    recall: float
    ndcg: float


@dataclass(frozen=True)
class NextChoice:
    """Which method tells what is read next, and why.

    `penalty` is the lambda of EASE, `trials` are those of the methods, and `judged` how many reads were held back. Of
    the ten posts that the blend shows first it says that a share `said` is read next, and a share `true` was; None
    where nothing could be judged.
    """

    method: str
    penalty: float
    weights: dict[str, Coefficients]
    trials: dict[str, NextTrial]
    judged: int
    said: float | None
    true: float | None


@dataclass(frozen=True)
class LogFault:
    """A row of a reading log that could not be read: the file, the line or row from 1, and why, without its text."""

    file: str
    line: int
    reason: str


@dataclass(frozen=True)
class ReadingSummary:
    """What was counted of reading logs.

    Of `rows` in `files` of these `formats`, `reads` were kept and the others `dropped`, by reason; `faults` are the
    first that could not be read. `readers` made these reads in `visits` between the days `since` and `until`, and
    `readers_of_several` of them read more than one post. Nothing of fewer than `least_readers` is `published`, and
    nothing at all where too few readers have read two posts: these three numbers are rounded down then, and the days
    None. `next` says how it is told what is read next.
    """

    files: int
    formats: tuple[str, ...]
    rows: int
    reads: int
    dropped: dict[str, int]
    faults: tuple[LogFault, ...]
    readers: int
    readers_of_several: int
    visits: int
    since: str | None
    until: str | None
    least_readers: int
    published: bool
    next: NextChoice | None = None
