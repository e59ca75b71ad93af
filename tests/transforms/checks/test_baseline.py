import json
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.checks.baseline import BaselineError, apply_baseline, old_entries, read_baseline, write_baseline
from transforms.checks.findings import Finding, Outdated


def finding(rule="tag-new", path="a.md", subject="", line=1):
    return Finding(rule, "notice", path, line, subject)


words = st.text(st.characters(exclude_categories=["Cs"]), max_size=9)
findings = st.lists(st.builds(finding, st.sampled_from(["tag-new", "link-broken"]), words, words), max_size=8)


@given(findings)
def test_what_is_written_is_read_again_whatever_the_order(some):
    written = write_baseline(some)
    assert written == write_baseline(some[::-1])
    assert read_baseline(written.encode()) == Counter((one.rule, one.path, one.subject) for one in some)
    assert apply_baseline(some, read_baseline(written.encode())) == ([], len(some), ())


def test_a_finding_is_a_line():
    written = write_baseline([finding(subject="b"), finding(subject="a")])
    assert written == '{"version": 1, "findings": [\n["tag-new", "a.md", "a"],\n["tag-new", "a.md", "b"]\n]}\n'
    assert json.loads(write_baseline([])) == {"version": 1, "findings": []}


def test_one_more_of_the_same_is_shown():
    accepted = Counter({("tag-new", "a.md", ""): 1, ("tag-new", "b.md", "x"): 2})
    twice = [finding(line=1), finding(line=5)]
    applied = apply_baseline(twice, accepted)
    assert (applied.shown, applied.held, applied.old) == (twice[1:], 1, (("tag-new", "b.md", "x"),) * 2)
    [old] = old_entries(applied.old, accepted, "file.json")
    assert (old.rule, old.path, old.details) == ("baseline-old", "file.json", Outdated(2, 3))
    assert old_entries((), accepted, "file.json") == []


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"{", "not JSON"),
        (b"[" * 100_000, "not JSON"),
        (b"\xff", "not JSON"),
        (b"[]", "version"),
        (b'{"version": 2}', "version"),
        (b'{"version": 1, "findings": {}}', "no list"),
        (b'{"version": 1, "findings": [["a", "b"]]}', "no finding"),
        (b'{"version": 1, "findings": [["a", "b", 3]]}', "no finding"),
        (b" " * (8 << 20) + b"{}", "larger"),
    ],
)
def test_what_is_no_baseline_is_refused(content, why):
    with pytest.raises(BaselineError, match=why):
        read_baseline(content)
