"""The report as one HTML page that loads nothing."""

from __future__ import annotations

import base64
import hashlib

from reports.data import ReportData
from reports.templating import load_template, read_asset

STYLES = (
    "base",
    "page",
    "numbers",
    "to-do",
    "themes",
    "relations",
    "news",
    "tables",
    "articles",
    "settings",
    "narrow",
    "print",
)
"""The style sheets below templates/style, in the order of their cascade."""
SCRIPTS = ("report",)
"""The scripts below templates/script, in the order in which they run."""


def render_html(report: ReportData) -> str:
    """The page, with its style and its script inside; the same report gives the same text."""
    script = "\n".join(read_asset(f"script/{name}.js") for name in SCRIPTS)
    style = "\n".join(read_asset(f"style/{name}.css") for name in STYLES)
    return load_template("report.html.j2", report.language).render(
        report=report, style=style, script=script, policy=content_policy(script)
    )


def content_policy(*scripts: str) -> str:
    """The Content-Security-Policy under which the page may run these scripts and load nothing."""
    digests = [base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() for script in scripts]
    allowed = " ".join(f"'sha256-{digest}'" for digest in digests)
    return (
        f"default-src 'none'; style-src 'unsafe-inline'; script-src {allowed}; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )
