"""The report as one HTML page that loads nothing."""

from __future__ import annotations

import base64
import hashlib

from reports.data import ReportData
from reports.pages.templating import load_template, read_asset

STYLES = (
    "base",
    "page",
    "start",
    "to-do",
    "numbers",
    "map",
    "themes",
    "relations",
    "timeline",
    "news",
    "readings",
    "tables",
    "quality",
    "articles",
    "settings",
    "narrow",
    "print",
)
"""The style sheets below templates/style, in the order of their cascade."""
MAP_SCRIPTS = ("map-canvas", "map-points", "map-labels", "map-panel", "map-box", "map")
SCRIPTS = ("data", "color-scheme", "contents", "csv", "route", "table", "zoom", "colors", *MAP_SCRIPTS, "main")
"""The scripts below templates/script, in the order in which they run."""


def render_html(report: ReportData) -> str:
    """The page, with its style and its scripts inside; the same report gives the same text."""
    script = "(() => {\n'use strict';\n" + "\n".join(read_asset(f"script/{name}.js") for name in SCRIPTS) + "})();"
    return load_template("report.html.j2", report.language).render(
        report=report,
        style="\n".join(read_asset(f"style/{name}.css") for name in STYLES if report.readings or name != "readings"),
        script=script,
        policy=content_policy(script, pictures=report.linked_pictures),
    )


def content_policy(script: str, *, pictures: bool = False) -> str:
    """The Content-Security-Policy under which the page may run this script and load nothing, or pictures alone."""
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    images = "data: https: http:" if pictures else "data:"
    return (
        f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{digest}'; img-src {images}; "
        "base-uri 'none'; form-action 'none'"
    )
