"""Given vectors make the same report as an encoder's, whatever files they stand in."""

import json

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from jobs.options.errors import UsageError
from jobs.options.source import Source
from jobs.report import command
from jobs.report.config import parse_config
from jobs.running.launch import explain
from jobs.running.stop import Stop
from transforms.vectors.files import VectorsError


def table(count=60, dim=8):
    """Articles of four themes with a tag each, and some rows of which little can be made."""
    rng = np.random.default_rng(1)
    themes = np.eye(dim)[:4]
    vectors = [(3 * (themes[row % 4] + rng.normal(0, 0.1, dim))).tolist() for row in range(count)]
    vectors += [[float("nan")] * dim, [0.0] * dim, vectors[0]]
    ids = [f"article/{row:03}" for row in range(count)]
    return pa.table(
        {
            "id": [*ids, "broken", "zero", ids[5]],
            "vector": pa.array(vectors, pa.list_(pa.float32())),
            "title": [f"Title {row}" for row in range(count + 3)],
            "date": [f"20{10 + row % 10}-05-06" for row in range(count + 3)],
            "tags": [[f"theme {row % 4}", *(["even"] if row % 2 == 0 else [])] for row in range(count + 3)],
            "views": pa.array(range(count + 3), pa.int32()),
            "url": [f"/{row}/" for row in range(count + 3)],
        }
    )


def run(output, *vectors, flags=("--themes", "4", "--map", "pca")):
    assert command.main(["--vectors", *map(str, vectors), "--output", str(output), "--quiet", *flags]) == 0
    return json.loads((output / "run.json").read_text(encoding="utf-8"))


def rows_of(output, file):
    return [json.loads(line) for line in (output / "data" / file).read_text(encoding="utf-8").splitlines()]


@pytest.fixture(scope="module")
def result(tmp_path_factory):
    folder = tmp_path_factory.mktemp("vectors")
    pq.write_table(table(), folder / "v.parquet")
    return folder / "out", run(folder / "out", folder / "v.parquet")


def test_all_of_the_analysis_is_there(result):
    output, described = result
    assert described["counts"] == {"read": 63, "parsed": 62, "rejected": 1, "skipped": {}}
    assert described["encoder"]["name"] == described["config"]["encoder"] == "vectors"
    assert (described["encoder"]["dim"], described["encoder"]["neighbor_dim"]) == (8, 8)
    assert "their vectors were given" in (output / "report.html").read_text(encoding="utf-8")
    assert not (output / "model").exists()
    (rejected,) = rows_of(output, "rejected.jsonl")
    assert (rejected["path"], rejected["line"]) == ("v.parquet", 61)
    (article,) = [row for row in rows_of(output, "articles.jsonl") if row["id"] == "article/007"]
    assert (article["title"], article["date"], article["tags"]) == ("Title 7", "2017-05-06", ["theme 3"])
    assert (article["url"], article["views"], article["path"]) == ("/7/", 7, "article/007")


def test_themes_are_found_by_the_vectors(result):
    clusters = json.loads((result[0] / "data/clusters.json").read_text(encoding="utf-8"))["clusters"]
    others = ("zero", "article/005//2")
    for cluster in clusters:
        assert len({int(row["id"][8:]) % 4 for row in cluster["members"] if row["id"] not in others}) == 1
    for row in rows_of(result[0], "related.jsonl"):
        near = [found["id"] for found in row["related"] if found["kind"] == "similar"]
        assert row["id"] not in near
        if row["id"] == "zero":
            assert near == []
    recommended = {row["id"]: row["recommended"] for row in rows_of(result[0], "tags.jsonl")}
    assert recommended["article/001"][0]["tag"] in ("theme 1", "even")


def test_a_second_row_of_an_id_is_told_apart(result):
    (collision,) = rows_of(result[0], "collisions.jsonl")
    assert collision == {"path": "v.parquet:63", "wanted": "article/005", "given": "article/005//2", "kind": "id"}
    exact = [(row["left"], row["right"]) for row in rows_of(result[0], "duplicates.jsonl") if row["exact"]]
    assert exact == [("article/000", "article/005//2")]


def test_tags_are_not_judged_by_names_that_nobody_encoded(result):
    metrics = json.loads((result[0] / "data/metrics.json").read_text(encoding="utf-8"))["metrics"]
    methods = {row["method"] for row in metrics if row["measure"].startswith("tags map")}
    assert "means" in methods
    assert "names" not in methods


def test_files_and_their_order_do_not_matter(result, tmp_path):
    whole = table()
    parts = tmp_path / "parts"
    parts.mkdir()
    whole = whole.filter(pa.array([id_ != "broken" for id_ in whole["id"].to_pylist()]))
    pq.write_table(whole, tmp_path / "v.parquet", row_group_size=7)
    for number in range(3):
        pq.write_table(whole.slice(21 * number, 21), parts / f"vectors-{number:05}-of-00003.parquet")
    one, many = (run(tmp_path / "out", path) for path in (tmp_path / "v.parquet", parts / "vectors-*.parquet"))
    assert one["encoder"] == many["encoder"]
    tables = one["tables"].keys() - {"collisions"}  # which name files
    assert {name: one["tables"][name]["sha256"] for name in tables} == {
        name: many["tables"][name]["sha256"] for name in tables
    }


def test_the_rows_of_a_damaged_row_group_are_counted_one_by_one(tmp_path):
    path = tmp_path / "v.parquet"
    columns = {
        "id": [f"p{row:02}" for row in range(80)],
        "vector": np.random.default_rng(0).normal(size=(80, 8)).tolist(),
    }
    pq.write_table(pa.table(columns), path, row_group_size=40, use_dictionary=False, compression="gzip")
    chunk = pq.ParquetFile(path).metadata.row_group(1).column(1)
    content = bytearray(path.read_bytes())
    middle = chunk.data_page_offset + chunk.total_compressed_size // 2
    content[middle : middle + 64] = bytes(64)
    path.write_bytes(bytes(content))
    described = run(tmp_path / "out", path)
    assert described["counts"] == {"read": 80, "parsed": 40, "rejected": 40, "skipped": {}}
    assert sorted(row["line"] for row in rows_of(tmp_path / "out", "rejected.jsonl")) == list(range(41, 81))


def test_vectors_that_hardly_differ(tmp_path):
    angles = [0, 0.005, 0.01, 0.015]
    vectors = [[np.cos(angle), np.sin(angle)] for angle in angles]
    pq.write_table(pa.table({"id": list("abcd"), "vector": vectors, "tags": [[]] * 4}), tmp_path / "v.parquet")
    run(tmp_path / "out", tmp_path / "v.parquet")
    clusters = json.loads((tmp_path / "out/data/clusters.json").read_text(encoding="utf-8"))["clusters"]
    assert [cluster["size"] for cluster in clusters] == [4]


def test_nothing_but_bad_rows(tmp_path, capsys):
    pq.write_table(pa.table({"id": ["a"], "vector": [[float("nan")]]}), tmp_path / "v.parquet")
    assert command.main(["--vectors", str(tmp_path), "--output", str(tmp_path / "out"), "--quiet"]) == 2
    assert "no post could be used: 1 rejected" in capsys.readouterr().err


@pytest.mark.parametrize("output", ["", "/data/.."])
def test_output_where_the_vectors_are(output, tmp_path, capsys):
    pq.write_table(pa.table({"id": ["a"], "vector": [[1.0]]}), tmp_path / "v.parquet")
    assert command.main(["--vectors", str(tmp_path), "--output", f"{tmp_path}{output}"]) == 2
    assert "holds the vectors" in capsys.readouterr().err


def test_vectors_that_a_worker_refuses_are_to_blame(capsys):
    failure = RuntimeError(f"transforms.VectorsError: {VectorsError('x')} [while running")
    assert explain("postkin report", failure, Stop(), whole=True) == 2
    assert capsys.readouterr().err == "postkin report: x\n"


def test_one_of_posts_and_vectors():
    with pytest.raises(UsageError, match="no posts are given"):
        Source()
    with pytest.raises(UsageError, match="--input and --vectors are both given"):
        Source(input=("a",), vectors=("b",))
    assert parse_config(["--vectors", "a", "b", "--output", "o"]).source.patterns == ("a", "b")
