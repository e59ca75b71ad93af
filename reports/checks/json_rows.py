"""A check as JSON: a contract with whoever reads it, version 1."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from reports.checks.report import CheckReport
from transforms.checks.findings import CheckedPost, Finding

VERSION = 1


def as_json(report: CheckReport) -> str:
    """The whole result, with messages in the language of the report."""
    result = report.result
    told = zip(result.findings, report.fingerprints, strict=True)
    return dump(
        {
            "version": VERSION,
            "postkin": report.version,
            "base": report.base,
            "head": report.head,
            "state": {"posts": result.of, "fitted": result.fitted},
            "counts": result.counts,
            "posts": [_post(post) for post in result.posts],
            "findings": [_finding(report, finding, fingerprint) for finding, fingerprint in told],
        }
    )


def dump(value: Any) -> str:
    """JSON of two spaces' indent that ends with a line end."""
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"


def _post(post: CheckedPost) -> dict[str, Any]:
    names = ("path", "id", "status", "was", "tags", "related", "duplicates")
    row = asdict(post)
    return {name: row[name] for name in names}


def _finding(report: CheckReport, finding: Finding, fingerprint: str) -> dict[str, Any]:
    fix = finding.fix
    return {
        "rule": finding.rule,
        "severity": finding.severity,
        "path": finding.path,
        "line": finding.line,
        "subject": finding.subject,
        "message": str(report.said(finding)),
        "fingerprint": fingerprint,
        "fix": fix and {"what": fix.what, "replace": fix.old, "with": list(fix.new)},
    }
