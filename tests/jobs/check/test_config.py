"""The flags of a check, and the files that it is told in."""

import os
import sys

import pytest

from jobs.check.config import FAIL_ON, Output, parse_config, parse_formats
from jobs.check.output import write_outputs
from jobs.options.errors import UsageError
from reports.checks.formats import render_check
from tests.reports.checks.test_formats import NOTHING, report

GITHUB = {"GITHUB_ACTIONS": "true", "GITHUB_STEP_SUMMARY": "/tmp/summary"}
INPUT = ["--input", "posts"]


def test_the_default_is_text_and_on_github_its_commands():
    assert parse_formats([], {}) == (Output("text"),)
    assert parse_formats([], {"GITHUB_ACTIONS": "true"}) == (Output("github"),)


def test_markdown_is_added_to_the_summary_of_github():
    assert parse_formats(["markdown"], GITHUB) == (Output("markdown", "/tmp/summary", added=True),)
    assert parse_formats(["markdown"], {"GITHUB_STEP_SUMMARY": "x"}) == (Output("markdown"),)
    assert parse_formats(["markdown=a.md"], GITHUB) == (Output("markdown", "a.md"),)


def test_one_format_goes_to_standard_output_and_the_others_to_files():
    config = parse_config([*INPUT, "--format", "text", "--format", "json=a=b.json", "--format=sarif=s"], environment={})
    assert config.outputs == (Output("text"), Output("json", "a=b.json"), Output("sarif", "s"))
    github = parse_config([*INPUT, "--format=github", "--format=markdown", "--format=json=j"], environment=GITHUB)
    assert [output.file for output in github.outputs] == [None, "/tmp/summary", "j"]


@pytest.mark.parametrize(
    ("flags", "why"),
    [
        (["--format", "xml"], "--format 'xml' is unknown; give any of text, github, markdown, json, sarif, gitlab"),
        (["--format", "json="], "--format 'json=' names no file"),
        (["--format", "json=/"], "names no file"),
        (["--format", "json=/dev/stdout"], "names no file"),
        (["--format", "json=gs://b/a.json"], "names no file on this machine"),
        (["--format", "text", "--format", "json"], "two of --format go to standard output"),
        (["--format", "json=a", "--format", "sarif=a"], "two of --format go to 'a'"),
        (["--fail-on", "worse"], "invalid choice: 'worse'"),
        (["--lang", "fr"], "--lang 'fr' is unknown; give any of auto, en, ja"),
        (["--write-baseline"], "--write-baseline is of all posts; give --all too"),
        (["--base", "main", "--all"], "not allowed with"),
        (["--as-of", "today"], "--as-of 'today' is not a date"),
        (["posts/a.md"], "unexpected argument 'posts/a.md'; give files behind --changed"),
        (["--input", "gs://bucket/posts"], "'gs://bucket/posts' is not on this machine"),
        (["--runner", "DirectRunner"], "unknown flag --runner; see postkin check --help"),
    ],
)
def test_what_cannot_be_met_is_refused(flags, why):
    given = flags if "--input" in flags else [*flags, *INPUT]
    with pytest.raises(UsageError) as refused:
        parse_config(given, environment={})
    assert why in str(refused.value)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("flags", "files"),
    [
        (["--changed"], ()),
        (["--changed", "a.md", "b c.md"], ("a.md", "b c.md")),
        (["--changed", "--fail-on", "warning", "a.md", "b.md"], ("a.md", "b.md")),
        (["--changed", "-rf.md", "--input.MD"], ("./-rf.md", "./--input.MD")),
    ],
)
def test_files_of_a_hook_stand_behind_its_flags(flags, files):
    assert parse_config([*INPUT, *flags], environment={}).changed == files


def test_a_check_fails_at_errors_unless_it_is_told_otherwise():
    assert parse_config(INPUT, environment={}).fail_on == "error"
    for severity in FAIL_ON:
        assert parse_config([*INPUT, "--fail-on", severity], environment={}).fail_on == severity


def test_files_are_whole_and_the_summary_is_added_to(tmp_path, capfdbinary):
    summary = tmp_path / "summary"
    summary.write_text("before\n")
    made = report(NOTHING)
    outputs = (
        Output("text"),
        Output("json", str(tmp_path / "new/a.json")),
        Output("markdown", str(summary), added=True),
    )
    write_outputs(made, outputs)
    assert capfdbinary.readouterr().out == render_check(made, "text")
    assert (tmp_path / "new/a.json").read_bytes() == render_check(made, "json")
    assert summary.read_bytes() == b"before\n" + render_check(made, "markdown")
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["a.json", "new", "summary"]


def test_a_file_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(UsageError, match="cannot be written"):
        write_outputs(report(NOTHING), (Output("json", str(tmp_path / "file/a.json")),))


def test_a_reader_that_has_seen_enough_is_no_failure():
    read, write = os.pipe()
    os.close(read)
    with os.fdopen(write, "w") as broken:
        before, sys.stdout = sys.stdout, broken
        try:
            write_outputs(report(NOTHING), (Output("text"),))
        finally:
            sys.stdout = before
