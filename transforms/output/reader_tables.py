"""The tables that readers taught: which method tells what is read next, its weights, and vectors of posts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from scipy import sparse

from transforms.numerics.arrays import Ints, Vectors
from transforms.plumbing.parquet import as_numbers, lengths_of, pack_columns, unpack_columns
from transforms.readings.learned import Learned, Recent
from transforms.readings.models import DIM
from transforms.readings.next_model import BLEND, CONTENT, FEATURES, OF_TEXT, Counted, NextModel
from transforms.readings.reads import HALF_LIFE
from transforms.results import Coefficients, NextChoice, NextMethod


def model_weights(model: NextModel) -> dict[str, Coefficients]:
    """Name the weights of the logistic models that a method needs; `text` is for the slot of unread posts too."""
    if model.method == CONTENT:
        return {}
    weights = {"text": dict(zip(OF_TEXT, model.of_text.tolist(), strict=True))}
    if model.method == BLEND:
        weights["blend"] = dict(zip(FEATURES, model.of_all.tolist(), strict=True))
    return weights


def next_method(learned: Learned) -> NextMethod:
    """Return the row of data/next.json."""
    return NextMethod(learned.model.method, HALF_LIFE, model_weights(learned.model))


def next_choice(learned: Learned) -> NextChoice | None:
    """Say for run.json which method was chosen, and why; None where too few readers have read two posts."""
    if not learned.published:
        return None
    choice, weights = learned.choice, model_weights(learned.model)
    return NextChoice(
        choice.method, choice.penalty, weights, dict(choice.tried), choice.judged, choice.said, choice.true
    )


def next_parquet(learned: Learned) -> tuple[int, bytes]:
    """Lay out data/next.parquet, the posts that have readers or weights, by id: how many, and the file's content.

    Where texts alone tell what is read next there are none.
    """
    counted = learned.model.counted
    weights = sparse.csr_matrix(counted.weights)
    known = np.flatnonzero(counted.readers + np.diff(weights.indptr))
    rows = [] if learned.model.method == CONTENT else _in_order(learned.ids, known)
    ids, values = [], []
    for own in map(weights.getrow, rows):
        order = np.lexsort((own.indices, -own.data))
        ids.append([learned.ids[column] for column in own.indices[order].tolist()])
        values.append(own.data[order].tolist())
    columns = {
        "id": [learned.ids[row] for row in rows],
        "ids": ids,
        "weights": values,
        "readers": counted.readers[rows].astype(np.int64).tolist(),
        "recent": learned.recent[rows].astype(np.int64).tolist(),
    }
    return len(rows), pack_columns(columns, next_kinds())


def vectors_parquet(learned: Learned) -> tuple[int, bytes]:
    """Lay out data/reading_vectors.parquet, the posts that have a vector, by id: how many, and the file's content."""
    rows = _in_order(learned.ids, np.flatnonzero(learned.vectors.any(axis=1)))
    columns = {
        "id": [learned.ids[row] for row in rows],
        "vector": learned.vectors[rows].tolist(),
        "readers": learned.model.counted.readers[rows].astype(np.int64).tolist(),
    }
    return len(rows), pack_columns(columns, vector_kinds())


def read_next_parquet(content: bytes, numbers: Mapping[str, int]) -> Counted:
    """Read what next_parquet lays out, for posts of these `numbers` from 0: what readers tell.

    Raises ValueError, or an error of pyarrow's, where it is not such a file or names other posts.
    """
    columns = unpack_columns(content, next_kinds())
    rows = _numbers(columns["id"].to_pylist(), numbers)
    lengths = lengths_of(columns["ids"])
    values = as_numbers(columns["weights"].flatten())
    if not np.array_equal(lengths, lengths_of(columns["weights"])) or not np.isfinite(values).all():
        raise ValueError("ids and weights do not fit")
    others = _numbers(columns["ids"].flatten().to_pylist(), numbers)
    count = len(numbers)
    weights = sparse.csr_matrix((values, (np.repeat(rows, lengths), others)), shape=(count, count))
    readers, recent = np.zeros(count), np.zeros(count)
    readers[rows], recent[rows] = as_numbers(columns["readers"]), as_numbers(columns["recent"])
    if min(readers.min(initial=0), recent.min(initial=0)) < 0:
        raise ValueError("a number of readers is negative")
    return Counted(readers, Recent(recent), weights)


def read_vectors_parquet(content: bytes) -> tuple[list[str], Vectors, Ints]:
    """Read what vectors_parquet lays out: ids [n], vectors float32 [n, DIM] and numbers of readers int64 [n].

    Raises ValueError, or an error of pyarrow's, where it is not such a file.
    """
    columns = unpack_columns(content, vector_kinds())
    values = as_numbers(columns["vector"].flatten())
    if (lengths_of(columns["vector"]) != DIM).any() or not np.isfinite(values).all():
        raise ValueError(f"vectors are not of {DIM} dimensions")
    return columns["id"].to_pylist(), values.reshape(-1, DIM), as_numbers(columns["readers"])


def read_text_vectors(content: bytes) -> tuple[list[str], Vectors]:
    """Read a file of the vectors of posts' texts: ids [n] and vectors float32 [n, dim].

    Raises ValueError, or an error of pyarrow's, where it is not such a file.
    """
    import pyarrow as pa

    columns = unpack_columns(content, {"id": pa.string(), "vector": pa.list_(pa.float32())})
    values, ids = as_numbers(columns["vector"].flatten()), columns["id"].to_pylist()
    lengths = set(lengths_of(columns["vector"]).tolist())
    if len(lengths) > 1 or not np.isfinite(values).all():
        raise ValueError("vectors differ in length, or are no numbers")
    return ids, values.reshape(len(ids), max(lengths, default=0))


def next_kinds() -> dict[str, Any]:
    """Return the columns of data/next.parquet and pyarrow's types of them."""
    import pyarrow as pa

    lists = {"ids": pa.list_(pa.string()), "weights": pa.list_(pa.float64())}
    return {"id": pa.string(), **lists, "readers": pa.int64(), "recent": pa.int64()}


def vector_kinds() -> dict[str, Any]:
    """Return the columns of data/reading_vectors.parquet and pyarrow's types of them."""
    import pyarrow as pa

    return {"id": pa.string(), "vector": pa.list_(pa.float32()), "readers": pa.int64()}


def _in_order(ids: Sequence[str], rows: Ints) -> list[int]:
    """Rows in the order of their ids."""
    return sorted(rows.tolist(), key=ids.__getitem__)


def _numbers(ids: Sequence[str], numbers: Mapping[str, int]) -> Ints:
    try:
        return np.array([numbers[id_] for id_ in ids], np.int64)
    except KeyError as error:
        raise ValueError(f"no post has the id {error.args[0]!r}") from None
