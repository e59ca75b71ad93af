import pyarrow as pa
import pytest

from transforms.plumbing import parquet
from transforms.plumbing.parquet import pack_columns, unpack_columns

KINDS = {"id": pa.string(), "weights": pa.list_(pa.float64())}
COLUMNS = {"id": ["a", "b"], "weights": [[0.5, 0.25], []]}


def test_columns_come_back():
    found = unpack_columns(pack_columns(COLUMNS, KINDS), KINDS)

    assert {name: column.to_pylist() for name, column in found.items()} == COLUMNS
    empty = unpack_columns(pack_columns({"id": [], "weights": []}, KINDS), KINDS)
    assert [len(column) for column in empty.values()] == [0, 0]


@pytest.mark.parametrize(
    ("columns", "kinds"),
    [
        ({"id": ["a"]}, {"id": pa.string()}),
        ({"id": [1], "weights": [[0.5]]}, {**KINDS, "id": pa.int64()}),
        ({"id": ["a"], "weights": [[0.5]]}, {**KINDS, "weights": pa.list_(pa.float32())}),
        ({"id": ["a"], "weights": [None]}, KINDS),
        ({"id": [None], "weights": [[0.5]]}, KINDS),
        ({"id": ["a"], "weights": [[0.5, None]]}, KINDS),
    ],
)
def test_other_columns_are_refused(columns, kinds):
    with pytest.raises(ValueError, match=r"column|missing"):
        unpack_columns(pack_columns(columns, kinds), KINDS)


def test_damaged_files_are_refused():
    content = pack_columns(COLUMNS, KINDS)
    for damaged in (b"", b"PAR1", content[:-9], b"x" * 100):
        with pytest.raises((ValueError, pa.ArrowException)):
            unpack_columns(damaged, KINDS)


def test_more_rows_than_fit_into_a_file_are_refused(monkeypatch):
    monkeypatch.setattr(parquet, "MAX_ROWS_PER_BYTE", 0.1)
    content = pack_columns({"id": [""] * 100_000, "weights": [[]] * 100_000}, KINDS)

    with pytest.raises(ValueError, match="claims 100,000 rows"):
        unpack_columns(content, KINDS)
