"""The findings that a blog has accepted, in a file of its repository."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from transforms.checks.findings import Finding, Outdated, Rule, key_of_finding

VERSION = 1
MAX_BYTES = 8 << 20
MAX_FINDINGS = 100_000
MAX_CHARACTERS = 4_096
"""Of a path or a subject."""

Key = tuple[str, str, str]
"""Rule, path and subject of a finding."""


class BaselineError(ValueError):
    """A baseline cannot be used; its message says in one line why."""


class Applied(NamedTuple):
    """Findings that the baseline does not hold, how many it holds, and its entries that were not found."""

    shown: list[Finding]
    held: int
    old: tuple[Key, ...]


def read_baseline(data: bytes) -> Counter[Key]:
    """Read a baseline: how often each finding is accepted. Raises BaselineError for what is none."""
    if len(data) > MAX_BYTES:
        raise BaselineError(f"it is larger than {MAX_BYTES >> 20} MiB")
    try:
        content = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise BaselineError(f"it is not JSON: {' '.join(str(error).split())[:200]}") from None
    if not isinstance(content, dict) or content.get("version") != VERSION:
        raise BaselineError(f'it does not say "version": {VERSION}')
    rows = content.get("findings")
    if not isinstance(rows, list) or len(rows) > MAX_FINDINGS:
        raise BaselineError(f'"findings" is no list of at most {MAX_FINDINGS:,}')
    return Counter(map(_key, rows))


def write_baseline(findings: Iterable[Finding]) -> str:
    """Lay out a baseline of findings: sorted, one a line, so that a change of one is a change of one line."""
    rows = sorted(map(key_of_finding, findings))
    lines = ",\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
    listed = f"[\n{lines}\n]" if rows else "[]"
    return f'{{"version": {VERSION}, "findings": {listed}}}\n'


def apply_baseline(findings: Sequence[Finding], baseline: Counter[Key]) -> Applied:
    """Part findings, in their order, from those that a baseline holds."""
    left = Counter(baseline)
    shown = []
    for finding in findings:
        key = key_of_finding(finding)
        if left[key] > 0:
            left[key] -= 1
        else:
            shown.append(finding)
    old = tuple(sorted((+left).elements()))
    return Applied(shown, len(findings) - len(shown), old)


def old_entries(old: Sequence[Key], baseline: Counter[Key], path: str) -> list[Finding]:
    """One finding that says how many entries of a baseline, at this path, no longer occur, if any."""
    rule: Rule = "baseline-old"
    return [Finding(rule, "notice", path, 1, "", Outdated(len(old), baseline.total()))] if old else []


def _key(row: object) -> Key:
    if isinstance(row, list) and len(row) == 3:
        rule, path, subject = row
        if all(isinstance(part, str) and len(part) <= MAX_CHARACTERS for part in row):
            return rule, path, subject
    raise BaselineError(f"{json.dumps(row)[:100]} is no finding: a rule, a path and a subject")
