"""Runs side by side: of real output folders, of broken ones, and what is refused."""

import json
import os
import shutil
import subprocess
import sys

import pytest

from jobs import compare
from tests.jobs.results import BLOG, ROOT, postkin, seal
from transforms.output import stored

FILES = ("run.json", "data/metrics.json", "data/related.jsonl")


@pytest.fixture(scope="module")
def titles(tmp_path_factory):
    """The results of tests/data/blog on titles alone."""
    return postkin(BLOG, tmp_path_factory.mktemp("titles") / "out", "--text", "title", "--related", "6")


@pytest.fixture
def copy(blog, tmp_path):
    """A copy of what is compared of a run, to be broken."""
    for file in FILES:
        (tmp_path / "run" / file).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(blog.folder / file, tmp_path / "run" / file)
    return tmp_path / "run"


def test_two_runs(blog, titles, capsys):
    assert compare.main([str(blog.folder), f"{titles.folder}/", "--format", "json"]) == 0
    out, err = capsys.readouterr()
    answer = json.loads(out)
    left, right = answer["runs"]
    (pair,) = answer["pairs"]
    assert err == ""
    for row, results in ((left, blog), (right, titles)):
        values = {(m["measure"], m["method"]): m["value"] for m in results.json("data/metrics.json")["metrics"]}
        stages = results.run["stages"]
        assert row["encoder"] == results.run["encoder"]["id"]
        assert row["dimensions"] == results.run["encoder"]["dim"]
        assert row["posts"] == len(results.ids)
        assert row["related_dice"] == values["related dice@4", "all but own tags"]
        assert row["related_text"] == values["related dice@4", "text"]
        assert row["tags_map"] == values["tags map@10", "blend"]
        assert row["tags_means"] == values["tags map@10", "means"]
        assert row["tags_names"] == values["tags map@10", "names"]
        assert row["total_seconds"] == pytest.approx(sum(stage["seconds"] for stage in stages.values()))
        assert 0 < row["encode_seconds"] < row["total_seconds"]
        assert row["peak_mb"] == max(stage["peak_mb"] for stage in stages.values())
    assert (left["text"], right["text"]) == ("title, lede, headings, body", "title")

    ours, theirs = ({post: row["related"] for post, row in run.similar_by_id().items()} for run in (blog, titles))
    common, first = [], []
    for post in ours:
        one, two = ([other["id"] for other in run[post]][:4] for run in (ours, theirs))
        if one or two:
            common.append(len(set(one) & set(two)) / max(len(one), len(two)))
            first.append(one[:1] == two[:1])
    assert pair["posts"] == len(ours)
    assert pair["in_common"] == pytest.approx(sum(common) / len(common), abs=1e-4)
    assert pair["same_first"] == pytest.approx(sum(first) / len(first), abs=1e-4)
    assert pair["same_digest"] is False


def test_a_run_beside_itself(blog, capsys):
    assert compare.main([str(blog.folder)] * 3) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 2 + 3 + 1 + 2 + 3
    assert all(line.endswith("| 64 | 100.0% | 100.0% | yes |") for line in lines[-3:])


def test_a_run_without_stages(copy, capsys):
    run = json.loads((copy / "run.json").read_text())
    del run["stages"]
    (copy / "run.json").write_text(json.dumps(run))
    assert compare.main([str(copy), str(copy)]) == 0
    assert "| — | — | — |" in capsys.readouterr().out


def test_beam_and_pandas_are_not_imported(blog):
    ask = "import sys; from jobs.cli import main; main(sys.argv[1:]); print({'apache_beam', 'pandas'} & {*sys.modules})"
    asked = subprocess.run(
        [sys.executable, "-c", ask, "compare", str(blog.folder), str(blog.folder)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert asked.stdout.splitlines()[-1] == "set()"


def refusal(capsys, *argv):
    assert compare.main([str(argument) for argument in argv]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("postkin compare: ")
    assert err.count("\n") == 1
    return err


@pytest.mark.parametrize("file", FILES)
def test_a_missing_file_is_refused(copy, capsys, file):
    (copy / file).unlink()
    assert f"holds no {file}; give an output folder of postkin report" in refusal(capsys, copy, copy)


@pytest.mark.parametrize("file", FILES)
@pytest.mark.parametrize(
    "content", [b"{", b"\xff\xfe", b"[]", b"null", b"NaN", b"[" * 100_000, b'{"id": 1' + b"1" * 5000 + b"}", b"{}"]
)
def test_a_broken_file_is_refused(copy, capsys, file, content):
    (copy / file).write_bytes(content)
    refusal(capsys, copy, copy)
    if file != "run.json":
        seal(copy, file)
        refusal(capsys, copy, copy)


@pytest.mark.parametrize("file", FILES[1:])
def test_a_file_that_was_changed_is_refused(copy, capsys, file):
    (copy / file).write_bytes((copy / file).read_bytes() + b"\n")
    assert f"{file} is not the file that run.json describes" in refusal(capsys, copy, copy)


@pytest.mark.parametrize("file", ["data/../../related.jsonl", "../related.jsonl", "data/a\nb.jsonl"])
def test_a_file_outside_of_the_folder_is_refused(copy, capsys, file):
    run = json.loads((copy / "run.json").read_text())
    run["tables"]["related"]["file"] = file
    (copy / "run.json").write_text(json.dumps(run))
    assert "is not below the folder" in refusal(capsys, copy, copy)


@pytest.mark.parametrize("file", FILES)
def test_a_large_file_is_refused(copy, capsys, monkeypatch, file):
    monkeypatch.setattr(stored, "LIMITS", {**stored.LIMITS, file: 100})
    assert f"{file}' is larger than" in refusal(capsys, copy, copy)


def test_a_file_that_is_none_is_refused(copy, capsys):
    (copy / "run.json").unlink()
    os.mkfifo(copy / "run.json")
    assert "holds no run.json" in refusal(capsys, copy, copy)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"digest": None}, "Expected `str`, got `null` - at `$.digest`"),
        ({"encoder": {"id": 5, "dim": 3}}, "Expected `str`, got `int` - at `$.encoder.id`"),
        ({"encoder": {"id": "x", "dim": True}}, "Expected `int`, got `bool` - at `$.encoder.dim`"),
        ({"encoder": {"id": "x", "dim": -1}}, "Expected `int` >= 0 - at `$.encoder.dim`"),
        ({"counts": {"read": 3, "parsed": 10**300}}, " - at `$.counts.parsed`"),
        ({"counts": {"read": 3}}, "Object missing required field `parsed` - at `$.counts`"),
        ({"config": {"encoder": "lsa", "text": [1]}}, "Expected `str`, got `int` - at `$.config.text[0]`"),
        ({"stages": []}, "Expected `object`, got `array` - at `$.stages`"),
        (
            {"stages": {"read": {"seconds": "1", "peak_mb": 1}}},
            "Expected `float`, got `str` - at `$.stages[...].seconds`",
        ),
        ({"tables": {}}, "run.json, tables.metrics: Expected `object`, got `null`"),
        ({"tables": {"metrics": {"rows": 1, "shards": {}}}}, "tables.metrics.shards: Expected `array`, got `object`"),
    ],
)
def test_another_run_json_is_refused(copy, capsys, change, said):
    run = json.loads((copy / "run.json").read_text())
    (copy / "run.json").write_text(json.dumps({**run, **change}))
    assert said in refusal(capsys, copy, copy)


@pytest.mark.parametrize("found", [None, 1, 3, "2", "x" * 5000, [2]])
def test_a_run_of_another_format_is_refused(blog, copy, capsys, found):
    run = json.loads((copy / "run.json").read_text())
    assert [*run][:2] == ["version", "format"]
    del run["format"]
    (copy / "run.json").write_text(json.dumps(run if found is None else {**run, "format": found}))
    line = refusal(capsys, blog.folder, copy)
    assert line.startswith(f"postkin compare: {str(copy)!r} holds a run of ")
    assert line.endswith("reads format 2; run postkin report again with this version\n")
    assert len(line) < len(str(copy)) + 200


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (['{"id": "a", "related": []}'] * 2, "has 'a' twice"),
        (['{"id": "a", "related": ["b"]}'], "line 1: Expected `object`, got `str` - at `$.related[0]`"),
        (['{"id": "a", "related": {}}'], "line 1: Expected `array`, got `object` - at `$.related`"),
        (['{"id": "a", "related": [], "more": 1}'], "line 1: Its fields are not those of Related"),
        (['{"id": "a", "related": []}', "x"], "line 2' is not JSON"),
        (['{"id": "a", "related": []}', '["b"]'], "line 2: Expected `object`, got `array`"),
        (['{"id": "a", "related": ' + "[" * 100_000], "line 1' is not JSON"),
    ],
)
def test_other_related_articles_are_refused(copy, capsys, rows, said):
    (copy / "data/related.jsonl").write_text("\n".join(rows))
    seal(copy, "data/related.jsonl")
    assert said in refusal(capsys, copy, copy)


@pytest.mark.parametrize("value", ["1e999", "NaN", "-Infinity", '"1"', "true"])
def test_a_measure_that_is_no_number_is_refused(copy, capsys, value):
    row = f'{{"measure": "m", "method": "n", "value": {value}, "judged": 1}}'
    (copy / "data/metrics.json").write_text(f'{{"metrics": [{row}]}}')
    seal(copy, "data/metrics.json")
    assert "data/metrics.json" in refusal(capsys, copy, copy)


def test_a_measure_below_zero_is_compared(copy):
    row = '{"measure": "clusters silhouette", "method": "k = 2", "value": -0.25, "judged": 1}'
    (copy / "data/metrics.json").write_text(f'{{"metrics": [{row}]}}')
    seal(copy, "data/metrics.json")
    assert compare.main([str(copy), str(copy)]) == 0


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        ([], "RUN"),
        (["one"], "give two or more"),
        (["gone", "gone"], "'gone' holds no run.json"),
        (["", "x"], "holds no run.json"),
        (["gone", "gone", "--format", "html"], "invalid choice: 'html'"),
        (["gone", "gone", "--formt", "json"], "--formt"),
        (["unknown://bucket/run", "gone"], "'unknown://bucket/run/run.json' cannot be read"),
    ],
)
def test_refused(capsys, argv, said):
    assert said in refusal(capsys, *argv)
