"""A check as GitHub's workflow commands: annotations at the lines of a pull request, and the whole in the log."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from reports.checks.report import COUNTED, CheckReport
from reports.checks.text import as_text
from transforms.checks.findings import SEVERITIES, Finding

MOST = 9
"""Annotations of a severity, beside one that counts the rest: GitHub shows 10 of each for a step."""


def as_github(report: CheckReport) -> str:
    """Workflow commands for the first findings of each severity, then all of them in a group of the log."""
    lines = list(_annotations(report))
    text = as_text(report)
    if not report.result.findings:
        return "\n".join([*lines, text.rstrip("\n")]) + "\n"
    # Text of others is in the group, and might be taken for a command: none is obeyed until the token comes, which
    # cannot stand in the text, since it is made of it.
    token = hashlib.sha256(text.encode(errors="backslashreplace")).hexdigest()
    title = _message(report.say("All that postkin check found"))
    group = [f"::group::{title}", f"::stop-commands::{token}", text.rstrip("\n"), f"::{token}::", "::endgroup::"]
    return "\n".join([*lines, *group, _message(report.summary())]) + "\n"


def _annotations(report: CheckReport) -> Iterator[str]:
    for severity in SEVERITIES:
        findings = [finding for finding in report.result.findings if finding.severity == severity]
        most = MOST if len(findings) > MOST + 1 else MOST + 1
        for finding in findings[:most]:
            yield _command(report, finding)
        if rest := len(findings) - most if len(findings) > most else 0:
            counted = report.say.count(*COUNTED[severity], rest)
            said = report.say("And {counted} more, which the log of this step lists.", counted=counted)
            yield f"::{severity} title=postkin::{_message(said)}"


def _command(report: CheckReport, finding: Finding) -> str:
    place = f"file={_property(finding.path)},line={finding.line},title={_property(f'postkin {finding.rule}')}"
    return f"::{finding.severity} {place}::{_message(str(report.said(finding)))}"


def _message(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _message(text).replace(":", "%3A").replace(",", "%2C")
