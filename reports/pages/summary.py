"""The report's summary in Markdown, for the page of a CI job."""

from __future__ import annotations

from reports.data import ReportData
from reports.pages.templating import load_template
from reports.words.markdown import code_block, escape_markdown, escape_sentence


def render_summary(report: ReportData) -> str:
    """The summary, below 64,000 bytes of UTF-8 whatever the corpus.

    Lists and texts are cut by the template and by `escape_markdown`, which it applies to every value.
    """
    template = load_template("summary.md.j2", report.language, escape_markdown)
    return template.render(report=report, code=code_block, whole=escape_sentence)
