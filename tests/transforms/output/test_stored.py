"""Records that are read back from their rows, and what is no row."""

import dataclasses
import json

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.output.json_lines import UNWRITTEN, table_line
from transforms.output.layout import TABLES
from transforms.output.stored import RECORDS, to_record
from transforms.results import Member, Related, as_row

FINITE = st.floats(allow_nan=False, allow_infinity=False)
ROW = {
    "id": "a",
    "related": [
        {
            "id": "b",
            "score": 0.5,
            "confidence": None,
            "why": {
                "text": 0.5,
                "tags": None,
                "titles": 0.5,
                "years": None,
                "links": 2,
                "recent": 0.0,
                "counted": ["text"],
                "shared_tags": ["x"],
                "shared_words": [],
            },
            "kind": "similar",
            "sure_of": None,
        }
    ],
}


@pytest.fixture(autouse=True, scope="module")
def finite():
    """JSON has no other numbers."""
    st.register_type_strategy(float, FINITE)
    yield
    st.register_type_strategy(float, st.floats())


def test_every_table_has_its_records():
    assert [*RECORDS] == [*TABLES]


@pytest.mark.parametrize("table", RECORDS)
def test_a_record_comes_back_from_its_line(table):
    defaults = {field.name: field.default for field in dataclasses.fields(RECORDS[table])}

    @given(record=st.from_type(RECORDS[table]))
    def comes_back(record):
        record = dataclasses.replace(record, **{name: defaults[name] for name in UNWRITTEN.get(table, ())})
        _, line = table_line(table, record)
        assert to_record(RECORDS[table], json.loads(line)) == record

    comes_back()


def test_a_row_may_lack_what_has_a_default():
    row = json.loads(json.dumps(ROW))
    assert as_row(to_record(Related, row)) == row
    assert to_record(Member, {"id": "a", "cluster": 1, "score": 1}) == Member("a", 1, 1.0)


@pytest.mark.parametrize(
    "change",
    [
        lambda row: row.pop("related"),
        lambda row: row.update(more=1),
        lambda row: row.update(id=1),
        lambda row: row.update(id=None),
        lambda row: row["related"][0].update(more=1),
        lambda row: row["related"][0].update(kind="dissimilar"),
        lambda row: row["related"][0].update(kind=["similar"]),
        lambda row: row["related"][0].update(score=True),
        lambda row: row["related"][0].update(score="0.5"),
        lambda row: row["related"][0]["why"].update(shared_tags="x"),
        lambda row: row["related"][0]["why"].update(more=None),
        lambda row: row["related"][0]["why"].pop("text"),
    ],
)
def test_another_row_is_refused(change):
    row = json.loads(json.dumps(ROW))
    change(row)
    with pytest.raises(msgspec.ValidationError):
        to_record(Related, row)
