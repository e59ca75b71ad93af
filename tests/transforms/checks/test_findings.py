import dataclasses
import hashlib
import random
from typing import get_args

from transforms.checks.findings import RULES, SEVERITIES, Finding, Result, Rule, fingerprints, order


def finding(rule="tag-new", severity="notice", path="a.md", line=1, subject=""):
    return Finding(rule, severity, path, line, subject)


def test_every_rule_has_a_severity():
    assert set(RULES) == set(get_args(Rule))
    assert set(RULES.values()) <= {*SEVERITIES, "off"}


def test_the_worst_stand_first_then_paths_by_code_points():
    findings = [
        finding(severity="error", path="b.md"),
        finding(severity="warning", path="B.md", line=2),
        finding(severity="warning", path="a.md", line=1),
        finding(severity="warning", path="a.md", line=3, rule="tag-variant"),
        finding(severity="warning", path="a.md", line=3, rule="tag-variant", subject="x"),
        finding(severity="warning", path="é.md"),
    ]
    mixed = findings.copy()
    random.Random(0).shuffle(mixed)
    assert order(mixed) == findings


def test_a_fingerprint_is_of_rule_path_and_subject_alone():
    [one] = fingerprints([finding(subject="Front-End", path="posts/a.md")])
    assert one == hashlib.sha256(b"tag-new\0posts/a.md\0Front-End").hexdigest()[:16]
    moved = finding(subject="Front-End", path="posts/a.md", line=9, severity="error")
    assert fingerprints([moved]) == [one]


def test_equal_findings_of_a_file_are_told_apart_by_their_order():
    twice = [finding(subject="/x/", line=line) for line in (1, 5, 7)]
    first, second, third = fingerprints(twice)
    assert first == fingerprints(twice[:1])[0]
    assert second == hashlib.sha256(b"tag-new\0a.md\0/x/\0" + b"2").hexdigest()[:16]
    assert third == hashlib.sha256(b"tag-new\0a.md\0/x/\0" + b"3").hexdigest()[:16]


def test_a_result_counts_what_it_shows_and_what_it_does_not():
    shown = (finding(severity="error"), finding(), finding())
    result = Result((), shown, ignored=2, baseline=1)
    assert result.counts == {"error": 1, "warning": 0, "notice": 2, "ignored": 2, "baseline": 1}


def test_findings_are_frozen_records():
    assert dataclasses.is_dataclass(Finding)
    assert finding() == finding()
    assert len({finding(), finding()}) == 1
