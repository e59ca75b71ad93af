"""A report of a corpus that is searched by cells."""

import numpy as np

from jobs.report import run
from tests.jobs.report.test_determinism import same
from tests.jobs.results import check_sound, postkin
from transforms.search.tune import QUERIES


def test_the_output_keeps_its_contract(by_cells):
    check_sound(by_cells)


def test_what_is_not_searched_is_as_it_was(by_cells, generated):
    for table in ("articles", "members", "map", "links", "skipped", "rejected"):
        assert by_cells.rows(table) == generated.rows(table)
    assert by_cells.clusters == generated.clusters


def test_several_shards_give_the_same(by_cells, generated_folder, tmp_path, monkeypatch):
    monkeypatch.setattr(run, "SHARD_ARTICLES", 40)
    monkeypatch.setattr(run, "is_alone", lambda _: False)
    results = postkin(generated_folder, tmp_path / "out", "--search", "ivf")
    assert results.run["distributions"]["shard_articles"]["count"] == 8
    same(results, by_cells, "shard_articles")


def test_the_recall_is_that_of_the_neighbours_found(generated_folder, tmp_path):
    flags = ("--search", "ivf", "--target-recall", "0.9", "--related-by", "text", "--related", "10")
    results = postkin(generated_folder, tmp_path / "out", *flags)
    search, ids, near = results.run["search"], results.ids, results.near
    assert (search["method"], len(ids) <= QUERIES) == ("ivf", True)
    assert 0.9 <= search["recall"] < 1
    place, cosines = {id_: row for row, id_ in enumerate(ids)}, np.round(near @ near.T, 4)
    copies = [row for row, id_ in enumerate(ids) if id_.startswith("copies/")]
    cosines[np.ix_(copies, copies)] = 0
    np.fill_diagonal(cosines, 0)
    wanted = np.sort(cosines)[:, ::-1][:, :10]
    found = sum(
        cosines[place[row["id"]], place[other["id"]]] >= wanted[place[row["id"]], -1]
        for row in results.similar()
        for other in row["related"]
    )
    assert abs(found / np.count_nonzero(wanted > 0) - search["recall"]) < 0.005
