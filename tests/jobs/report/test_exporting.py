"""A run that is exported at its end."""

import json
import shutil
from pathlib import Path

import pytest

from jobs import export
from jobs.cli import main
from tests.jobs.results import BLOG, USUAL

RUN = ["report", "--input", "content", "--output", "run", *USUAL, "--map", "none", "--export"]


@pytest.fixture
def site(tmp_path, monkeypatch):
    """A Hugo site of some posts; it is the working folder."""
    shutil.copytree(BLOG / "2020", tmp_path / "content")
    (tmp_path / "hugo.toml").touch()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_export_is_that_of_the_command(site, capsys):
    assert main([argument for argument in RUN if argument != "--quiet"]) == 0
    *_, last = capsys.readouterr().out.splitlines()
    assert last == "postkin: 10 posts for hugo: assets/postkin.json"
    content = Path("assets/postkin.json").read_bytes()
    assert export.main(["run", "--check", "--quiet"]) == 0
    Path("assets/postkin.json").unlink()
    assert export.main(["run", "--quiet"]) == 0
    assert Path("assets/postkin.json").read_bytes() == content
    assert "export" not in json.loads(Path("run/run.json").read_text(encoding="utf-8"))["config"]


def test_the_generator_of_the_run_and_any_language(site):
    assert main([*RUN, "--site-generator", "eleventy", "--any-language"]) == 0
    content = Path("_data/postkin.json").read_bytes()
    assert export.main(["run", "--any-language", "--check", "--quiet"]) == 0
    assert all(key.startswith("./content/") for key in json.loads(content)["related"])


def test_what_is_in_the_way_is_told_before_the_run(site, capsys):
    Path("assets").touch()
    assert main(RUN) == 2
    assert "is in the way" in capsys.readouterr().err
    assert not Path("run").exists()


def test_posts_without_a_name_are_told_after_the_run(site, capsys):
    Path("lamps.md").write_text("---\ntitle: Lamps\n---\nSome lamps.\n", encoding="utf-8")
    assert main([argument if argument != "content" else "." for argument in RUN]) == 2
    said = capsys.readouterr().err
    assert "postkin report: the report is at run/report.html, but it cannot be exported: '" in said
    assert "lamps.md' is not below" in said
    assert said.count("\n") == 1
    assert Path("run/report.html").is_file()
    assert not Path("assets").exists()


def test_posts_elsewhere_are_told_before_the_run(site, capsys):
    assert main([*RUN, "--input", "gs://bucket/posts"]) == 2
    assert "'gs://bucket/posts' is not on this machine" in capsys.readouterr().err
