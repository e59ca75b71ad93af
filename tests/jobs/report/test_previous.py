"""A run that follows an earlier one."""

import json

import pytest

from jobs.report import command
from tests.jobs.results import AS_OF, BLOG, Results, check_sound

MISSING = "The folder of --previous holds no earlier run. This run starts anew, and the next one can follow it."


def run(posts, output, *flags):
    assert command.main(["--input", str(posts), "--output", str(output), "--as-of", AS_OF, *flags]) == 0
    return Results(output)


@pytest.fixture(scope="module")
def first(tmp_path_factory):
    return run(BLOG, tmp_path_factory.mktemp("first") / "out", "--map", "pca", "--quiet")


def tables(results):
    return {file: content for file, content in results.files().items() if file.startswith("data/")}


def test_a_first_run_says_that_there_is_none_before_it(first, tmp_path, capsys):
    results = run(BLOG, tmp_path / "out", "--map", "pca", "--previous", str(tmp_path / "out"))
    assert capsys.readouterr().out.splitlines()[-1] == f"postkin: warning: {MISSING}"
    assert results.run["warnings"][-1] == {"code": "previous_missing", "count": 0, "of": 0, "names": []}
    assert results.run["config"]["previous"] is None
    assert MISSING in results.text("report.html")
    assert tables(results) == tables(first)
    check_sound(results)


@pytest.mark.parametrize("change", [{"format": 1}, {"tables": {}}])
def test_a_run_that_cannot_be_read_is_not_followed(first, tmp_path, change):
    earlier = tmp_path / "earlier"
    earlier.mkdir()
    (earlier / "run.json").write_text(json.dumps(first.run | change))
    results = run(BLOG, tmp_path / "out", "--map", "pca", "--quiet", "--previous", str(earlier))
    assert results.run["warnings"][-1]["code"] == ("previous_format" if "format" in change else "previous_damaged")
    assert tables(results) == tables(first)


def test_the_folder_must_be_named(tmp_path, capsys):
    assert command.main(["--input", str(BLOG), "--output", str(tmp_path / "out"), "--previous", ""]) == 2
    assert "--previous is empty; give an output folder of postkin report" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()
