"""Small Parquet files whole: written from columns, and read back without trusting them."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any

import numpy as np

MAX_ROWS_PER_BYTE = 8
"""A file that claims more rows is damaged, or was made to keep readers busy."""


def pack_columns(columns: Mapping[str, list[Any]], kinds: Mapping[str, Any]) -> bytes:
    """Lay out columns of pyarrow's types `kinds` as a Parquet file; the same columns give the same bytes."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    buffer = io.BytesIO()
    pq.write_table(pa.table(dict(columns), pa.schema(kinds.items())), buffer, use_dictionary=False)
    return buffer.getvalue()


def as_numbers(column: Any) -> np.ndarray[Any, Any]:
    """Return a column of numbers, none of which is missing, as NumPy has it: pyarrow's own way would import pandas."""
    return np.from_dlpack(column)


def lengths_of(column: Any) -> np.ndarray[Any, Any]:
    """Return the lengths of a column of lists, none of which is missing."""
    return np.diff(as_numbers(column.offsets))


def unpack_columns(content: bytes, kinds: Mapping[str, Any]) -> Mapping[str, Any]:
    """Read the columns of a Parquet file, as one pyarrow array each.

    Raises ValueError where there is a column that is not of its kind in `kinds` or none, and pyarrow's errors where the
    file is damaged.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    # What reads from a file object of Python can abort or hang the interpreter at its end.
    file = pq.ParquetFile(pa.BufferReader(content))
    if not 0 <= file.metadata.num_rows <= MAX_ROWS_PER_BYTE * len(content):
        raise ValueError(f"it claims {file.metadata.num_rows:,} rows in {len(content):,} bytes")
    for name, kind in kinds.items():
        found = [field.type for field in file.schema_arrow if field.name == name]
        if found != [kind]:
            raise ValueError(f"column {name} is not of the type {kind}")
    table = file.read(columns=[*kinds], use_threads=False).combine_chunks()
    whole = {name: table[name].combine_chunks() for name in kinds}
    if any(column.null_count or (hasattr(column, "values") and column.values.null_count) for column in whole.values()):
        raise ValueError("a value is missing")
    return whole
