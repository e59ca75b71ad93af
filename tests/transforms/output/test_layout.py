import pytest

from transforms.output.layout import SHARDED, TABLES, VECTORS, Sizes, shards, table_file


@pytest.mark.parametrize(("size", "count"), [(0, 1), (50_000, 1), (50_001, 2), (100_000, 4), (1_000_000, 32)])
def test_a_large_corpus_is_written_in_shards(size, count):
    for table in SHARDED:
        of_files = table in ("rejected", "skipped")
        assert shards(table, Sizes(files=size, posts=10)) == (count if of_files else 1)
        assert shards(table, Sizes(files=10, posts=size)) == (1 if of_files else count)
    assert shards("clusters", Sizes(size, size)) == 1


def test_a_file_is_named_by_its_table_and_its_shard():
    assert table_file("related") == "data/related.jsonl"
    assert table_file("related", 0, 32) == "data/related-00000-of-00032.jsonl"
    assert table_file("vectors", 31, 32) == "data/vectors-00031-of-00032.parquet"


def test_every_sharded_table_is_one_file_a_line_a_row():
    assert {
        name for name in SHARDED if not {**TABLES, "vectors": VECTORS}[name].endswith((".jsonl", ".parquet"))
    } == set()
    assert set(SHARDED) <= {*TABLES, "vectors"}


@pytest.mark.parametrize("table", SHARDED)
def test_no_other_table_begins_like_a_sharded_one(table):
    assert [name for name, file in TABLES.items() if name != table and file.startswith(table)] == []
