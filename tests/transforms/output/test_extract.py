import random

import pytest

from transforms import sampling
from transforms.output import extract as extracts
from transforms.output.extract import BY_ID, FIRST, Extract
from transforms.output.layout import TABLES
from transforms.results import Change, Collision, Duplicate, Links, Rejected, Related, Skipped

FILES = 100
IDS = [f"post-{number}" for number in range(FILES)]


@pytest.fixture
def few(monkeypatch):
    """Tables of which the first five rows are kept."""
    monkeypatch.setattr(extracts, "FIRST", {table: (5, key) for table, (_, key) in FIRST.items()})


def merged(table, records, draw, parts=4):
    whole = Extract()
    cut = [Extract() for _ in range(parts)]
    for record in draw.sample(records, len(records)):
        draw.choice(cut).add(table, record, FILES)
    for part in cut:
        whole.merge(part.close())
    return whole.close()


ROWS = {
    "rejected": [Rejected(f"{number % 7}.md", number or None, "x") for number in range(40)],
    "skipped": [Skipped(f"{number}.md", "draft" if number % 2 else "page", "x") for number in range(40)],
    "collisions": [Collision(f"{number}.md", "a", f"a//{number}") for number in range(40)],
    "duplicates": [Duplicate("a", f"b{number % 20}", 0.98 + number % 20 / 1000, exact=False) for number in range(40)],
}


@pytest.mark.parametrize("table", ROWS)
def test_the_first_rows_are_kept_however_they_come(few, table):
    unique = set(ROWS[table])
    expected = sorted(unique, key=FIRST[table][1])[:5]
    for seed in range(5):
        assert merged(table, ROWS[table], random.Random(seed)).records[table] == expected


@pytest.mark.parametrize("table", ["rejected", "skipped", "collisions", "changes"])
def test_rows_stand_in_one_order_however_few_they_are(table):
    rows = {**ROWS, "changes": [Change("tag-added", f"{number}") for number in range(40)]}[table]
    expected = sorted(rows, key=FIRST[table][1])
    for seed in range(3):
        assert merged(table, rows, random.Random(seed)).records[table] == expected


def test_what_is_packed_comes_back():
    extract = Extract()
    for table, records in ROWS.items():
        for record in records:
            extract.add(table, record, FILES)
    assert Extract.unpack(extract.pack()) == extract


def test_files_are_counted_beyond_those_that_are_kept(few):
    assert merged("rejected", ROWS["rejected"], random.Random(0)).totals.counts["rejected"] == 40
    assert merged("skipped", ROWS["skipped"], random.Random(0)).totals.skipped == {"draft": 20, "page": 20}
    assert merged("collisions", ROWS["collisions"], random.Random(0)).totals.counts["renamed"] == 40


def test_of_a_large_corpus_the_rows_of_the_same_articles_are_kept_and_all_links_are_counted(monkeypatch):
    monkeypatch.setattr(sampling, "LARGE", 50)
    monkeypatch.setattr(sampling, "REPORTED", 20)
    extract = Extract()
    for id_ in IDS:
        extract.add("related", Related(id_, ()), FILES)
        extract.add("links", Links(id_, (), 0), FILES)
    kept = [row.id for row in extract.records["related"]]
    assert 10 < len(kept) < 30
    assert [row.id for row in extract.records["links"]] == kept
    assert kept == [id_ for id_ in IDS if sampling.map_hash(id_) / 2**64 < 20 / FILES]
    assert extract.totals.counts["orphans"] == FILES


def test_of_another_corpus_all_rows_are_kept():
    extract = Extract()
    for id_ in IDS:
        extract.add("related", Related(id_, ()), FILES)
    assert len(extract.records["related"]) == FILES


def test_every_table_is_known():
    assert set(BY_ID) | set(FIRST) < set(TABLES)
    assert Extract().records == {table: [] for table in TABLES}
