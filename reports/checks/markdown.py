"""A check as Markdown, for the summary of a job or a comment."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from reports.checks.report import CheckReport
from reports.words.findings import say_chances
from reports.words.format import chance
from reports.words.language import to_say
from reports.words.markdown import escape_markdown, markdown_table
from transforms.checks.findings import CheckedPost, Finding, LinkState
from transforms.plumbing.printable import printable

MAX_BYTES = 60_000
"""A comment of GitHub may have 65,536 characters, and what is larger than its place is dropped as a whole."""
MARKS = {"error": "❌", "warning": "⚠️", "notice": "💡"}
LINKS: dict[LinkState, str] = {
    "none": to_say("no link"),
    "out": to_say("links to it"),
    "in": to_say("is linked by it"),
    "both": to_say("link to each other"),
}
"""How a post and a related one link to each other."""
_RESERVE = 1_000
"""Bytes kept for the lines after the last post."""


def as_markdown(report: CheckReport) -> str:
    """A table for each post that something is found in; posts that do not fit are left out whole and counted."""
    say = report.say
    head = f"## Postkin check\n\n{escape_markdown(report.summary())}\n"
    tail = _fix(report)
    parts, size, left_out = [head], len((head + tail).encode(errors="backslashreplace")) + _RESERVE, 0
    for path, findings in report.by_post():
        part = _post(report, path, findings)
        size += len(part.encode(errors="backslashreplace"))
        if size > MAX_BYTES:
            left_out += 1
        else:
            parts.append(part)
    if left_out:
        said = say.count(
            "{n} more post is left out here; the log of this step has it.",
            "{n} more posts are left out here; the log of this step has them.",
            left_out,
        )
        parts.append(f"\n{said}\n")
    return "".join([*parts, tail])


def _post(report: CheckReport, path: str, findings: Sequence[Finding]) -> str:
    say = report.say
    rows = [
        (
            f"{finding.line:,}",
            f"{MARKS[finding.severity]} {finding.severity}",
            f"{report.said(finding, escape_markdown)} `{finding.rule}`",
        )
        for finding in findings
    ]
    table = markdown_table((say("Line"), "", say("What")), rows, ("--:", "---", "---"))
    post = report.posts.get(path)
    return f"\n### {escape_markdown(path)}\n\n{table}{''.join(_about(report, post)) if post else ''}"


def _about(report: CheckReport, post: CheckedPost) -> Iterator[str]:
    """What is known of a post besides findings, folded up."""
    say = report.say
    lines = []
    if likely := [tag for tag in post.tags if not tag.present]:
        lines.append(say("Likely tags: {tags}.", tags=say_chances(likely, escape_markdown)))
    if post.related:
        rows = [
            (
                escape_markdown(related.title),
                escape_markdown(related.path),
                "" if related.confidence is None else chance(related.confidence),
                say(LINKS[related.links]),
            )
            for related in post.related
        ]
        heads = (say("Related post"), say("File"), say("Confidence"), say("Links"))
        lines.append(markdown_table(heads, rows, ("---", "---", "--:", "---")))
    if lines:
        head = say("What else is known of it")
        inside = "\n\n".join(line.rstrip("\n") for line in lines)
        yield f"\n<details><summary>{head}</summary>\n\n{inside}\n\n</details>\n"


def _fix(report: CheckReport) -> str:
    return f"\n{report.mended()}\n\n    {printable(report.fix)}\n" if report.fixable else ""
