"""A check as lines for a terminal or a log, as compilers print them."""

from __future__ import annotations

from reports.checks.report import CheckReport
from transforms.checks.findings import Finding
from transforms.plumbing.printable import printable, printable_place


def as_text(report: CheckReport) -> str:
    """A line a finding, an empty one between posts, and at the end what was checked."""
    blocks = ["\n".join(text_line(report, finding) for finding in findings) for _, findings in report.by_post()]
    closing = [report.summary()]
    if report.fixable:
        closing.append(f"{report.mended()} {printable(report.fix)}")
    return "\n\n".join([*blocks, "\n".join(closing)]) + "\n"


def text_line(report: CheckReport, finding: Finding) -> str:
    """A finding in a line, with its place as editors and terminals make a link of it."""
    place = printable_place(finding.path, finding.line)
    return f"{place}: {finding.severity} {finding.rule}: {report.said(finding)}"
