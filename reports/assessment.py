"""What an evaluation measured, as Markdown tables."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from reports.words.format import DASH, decimal, number
from reports.words.markdown import escape_markdown, markdown_table
from reports.words.measures import shown_measure
from transforms.evaluation.names import (
    AGREEMENT,
    BLEND,
    CALIBRATION,
    CHANCE,
    CONFIDENCE,
    EVERYTHING,
    F1,
    ISSUES_AT_LEAST,
    ISSUES_FOUND,
    ISSUES_RIGHT,
    LEARNED,
    LIKELY,
    LINKED,
    LINKED_RANK,
    MAP,
    MEANS,
    NDCG,
    NEXT_CALIBRATION,
    NEXT_NDCG,
    NEXT_RANK,
    NEXT_RECALL,
    NEXT_UNREAD,
    NEXT_UNREAD_SHARE,
    READER_AGREEMENT,
    READER_SILHOUETTE,
    RELATED,
    SILHOUETTE,
    TEXT,
    UNTAGGED,
)
from transforms.results import Assessed

ANSWERS = (
    *(LINKED, LINKED_RANK, RELATED, UNTAGGED, CONFIDENCE, MAP, F1, NDCG, CALIBRATION, LIKELY),
    *(ISSUES_RIGHT, ISSUES_AT_LEAST, ISSUES_FOUND, NEXT_RECALL, NEXT_NDCG, NEXT_RANK),
    *(NEXT_UNREAD, NEXT_UNREAD_SHARE, NEXT_CALIBRATION, READER_SILHOUETTE, READER_AGREEMENT),
)
COMPARED: Mapping[str, tuple[str, str]] = {
    "links hit@4": (LINKED, EVERYTHING),
    "untagged related": (UNTAGGED, LEARNED),
    "by text alone": (UNTAGGED, TEXT),
    "tags map@10": (MAP, BLEND),
    "by means alone": (MAP, MEANS),
}
"""What encoders and texts are compared by: a heading, and its measure and method."""

Encoding = tuple[str, str]
"""An encoder and what it reads."""


def assessment_markdown(rows: Sequence[Assessed], posts: int) -> str:
    """Lay out measures, the first encoding's in full: answers beside baselines, the encodings compared, clusters."""
    if not rows:
        return f"{number(posts)} posts, none with a tag: nothing can be judged.\n"
    first = [row for row in rows if _encoding(row) == _encoding(rows[0])]
    tables = [_answers(first), _encodings(rows), _clusters(first)]
    what = f"{escape_markdown(rows[0].encoder)} on {rows[0].text}"
    head = f"{number(posts)} posts, {what}. In bold what is in use; intervals are 95 % bootstrap.\n\n"
    return head + "\n".join(table for table in tables if table)


def _answers(rows: Iterable[Assessed]) -> str:
    ordered = sorted(
        (row for row in rows if row.measure in ANSWERS), key=lambda row: (ANSWERS.index(row.measure), -(row.value or 0))
    )
    lines = [
        (row.measure, _strong(row, row.method), _strong(row, _value(row.value)), _interval(row), number(row.judged))
        for row in ordered
    ]
    return markdown_table(("measure", "method", "value", "95 %", "judged"), lines, _align(2, 3))


def _encodings(rows: Sequence[Assessed]) -> str:
    values = {(_encoding(row), row.measure, row.method): row.value for row in rows}
    encodings = list(dict.fromkeys(map(_encoding, rows)))
    lines = [
        (*map(escape_markdown, encoding), *(_value(values.get((encoding, *what))) for what in COMPARED.values()))
        for encoding in encodings
    ]
    return markdown_table(("encoder", "text", *COMPARED), lines, _align(2, len(COMPARED))) if len(encodings) > 1 else ""


def _clusters(rows: Sequence[Assessed]) -> str:
    values = {(row.measure, row.method): row for row in rows}
    ks = [row for row in rows if row.measure == SILHOUETTE]
    lines = [
        (
            _strong(row, row.method),
            _value(row.value),
            _value(values[AGREEMENT, row.method].value),
            _value(values[CHANCE, row.method].value),
        )
        for row in ks
    ]
    heads = ("themes", *map(shown_measure, (SILHOUETTE, AGREEMENT, CHANCE)))
    return markdown_table(heads, lines, _align(1, 3)) if lines else ""


def _encoding(row: Assessed) -> Encoding:
    return row.encoder, row.text


def _strong(row: Assessed, text: str) -> str:
    return f"**{text}**" if row.in_use else text


def _value(value: float | None) -> str:
    return DASH if value is None else decimal(value, 4)


def _interval(row: Assessed) -> str:
    return "" if row.low is None or row.high is None else f"{decimal(row.low, 3)}–{decimal(row.high, 3)}"


def _align(texts: int, numbers: int) -> list[str]:
    return ["---"] * texts + ["--:"] * numbers
