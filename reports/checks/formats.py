"""The formats of a check, by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from reports.checks.github import as_github
from reports.checks.gitlab import as_gitlab
from reports.checks.json_rows import as_json
from reports.checks.markdown import as_markdown
from reports.checks.report import CheckReport
from reports.checks.sarif import as_sarif
from reports.checks.text import as_text

FORMATS: Mapping[str, Callable[[CheckReport], str]] = {
    "text": as_text,
    "github": as_github,
    "markdown": as_markdown,
    "json": as_json,
    "sarif": as_sarif,
    "gitlab": as_gitlab,
}


def render_check(report: CheckReport, name: str) -> bytes:
    r"""A check in a format, in UTF-8; a byte of a path that is none is written as in \udce9, as JSON escapes it."""
    return FORMATS[name](report).encode(errors="backslashreplace")
