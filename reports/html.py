"""The report as one HTML page that loads nothing."""

from __future__ import annotations

import base64
import hashlib

from reports.data import ReportData
from reports.templating import load_template, read_asset


def render_html(report: ReportData) -> str:
    """The page, with its style and its script inside; the same report gives the same text."""
    script = read_asset("report.js")
    return load_template("report.html.j2").render(
        report=report, style=read_asset("report.css"), script=script, policy=content_policy(script)
    )


def content_policy(script: str) -> str:
    """The Content-Security-Policy under which the page may run this script and load nothing."""
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    return (
        f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{digest}'; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )
