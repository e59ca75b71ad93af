"""The report of a run again, from its tables alone."""

import shutil
import subprocess
import sys

import pytest

from jobs import render
from tests.jobs.results import ROOT, Results, seal
from transforms.output import stored


@pytest.fixture
def copy(blog, tmp_path):
    """A copy of a run, to be rendered again."""
    return Results(shutil.copytree(blog.folder, tmp_path / "run"))


def test_the_same_bytes(results, tmp_path):
    again = Results(shutil.copytree(results.folder, tmp_path / "run"))
    for page in ("report.html", "summary.md"):
        (again.folder / page).unlink()
    assert render.main([str(again.folder), "--quiet"]) == 0
    assert again.files() == results.files()


def test_another_title(copy, blog, capsys):
    assert render.main([f"{copy.folder}/", "--title", "Lamps & <wheels>"]) == 0
    assert capsys.readouterr().out == f"postkin: report: {copy.folder}/report.html\n"
    assert "<title>Lamps &amp; &lt;wheels&gt;" in copy.text("report.html")
    files, others = copy.files(), blog.files()
    assert {file for file in files if files[file] != others[file]} == {"report.html", "summary.md"}


def test_beam_and_pandas_are_not_imported(copy):
    found = "{'apache_beam', 'pandas'} & {*sys.modules}"
    code = f"import sys; from jobs.cli import main; code = main(sys.argv[1:]); print({found}, code)"
    asked = [sys.executable, "-c", code, "render", "--quiet", str(copy.folder)]
    answer = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=True)
    assert answer.stdout == "set() 0\n"


def change(copy, file, old, new):
    path = copy.folder / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def refused(copy, capsys):
    before = copy.files()
    assert render.main([str(copy.folder)]) == 2
    assert copy.files() == before
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("postkin render: ")
    assert err.count("\n") == 1
    return err


def test_a_folder_without_a_run(tmp_path, capsys):
    assert "holds no run.json; give an output folder of postkin report" in refused(Results(tmp_path), capsys)


def test_a_bucket_without_its_packages(monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "boto3", None)
    assert render.main(["s3://bucket/run"]) == 2
    assert "needs packages that are not installed; pip install 'postkin[aws]'" in capsys.readouterr().err


def test_a_table_that_was_changed(copy, capsys):
    change(copy, "data/tags.jsonl", '"present": true', '"present": false')
    assert "data/tags.jsonl is not the file that run.json describes" in refused(copy, capsys)


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("data/tags.jsonl", '"present": true', '"present": 1'),
        ("data/articles.jsonl", '"title": "', '"titel": "'),
        ("data/articles.jsonl", '"views": ', '"vues": '),
        ("data/articles.jsonl", '"tags": [', '"tags": ["x", 3, '),
        ("data/related.jsonl", '"why": {', '"why": 5, "x": {'),
        ("data/related.jsonl", '"kind": "similar"', '"kynd": "similar"'),
        ("data/clusters.json", '"clusters"', '"klusters"'),
        ("data/tag_issues.jsonl", '"kind": "once"', '"kind": "twice"'),
        ("data/tag_issues.jsonl", '"evidence": {"tags": [', '"evidence": "why", "x": {"tags": ['),
        ("data/tag_issues.jsonl", '"likeness": "spelling"', '"likeness": ["spelling"]'),
        ("data/tag_issues.jsonl", '"fit": null', '"fit": {}'),
        ("data/tag_issues.jsonl", '"probability": null', '"probability": "0.5"'),
        ("data/articles.jsonl", '"date": "20', '"date": "x20'),
    ],
)
def test_a_table_of_another_shape(copy, capsys, file, old, new):
    change(copy, file, old, new)
    seal(copy.folder, file)
    assert "holds no run of this version of postkin" in refused(copy, capsys)


@pytest.mark.parametrize("value", ["NaN", "Infinity", "1e999", "[" * 100_000, "0.5"])
def test_a_value_that_json_does_not_have(copy, capsys, value):
    change(copy, "data/members.jsonl", '"score": ', f'"score": {value}, "more": ')
    seal(copy.folder, "data/members.jsonl")
    assert "data/members.jsonl, line 1" in refused(copy, capsys)


def test_a_large_table(copy, capsys, monkeypatch):
    monkeypatch.setattr(stored, "TABLE_LIMIT", 100)
    assert "is larger than" in refused(copy, capsys)


@pytest.mark.parametrize(("new", "said"), [('"format": 1,', "of format 1,"), ("", "of an earlier format,")])
def test_a_run_of_another_format(copy, capsys, new, said):
    change(copy, "run.json", '"format": 2,', new)
    line = refused(copy, capsys)
    assert f"holds a run {said} and this version of postkin reads format 2" in line
    assert line.endswith("; run postkin report again with this version\n")


@pytest.mark.parametrize("config", ['"config": null, "configs": {', '"config": {"title": 3}, "configs": {'])
def test_a_run_of_another_config(copy, capsys, config):
    change(copy, "run.json", '"config": {', config)
    assert "holds no run of this version of postkin: run.json: " in refused(copy, capsys)


def test_a_run_from_before_its_tags_were_tried(copy, capsys):
    change(copy, "run.json", '"tag_trial": {', '"tag_trials": {')
    assert "holds no run of this version of postkin: run.json: 'tag_trial' is missing\n" in refused(copy, capsys)


def test_a_config_that_is_no_object(copy, capsys):
    change(copy, "run.json", '"config": {', '"config": "lighthouse", "configs": {')
    assert "run.json: config is not an object" in refused(copy, capsys)


def test_a_table_outside_of_the_folder(copy, capsys):
    change(copy, "run.json", '"file": "data/tags.jsonl"', '"file": "data/../../tags.jsonl"')
    assert "is not below the folder" in refused(copy, capsys)


@pytest.mark.parametrize("place", [".render", "report.html", "data", "run.json"])
def test_a_run_with_links_in_it_is_refused(blog, tmp_path, capsys, place):
    out = shutil.copytree(blog.folder, tmp_path / "out")
    link = out / place
    if link.is_dir():
        shutil.rmtree(link)
    link.unlink(missing_ok=True)
    (tmp_path / "elsewhere").mkdir()
    link.symlink_to(tmp_path / "elsewhere")
    assert render.main([str(out)]) == 2
    assert not any((tmp_path / "elsewhere").iterdir())
    assert capsys.readouterr().err == (
        f"postkin render: {str(out)!r} cannot be written: {place} is a link, which may lead anywhere: delete it\n"
    )


def test_what_lies_where_pages_are_made_is_deleted(blog, tmp_path):
    out = shutil.copytree(blog.folder, tmp_path / "out")
    (out / ".render").mkdir()
    (tmp_path / "mine").write_text("mine")
    (out / ".render/report.html").symlink_to(tmp_path / "mine")
    assert render.main([str(out), "--quiet"]) == 0
    assert (tmp_path / "mine").read_text() == "mine"
    assert not (out / ".render").exists()
