"""A corpus that counts as large: tables in shards, a report of totals and a sample, and what reads them."""

import hashlib
import json
import shutil
from functools import partial

import numpy as np
import pyarrow.parquet as pq
import pytest

from jobs import compare, render
from tests.jobs.results import BLOG, postkin
from transforms import sampling
from transforms.output import layout
from transforms.output.json_lines import Chunks
from transforms.output.layout import OPTIONAL, SHARDED, TABLES, table_file
from transforms.sampling import hash64, map_hash

SAMPLE = 60


@pytest.fixture(scope="module", autouse=True)
def small_limits(blog, by_cells):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sampling, "LARGE", 100)
        patch.setattr(sampling, "REPORTED", SAMPLE)
        patch.setattr(layout, "SHARD_ROWS", 90)
        patch.setattr("transforms.themes.clustering.LISTED_MEMBERS", 7)
        patch.setattr("transforms.output.tables.CHUNK_ROWS", 20)
        patch.setattr("transforms.output.split.Chunks", partial(Chunks, 1_000))
        yield


@pytest.fixture(scope="module")
def large(by_cells, generated_folder, tmp_path_factory):
    """The results of the generated posts, `by_cells` having been made before they counted as large."""
    return postkin(generated_folder, tmp_path_factory.mktemp("large") / "out")


def test_it_is_searched_by_cells(large, by_cells):
    assert large.run["config"]["search"] == "auto"
    assert large.run["search"] == by_cells.run["search"]
    assert large.run["search"]["method"] == "ivf"


def described(results, table):
    return results.run["tables"][table]


def rows_of(results, table):
    """The rows of all shards of a table."""
    files = [shard["file"] for shard in described(results, table)["shards"]]
    return [json.loads(line) for file in files for line in results.text(file).splitlines()]


def test_every_shard_is_described_and_nothing_else_is_there(large, by_cells):
    files = set()
    for table, one in large.run["tables"].items():
        assert ("shards" in one) == (table in SHARDED)
        shards = one.get("shards", [one])
        count = 4 if table in SHARDED else 1
        assert [shard["file"] for shard in shards] == [table_file(table, shard, count) for shard in range(count)]
        assert one["rows"] == sum(shard["rows"] for shard in shards) == described(by_cells, table)["rows"]
        for shard in shards:
            assert hashlib.sha256((large.folder / shard["file"]).read_bytes()).hexdigest() == shard["sha256"]
            files.add(shard["file"])
    assert {file for file in large.files() if file.startswith("data/")} == files
    assert large.run["counts"] == by_cells.run["counts"]


@pytest.mark.parametrize("table", [table for table in SHARDED if table not in ("vectors", *OPTIONAL)])
def test_the_shards_hold_the_rows_of_the_table_sorted(large, by_cells, table):
    rows = rows_of(large, table)
    assert sorted(map(json.dumps, rows)) == sorted(map(json.dumps, by_cells.rows(table)))
    for number, shard in enumerate(described(large, table)["shards"]):
        keys = [next(iter(json.loads(line).values())) for line in large.text(shard["file"]).splitlines()]
        assert keys == sorted(keys)
        if "id" in (rows or [{}])[0]:
            assert {hash64(key) % 4 for key in keys} <= {number}


def test_the_shards_hold_the_vectors(large, by_cells):
    found = {}
    for shard in described(large, "vectors")["shards"]:
        table = pq.read_table(large.folder / shard["file"]).to_pydict()
        assert table["id"] == sorted(table["id"])
        found |= dict(zip(table["id"], table["vector"], strict=True))
    assert sorted(found) == by_cells.ids
    np.testing.assert_array_equal([found[id_] for id_ in by_cells.ids], by_cells.vectors)


def test_other_tables_are_as_they_were_and_clusters_list_the_nearest(large, by_cells):
    for table, file in TABLES.items():
        if table in OPTIONAL:  # of readers, of whom these runs know nothing
            assert not (large.folder / "data" / file).exists(), table
        elif table not in (*SHARDED, "clusters"):
            assert large.text(f"data/{file}") == by_cells.text(f"data/{file}"), table
    for cluster, whole in zip(large.clusters, by_cells.clusters, strict=True):
        assert cluster == whole | {"members": whole["members"][:7]}


def test_the_report_counts_all_and_lists_a_sample(large, by_cells):
    listed = [row["id"] for row in by_cells.rows("articles") if map_hash(row["id"]) / 2**64 < SAMPLE / 300]
    summary, whole = large.text("summary.md"), by_cells.text("summary.md")
    note = f"The lists below are of a sample: {len(listed)} of 300 posts."
    assert note in summary
    for start in ("300 posts", "| Posts ", "| Tags ", "| Tagged "):
        (line,) = [line for line in whole.splitlines() if line.startswith(start)]
        assert line in summary
    page = large.text("report.html")
    assert page.count(f"lists and searches a sample: {len(listed)} of 300 posts.") == 2
    section = slice('<section id="timeline"', '<dl class="who">')
    assert between(page, section) == between(by_cells.text("report.html"), section)


def between(page, ends):
    return page.partition(ends.start)[2].partition(ends.stop)[0]


def test_the_digest_does_not_hang_on_threads(large, generated_folder, tmp_path):
    again = postkin(
        generated_folder, tmp_path / "out", "--direct_running_mode", "multi_threading", "--direct_num_workers", "2"
    )
    assert again.run["digest"] == large.run["digest"]
    assert again.text("report.html") == large.text("report.html")


def test_the_report_is_rendered_again(large, capsys):
    before = large.files()
    for page in ("report.html", "summary.md"):
        (large.folder / page).unlink()
    assert render.main([str(large.folder), "--quiet"]) == 0
    assert large.files() == before


def test_runs_are_compared_in_the_sample(large, by_cells, capsys):
    assert compare.main([str(large.folder), str(by_cells.folder), "--format", "json"]) == 0
    (pair,) = json.loads(capsys.readouterr().out)["pairs"]
    assert 40 < pair["posts"] < 80
    assert (pair["in_common"], pair["same_first"]) == (1.0, 1.0)


def test_a_later_run_replaces_shards(large, tmp_path, monkeypatch):
    out = shutil.copytree(large.folder, tmp_path / "out")
    monkeypatch.setattr(sampling, "LARGE", 50_000)
    again = postkin(BLOG, out)
    assert [file for file in large.files() if "-of-" in file]
    assert not [file for file in again.files() if "-of-" in file]
