"""What the formats of a check are made of: its result, and how it is said."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby

from reports.words.findings import SaidFinding, Show, say_finding
from reports.words.language import ENGLISH, Language, to_say
from transforms.checks.findings import SEVERITIES, CheckedPost, Finding, Result, Severity, fingerprints
from transforms.plumbing.printable import printable

COUNTED: dict[Severity, tuple[str, str]] = {
    "error": (to_say("{n} error"), to_say("{n} errors")),
    "warning": (to_say("{n} warning"), to_say("{n} warnings")),
    "notice": (to_say("{n} notice"), to_say("{n} notices")),
}


@dataclass(frozen=True)
class CheckReport:
    """A result, the commits that were compared where git knows them, and the language to say it in.

    `fix` is the command that mends what is safe, which is of so many findings as are `fixable`.
    """

    result: Result
    version: str
    base: str | None = None
    head: str | None = None
    say: Language = ENGLISH
    fix: str = ""
    fixable: int = 0

    @cached_property
    def fingerprints(self) -> list[str]:
        """A fingerprint for each finding, in their order."""
        return fingerprints(self.result.findings)

    @property
    def posts(self) -> dict[str, CheckedPost]:
        """The posts that were checked, by path."""
        return {post.path: post for post in self.result.posts}

    def said(self, finding: Finding, show: Show = printable) -> SaidFinding:
        """A finding in words."""
        return say_finding(finding, self.say, show)

    def by_post(self) -> Iterator[tuple[str, list[Finding]]]:
        """The findings of each post, the post of the worst one first; within one as they stand in its file."""
        first = {finding.path: place for place, finding in reversed(list(enumerate(self.result.findings)))}
        findings = sorted(self.result.findings, key=lambda finding: (first[finding.path], finding.line))
        for path, of_post in groupby(findings, key=lambda finding: finding.path):
            yield path, list(of_post)

    def summary(self) -> str:
        """What was checked and found, in a line."""
        say, counts = self.say, self.result.counts
        found = self.say_counts((severity, counts[severity]) for severity in SEVERITIES)
        parts = [found or say("nothing found")]
        if counts["ignored"]:
            parts.append(say("{n} ignored", n=f"{counts['ignored']:,}"))
        if counts["baseline"]:
            parts.append(say("{n} in the baseline", n=f"{counts['baseline']:,}"))
        checked = say.count("{n} post checked", "{n} posts checked", len(self.result.posts))
        return say("{checked}: {found}.", checked=checked, found=", ".join(parts))

    def mended(self) -> str:
        """How many findings the command mends, in a line that the command stands behind."""
        return self.say.count("This command mends {n} of these:", "This command mends {n} of these:", self.fixable)

    def say_counts(self, counts: Iterable[tuple[Severity, int]]) -> str:
        """Say how many findings there are of each severity, those left out that there are none of."""
        return ", ".join(self.say.count(*COUNTED[severity], count) for severity, count in counts if count)
