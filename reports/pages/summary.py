"""The report's summary in Markdown, for the page of a CI job."""

from __future__ import annotations

from reports.data import ReportData
from reports.pages.templating import load_template
from reports.words.markdown import code_block, escape_markdown, escape_sentence

MOST_LINES = 150
"""The summary has fewer lines."""
EXAMPLES = 3


def render_summary(report: ReportData) -> str:
    """The summary, below 64,000 bytes of UTF-8 and 150 lines whatever the corpus.

    Lists and texts are cut by the template and by `escape_markdown`, which it applies to every value. Each kind of work
    has three examples; where there are so many kinds that the summary would be too long, each has fewer, or none.
    """
    template = load_template("summary.md.j2", report.language, escape_markdown)
    for examples in range(EXAMPLES, -1, -1):
        summary = template.render(report=report, examples=examples, code=code_block, whole=escape_sentence)
        if summary.count("\n") < MOST_LINES:
            break
    return summary
