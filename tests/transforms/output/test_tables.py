import hashlib
import json

import numpy as np
import pyarrow.parquet as pq
import pytest

from tests.transforms.records_by_hand import articles, block, random_unit
from transforms.output.json_lines import table_line
from transforms.output.publish import publish, staging_folder
from transforms.output.tables import (
    TableFile,
    describe_tables,
    pack_rows,
    results_digest,
    unpack_rows,
    vector_rows,
    write_table,
    write_vectors,
)
from transforms.plumbing.storage import delete, list_files, move, read_bytes, write_bytes
from transforms.results import (
    Cluster,
    Coverage,
    Duplicate,
    IssueEvidence,
    Rejected,
    Related,
    RelatedArticle,
    ScoredTag,
    TagIssue,
    Why,
)
from transforms.sampling import hash64


def lines(table, *records):
    return [table_line(table, record) for record in records]


def test_pairs_found_from_both_sides_are_written_once_and_other_equal_rows_as_often_as_they_come(tmp_path):
    pair = Duplicate("a", "b", 0.99, exact=False)
    assert write_table("duplicates", lines("duplicates", pair, pair), str(tmp_path)).rows == 1
    row = Rejected("a.md", None, "in two folders")
    assert write_table("rejected", lines("rejected", row, row), str(tmp_path)).rows == 2


def test_rows_are_sorted(tmp_path):
    why = Why(text=0.5, tags=0.25, shared_tags=("Go",))
    rows = lines("related", Related("b", ()), Related("a", (RelatedArticle("b", 0.5, None, why),)))
    file = write_table("related", rows, str(tmp_path))
    content = (tmp_path / "data/related.jsonl").read_bytes()
    assert [json.loads(line) for line in content.splitlines()] == [
        {
            "id": "a",
            "related": [
                {
                    "id": "b",
                    "score": 0.5,
                    "confidence": None,
                    "why": {
                        "text": 0.5,
                        "tags": 0.25,
                        **dict.fromkeys(["titles", "years", "links", "recent"]),
                        "counted": [],
                        "shared_tags": ["Go"],
                        "shared_words": [],
                    },
                    "kind": "similar",
                    "sure_of": None,
                }
            ],
        },
        {"id": "b", "related": []},
    ]
    assert file == TableFile("related", "data/related.jsonl", 2, hashlib.sha256(content).hexdigest())


def test_coverage_is_sorted_by_cluster_and_that_of_all_posts_comes_first(tmp_path):
    rows = [Coverage(cluster, "n", "2024-01-01", 1, 1, None, None) for cluster in (10, 2, None)]
    write_table("coverage", lines("coverage", *rows), str(tmp_path))
    written = (tmp_path / "data/coverage.jsonl").read_text().splitlines()
    assert [json.loads(line)["cluster"] for line in written] == [None, 2, 10]


def test_tag_issues_are_sorted_by_kind_and_rank(tmp_path):
    rows = [
        TagIssue(kind, rank, ("t",), 1, None, True, (), IssueEvidence(()))
        for kind, rank in (("once", 10), ("once", 9), ("misfit", 1))
    ]
    write_table("tag_issues", lines("tag_issues", *rows), str(tmp_path))
    written = [json.loads(line) for line in (tmp_path / "data/tag_issues.jsonl").read_text().splitlines()]
    assert [(row["kind"], row["rank"]) for row in written] == [("misfit", 1), ("once", 9), ("once", 10)]


def test_an_empty_table_is_an_empty_file_or_an_empty_document(tmp_path):
    assert write_table("rejected", [], str(tmp_path)).rows == 0
    assert (tmp_path / "data/rejected.jsonl").read_bytes() == b""
    write_table("clusters", [], str(tmp_path))
    assert json.loads((tmp_path / "data/clusters.json").read_text()) == {"k": 0, "clusters": []}


def test_rejected_rows_of_one_path_stay_apart(tmp_path):
    rows = lines("rejected", Rejected("a.md", None, "x"), Rejected("a.md", 3, "y"))
    assert write_table("rejected", rows, str(tmp_path)).rows == 2


def test_clusters_are_one_document_in_the_order_of_their_numbers(tmp_path):
    clusters = [Cluster(number, f"n{number}", 0, (ScoredTag("t", 0.5),), (), ()) for number in (10, 9)]
    write_table("clusters", lines("clusters", *clusters), str(tmp_path))
    document = json.loads((tmp_path / "data/clusters.json").read_text())
    assert (document["k"], [cluster["number"] for cluster in document["clusters"]]) == (2, [9, 10])


def test_vectors_are_float32_lists_in_the_order_of_the_ids(tmp_path):
    posts = articles([], [], [])
    vectors = random_unit(3, 4)
    blocks = block(posts[2:], vectors[2:]), block(posts[:2], vectors[:2])
    write_vectors([rows for one in blocks for _, rows in vector_rows(one, 1)], str(tmp_path))
    table = pq.read_table(tmp_path / "data/vectors.parquet")
    assert str(table.schema.field("vector").type) == "list<element: float>"
    assert table["id"].to_pylist() == ["a0", "a1", "a2"]
    np.testing.assert_array_equal(np.array(table["vector"].to_pylist(), np.float32), vectors)


def test_a_shard_is_named_and_holds_the_rows_given(tmp_path):
    file = write_table("rejected", lines("rejected", Rejected("a.md", 1, "x")), str(tmp_path), 1, 3)
    assert (file.name, file.file, file.rows) == ("rejected", "data/rejected-00001-of-00003.jsonl", 1)
    posts, vectors = articles(*[[]] * 40), random_unit(40, 4)
    shards = dict(vector_rows(block(posts, vectors), 3))
    assert sorted(id_ for ids, _ in shards.values() for id_ in ids) == [post.id for post in posts]
    for shard, (ids, rows) in shards.items():
        np.testing.assert_array_equal(rows, [vectors[int(id_[1:])] for id_ in ids])
        assert {hash64(id_) % 3 for id_ in ids} == {shard}
        file = write_vectors([(ids, rows)], str(tmp_path), shard, 3)
        assert file.file == f"data/vectors-0000{shard}-of-00003.parquet"
        assert pq.read_table(tmp_path / file.file)["id"].to_pylist() == list(ids)


def test_packed_vectors_come_back():
    vectors = random_unit(5, 3)
    ids, rows = unpack_rows(pack_rows([(("a\n", "灯"), vectors[:2]), (("c", "d", "e"), vectors[2:])]))
    assert ids == ("a\n", "灯", "c", "d", "e")
    np.testing.assert_array_equal(rows, vectors)


def test_shards_are_described_together_and_one_file_alone():
    files = [TableFile("a", f"data/a-{shard}", shard, str(shard)) for shard in (1, 0)]
    assert describe_tables([*files, TableFile("b", "data/b", 5, "x")]) == {
        "a": {
            "rows": 1,
            "shards": [{"file": f"data/a-{shard}", "rows": shard, "sha256": str(shard)} for shard in (0, 1)],
        },
        "b": {"file": "data/b", "rows": 5, "sha256": "x"},
    }
    assert results_digest(files) == results_digest(files[::-1])


def test_the_digest_follows_the_tables_and_not_their_order_or_the_vectors():
    files = [TableFile("a", "a", 1, "1"), TableFile("b", "b", 1, "2"), TableFile("vectors", "v", 1, "3")]
    assert results_digest(files) == results_digest(files[::-1]) == results_digest(files[:2])
    assert results_digest(files) != results_digest([files[0], TableFile("b", "b", 1, "x")])


def test_publishing_moves_all_and_clears_tables_of_earlier_runs(tmp_path):
    output, staging = str(tmp_path / "out"), staging_folder(str(tmp_path / "out"), "token")
    for file in ("data/related-00000-of-00002.jsonl", "data/tags.jsonl", "data/notes.txt"):
        write_bytes(f"{output}/{file}", b"old")
    for file in ("data/related.jsonl", "report.html"):
        write_bytes(f"{staging}/{file}", b"new")
    publish(output, staging, ["data/related.jsonl", "report.html"], {"digest": "d"})
    assert list_files(f"{output}/data") == ["notes.txt", "related.jsonl"]
    assert read_bytes(f"{output}/report.html") == b"new"
    assert json.loads(read_bytes(f"{output}/run.json")) == {"digest": "d"}


def test_files_are_moved_over_others_and_deleted(tmp_path):
    write_bytes(f"{tmp_path}/a/one", b"1")
    write_bytes(f"{tmp_path}/b/two", b"2")
    move(f"{tmp_path}/a/one", f"{tmp_path}/b/two")
    assert read_bytes(f"{tmp_path}/b/two") == b"1"
    delete(f"{tmp_path}/b")
    assert list_files(f"{tmp_path}/b") == []
    with pytest.raises(FileNotFoundError):
        delete(f"{tmp_path}/b")


@pytest.mark.parametrize("failing", range(6))
def test_a_failing_move_leaves_the_output_as_it_was(tmp_path, monkeypatch, failing):
    output, staging = str(tmp_path / "out"), staging_folder(str(tmp_path / "out"), "token")
    for file in ("data/related.jsonl", "data/tags.jsonl", "report.html", "run.json"):
        write_bytes(f"{output}/{file}", b"old")
    for file in ("data/related.jsonl", "report.html"):
        write_bytes(f"{staging}/{file}", b"new")
    moves = iter(range(100))

    def fail_once(source, target):
        if next(moves) == failing:
            raise OSError("disk full")
        move(source, target)

    monkeypatch.setattr("transforms.output.publish.move", fail_once)
    with pytest.raises(OSError, match="disk full"):
        publish(output, staging, ["data/related.jsonl", "report.html"], {})
    delete(staging)
    left = {path.name: path.read_bytes() for path in (tmp_path / "out").rglob("*") if path.is_file()}
    assert left == dict.fromkeys(["related.jsonl", "tags.jsonl", "report.html", "run.json"], b"old")


def test_obsolete_files_go(tmp_path):
    write_bytes(f"{tmp_path}/model/model.npz", b"old")
    publish(str(tmp_path), staging_folder(str(tmp_path), "token"), [], {}, ["model/model.npz", "model/model.json"])
    assert list_files(f"{tmp_path}/model") == []
