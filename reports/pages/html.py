"""The report as one HTML page that loads nothing."""

from __future__ import annotations

import base64
import hashlib

from reports.data import ReportData
from reports.pages.templating import load_template, read_asset
from reports.pages.vega import vega_bundle

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
MAP_SCRIPTS = ("map-canvas", "map-labels", "map-panel", "map-box", "map")
SCRIPTS = ("data", "color-scheme", "contents", "csv", "route", "table", "zoom", "colors", *MAP_SCRIPTS, "main")
"""The scripts below templates/script, in the order in which they run."""

LICENSES = "licenses.txt"
"""Those of Vega and its parts, gathered by tests/notices.py."""


def render_html(report: ReportData) -> str:
    """The page, with its style and its scripts inside; the same report gives the same text."""
    script = "(() => {\n'use strict';\n" + "\n".join(read_asset(f"script/{name}.js") for name in SCRIPTS) + "})();"
    bundle = vega_bundle() if report.map else None
    return load_template("report.html.j2", report.language).render(
        report=report,
        style="\n".join(read_asset(f"style/{name}.css") for name in STYLES if report.readings or name != "readings"),
        script=script,
        vega=bundle.packed if bundle else "",
        licenses=read_asset(LICENSES) if bundle else "",
        map_spec=read_asset("map.vega.json"),
        policy=content_policy(*([script, bundle.source] if bundle else [script]), pictures=report.linked_pictures),
    )


def content_policy(*scripts: str, pictures: bool = False) -> str:
    """The Content-Security-Policy under which the page may run these scripts and load nothing, or pictures alone."""
    digests = [base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() for script in scripts]
    allowed = " ".join(f"'sha256-{digest}'" for digest in digests)
    images = "data: https: http:" if pictures else "data:"
    return (
        f"default-src 'none'; style-src 'unsafe-inline'; script-src {allowed}; img-src {images}; "
        "base-uri 'none'; form-action 'none'"
    )
