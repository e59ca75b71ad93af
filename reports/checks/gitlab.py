"""A check as GitLab's report of code quality.

https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format
"""

from __future__ import annotations

from reports.checks.json_rows import dump
from reports.checks.report import CheckReport

SEVERITIES = {"error": "major", "warning": "minor", "notice": "info"}


def as_gitlab(report: CheckReport) -> str:
    """A list with an object for each finding, empty where there is none."""
    return dump(
        [
            {
                "description": str(report.said(finding)),
                "check_name": f"postkin/{finding.rule}",
                "fingerprint": fingerprint,
                "severity": SEVERITIES[finding.severity],
                "location": {"path": finding.path, "lines": {"begin": max(1, finding.line)}},
            }
            for finding, fingerprint in zip(report.result.findings, report.fingerprints, strict=True)
        ]
    )
