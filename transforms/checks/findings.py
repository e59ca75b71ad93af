"""What a check of changed posts tells: findings, each by a rule, and what is known of the posts besides."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning", "notice"]
"""How bad a finding is."""
SEVERITIES: tuple[Severity, ...] = ("error", "warning", "notice")
"""The worst first."""
Level = Severity | Literal["off"]
"""What a rule may be set to."""

Rule = Literal[
    "front-matter-invalid",
    "text-missing",
    "title-missing",
    "date-missing",
    "date-invalid",
    "date-name",
    "date-future",
    "draft-past",
    "field-missing",
    "field-misspelt",
    "tags-missing",
    "tag-variant",
    "tag-misspelt",
    "tag-synonym",
    "tag-new",
    "tag-suggest",
    "tag-doubtful",
    "duplicate",
    "duplicate-near",
    "passage-copied",
    "slug-taken",
    "slug-changed",
    "link-broken",
    "link-missing",
    "ignore-unused",
    "baseline-old",
    "state-old",
]
"""Ids never change their meaning."""

RULES: Mapping[Rule, Level] = {
    "front-matter-invalid": "error",
    "text-missing": "notice",
    "title-missing": "warning",
    "date-missing": "warning",
    "date-invalid": "error",
    "date-name": "warning",
    "date-future": "notice",
    "draft-past": "notice",
    "field-missing": "notice",
    "field-misspelt": "warning",
    "tags-missing": "warning",
    "tag-variant": "warning",
    "tag-misspelt": "warning",
    "tag-synonym": "notice",
    "tag-new": "notice",
    "tag-suggest": "notice",
    "tag-doubtful": "off",
    "duplicate": "error",
    "duplicate-near": "warning",
    "passage-copied": "notice",
    "slug-taken": "error",
    "slug-changed": "notice",
    "link-broken": "warning",
    "link-missing": "notice",
    "ignore-unused": "notice",
    "baseline-old": "notice",
    "state-old": "notice",
}
"""All rules, each with the severity that it has unless a finding says otherwise or the blog sets another."""


@dataclass(frozen=True)
class Fault:
    """Why front matter, or a date as `given`, cannot be read; `reason` is what the reader says, in English."""

    given: str
    reason: str = ""


@dataclass(frozen=True)
class UnreadDate:
    """A date as `given`, and the name of the site generator that cannot read it."""

    given: str
    generator: str


@dataclass(frozen=True)
class Missing:
    """A field that a post lacks, and how many of so many posts have it."""

    posts: int
    of: int


@dataclass(frozen=True)
class Dates:
    """Two days, YYYY-MM-DD, that should agree or be in order: that of the front matter, and the other.

    The other is that in the file's name, or the day for which posts are checked.
    """

    date: str
    other: str


@dataclass(frozen=True)
class Meant:
    """What a field or a tag should probably be, and how many posts have that."""

    name: str
    posts: int


@dataclass(frozen=True)
class NewTag:
    """The tags of the blog that are nearest to a new one, the nearest first."""

    nearest: tuple[Meant, ...] = ()


@dataclass(frozen=True)
class TagChance:
    """A tag, the probability that the post carries it (0 to 1, rounded), and whether it does."""

    tag: str
    probability: float
    present: bool = False


@dataclass(frozen=True)
class Suggested:
    """Tags that a post lacks, the most probable first."""

    tags: tuple[TagChance, ...]


@dataclass(frozen=True)
class Doubtful:
    """How probable a tag is that the post carries."""

    probability: float


@dataclass(frozen=True)
class Copied:
    """A post that holds the same text: its path and title, and the share of the runs of words that both have."""

    path: str
    title: str
    score: float


@dataclass(frozen=True)
class Repeated:
    """A post that has a passage too: its path and title, the first and last line here, and those there.

    `new` says whether the change brings it.
    """

    path: str
    title: str
    lines: tuple[int, int]
    there: tuple[int, int]
    new: bool = True


@dataclass(frozen=True)
class Taken:
    """An id or an address that another post has already, and that post's path."""

    path: str
    kind: Literal["id", "address"]


@dataclass(frozen=True)
class Moved:
    """Where a post was, and the paths of the others that link to its old address and do not lead to it any more."""

    was: str
    linked_by: tuple[str, ...] = ()


@dataclass(frozen=True)
class BrokenLink:
    """What a link that leads nowhere may mean: the path of a post, or of the one that is `deleted` or `renamed`."""

    nearest: str | None = None
    deleted: bool = False
    renamed: bool = False


LinkState = Literal["none", "out", "in", "both"]
"""Whether a post links to another (`out`), is linked by it (`in`), both or neither."""


@dataclass(frozen=True)
class RelatedPost:
    """A related post, its score, and how sure it is that it fits (0 to 1, None: not known)."""

    id: str
    path: str
    title: str
    score: float
    confidence: float | None
    links: LinkState = "none"


@dataclass(frozen=True)
class Unlinked:
    """Related posts that a post does not link to, nor they to it, the surest first."""

    posts: tuple[RelatedPost, ...]


@dataclass(frozen=True)
class Unused:
    """Why an ignore comment does nothing: it names no rule, one that is `unknown`, or one that finds nothing."""

    why: Literal["names-none", "unknown", "finds-nothing"]


@dataclass(frozen=True)
class Outdated:
    """How many of so many posts, or entries, are no longer as they were noted."""

    count: int
    of: int


Details = (
    Fault
    | UnreadDate
    | Missing
    | Dates
    | Meant
    | NewTag
    | Suggested
    | Doubtful
    | Copied
    | Repeated
    | Taken
    | Moved
    | BrokenLink
    | Unlinked
    | Unused
    | Outdated
)


@dataclass(frozen=True)
class Fix:
    """A change that `postkin fix` can make: a field's name or a tag replaced by another, or tags added.

    `old` is what is replaced, None where something is added.
    """

    what: Literal["field", "tag"]
    old: str | None
    new: tuple[str, ...]


@dataclass(frozen=True)
class Finding:
    """What a rule finds in a post; `line` is 1-based, and `path` below the repository.

    `subject` is the tag, key or href that it is about, "" where it is about the whole post.
    """

    rule: Rule
    severity: Severity
    path: str
    line: int
    subject: str = ""
    details: Details | None = None
    fix: Fix | None = None


Status = Literal["added", "modified", "renamed"]


@dataclass(frozen=True)
class DuplicatePost:
    """A post that holds nearly or `exact`ly the same text, and the share of runs of words that both have."""

    path: str
    score: float
    exact: bool


@dataclass(frozen=True)
class CheckedPost:
    """A post that was checked, and what is known of it besides findings.

    `id` is None for a post that cannot be read or that its site leaves out; `was` is the path before a rename. `tags`
    are those that it carries and the probable ones, the most probable first; `related` the best of all, best first.
    """

    path: str
    id: str | None
    status: Status
    was: str | None = None
    tags: tuple[TagChance, ...] = ()
    related: tuple[RelatedPost, ...] = ()
    duplicates: tuple[DuplicatePost, ...] = ()


@dataclass(frozen=True)
class Result:
    """What a check tells: the posts by path, and the findings to show, in their order.

    `ignored` and `baseline` count findings that are not shown: those that a config or a comment ignores, and those
    that the baseline holds. `of` is how many posts they were checked against, `fitted` whether what is known of these
    was stored by an earlier report or learned from the posts at hand.
    """

    posts: tuple[CheckedPost, ...]
    findings: tuple[Finding, ...]
    ignored: int = 0
    baseline: int = 0
    of: int = 0
    fitted: Literal["state", "base"] = "base"

    @property
    def counts(self) -> dict[str, int]:
        """How many findings there are of each severity, and how many are not shown."""
        counted = Counter(finding.severity for finding in self.findings)
        shown: dict[str, int] = {severity: counted[severity] for severity in SEVERITIES}
        return {**shown, "ignored": self.ignored, "baseline": self.baseline}


def order(findings: Iterable[Finding]) -> list[Finding]:
    """Sort findings: the worst first, then by path (by code points), line, rule and subject."""
    return sorted(findings, key=_rank)


def fingerprints(findings: Iterable[Finding]) -> list[str]:
    """Tell findings from all others of a repository, whatever is above them in their file: 16 hex digits each.

    Two of one rule about one subject in a file are told apart by their order, so that findings must be in theirs.
    """
    times: Counter[tuple[str, ...]] = Counter()
    found = []
    for finding in findings:
        key = key_of_finding(finding)
        times[key] += 1
        found.append(_fingerprint(key, times[key]))
    return found


def key_of_finding(finding: Finding, path: str | None = None) -> tuple[str, str, str]:
    """Rule, path and subject: what a finding is known by; another `path` may stand for that of its post."""
    return finding.rule, finding.path if path is None else path, finding.subject


def _fingerprint(key: Sequence[str], number: int) -> str:
    parts = [*key, str(number)] if number > 1 else key
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _rank(finding: Finding) -> tuple[int, str, int, str, str]:
    return SEVERITIES.index(finding.severity), finding.path, finding.line, finding.rule, finding.subject
