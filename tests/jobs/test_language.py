"""The report in the language that was asked for, or that most posts are written in."""

from reports.language import Language
from reports.phrases import EVIDENCE, KINDS, OMISSIONS, say_phrase


def test_all_that_a_run_says_in_english_is_known(results):
    clauses = {clause for row in results.rows("tag_issues") for clause in row["evidence"].split("; ")}
    reasons = {row["reason"] for row in results.rows("skipped") if ": " not in row["reason"]}
    marked = Language("xx", dict.fromkeys((*EVIDENCE, *OMISSIONS), "known"))
    assert clauses
    assert {clause for clause in clauses if say_phrase(clause, EVIDENCE, marked) != "known"} == set()
    assert {reason for reason in reasons if say_phrase(reason, OMISSIONS, marked) != "known"} == set()
    assert {row["kind"] for row in results.rows("skipped")} <= set(KINDS)
