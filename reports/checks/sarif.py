"""A check as SARIF 2.1.0, which code scanning reads.

https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
"""

from __future__ import annotations

import os
from typing import Any
from urllib.parse import quote

from reports.checks.json_rows import dump
from reports.checks.report import CheckReport
from reports.words.findings import SAID
from transforms.checks.findings import RULES, Finding

MOST = 5_000
"""Results, the worst first: GitHub shows no more."""
LEVELS = {"error": "error", "warning": "warning", "notice": "note", "off": "none"}
SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_NAMES = list(RULES)


def as_sarif(report: CheckReport) -> str:
    """One run with a result for each finding."""
    told = list(zip(report.result.findings, report.fingerprints, strict=True))[:MOST]
    rules = [
        {
            "id": rule,
            "shortDescription": {"text": rule.replace("-", " ").capitalize()},
            "help": {"text": report.say(SAID[rule][1]) if "{" not in SAID[rule][1] else rule},
            "defaultConfiguration": {"level": LEVELS[level]},
        }
        for rule, level in RULES.items()
    ]
    driver = {"name": "Postkin", "version": report.version, "rules": rules}
    results = [_result(report, finding, fingerprint) for finding, fingerprint in told]
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
    return dump({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]})


def _result(report: CheckReport, finding: Finding, fingerprint: str) -> dict[str, Any]:
    place = {"uri": quote(os.fsencode(finding.path)), "uriBaseId": "%SRCROOT%"}
    return {
        "ruleId": finding.rule,
        "ruleIndex": _NAMES.index(finding.rule),
        "level": LEVELS[finding.severity],
        "message": {"text": str(report.said(finding))},
        "locations": [{"physicalLocation": {"artifactLocation": place, "region": {"startLine": finding.line}}}],
        "partialFingerprints": {"postkin/v1": fingerprint},
    }
