"""A published run as DataFrames."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

from transforms.output.layout import UNWRITTEN
from transforms.output.stored import RECORDS, LoadError, StoredRun, open_run
from transforms.results import BY_READERS

if TYPE_CHECKING:
    import pandas as pd

Row = dict[str, Any]

PARTS = ("text", "tags", "titles", "years", "links", "recent")
"""The parts of a related post's score."""
WHY = tuple(f"why_{part}" for part in (*PARTS, *BY_READERS))
NUMBERS = (
    *("score", "confidence", *WHY, "views", "line"),
    *("value", "low", "high", "density", "coverage", "height", "x", "y"),
)
"""The columns that are float64 whatever stands in them, NaN for null."""


def related_rows(row: Row) -> Iterator[Row]:
    """Lay out a row of the table `related`, one row a related post, numbered by rank from 1."""
    for rank, other in enumerate(row["related"], start=1):
        why = {f"why_{part}": other["why"][part] for part in PARTS}
        why |= {f"why_{part}": other["why"].get(part) for part in BY_READERS}
        shared = {name: other["why"][name] for name in ("counted", "shared_tags", "shared_words")}
        rest = {name: other[name] for name in ("score", "confidence", "kind", "sure_of")}
        yield {"id": row["id"], "rank": rank, "other": other["id"], **rest, **why, **shared}


def tag_rows(row: Row) -> Iterator[Row]:
    """Lay out a row of the table `tags`, one row a recommended tag, numbered by rank from 1."""
    for rank, tag in enumerate(row["recommended"], start=1):
        yield {"id": row["id"], "rank": rank, **{name: tag[name] for name in ("tag", "score", "present")}}


def cluster_rows(row: Row) -> Iterator[Row]:
    """Lay out a row of the table `clusters` with the names of its tags; its posts are in the table `members`."""
    yield {**{name: row[name] for name in ("number", "name", "size")}, "tags": [tag["tag"] for tag in row["tags"]]}


def merge_rows(row: Row) -> Iterator[Row]:
    """Lay out the row of the table `dendrogram` or `tag_tree`, one row a merge."""
    for merge in row["merges"]:
        yield {name: merge[name] for name in MERGE}


MERGE = ("left", "right", "height", "size")
LONG: Mapping[str, tuple[Callable[[Row], Iterator[Row]], tuple[str, ...]]] = {
    "related": (
        related_rows,
        (
            *("id", "rank", "other", "score", "confidence", "kind", "sure_of"),
            *WHY,
            *("counted", "shared_tags", "shared_words"),
        ),
    ),
    "tags": (tag_rows, ("id", "rank", "tag", "score", "present")),
    "clusters": (cluster_rows, ("number", "name", "size", "tags")),
    "dendrogram": (merge_rows, MERGE),
    "tag_tree": (merge_rows, MERGE),
}
"""The tables whose frames are laid out in another way than their rows: how, and the columns."""


@dataclass(frozen=True, repr=False)
class Run:
    """A run of `postkin report` in a folder."""

    _stored: StoredRun

    def __repr__(self) -> str:
        return f"<run in {self._stored.folder!r}>"

    @property
    def run(self) -> Mapping[str, Any]:
        """What its run.json holds: the settings, counts and checksums."""
        return self._stored.content

    @property
    def tables(self) -> tuple[str, ...]:
        """The names of the tables."""
        return tuple(self._stored.read_as(dict[str, Any], "tables"))

    def rows(self, table: str) -> list[Row]:
        """Read all rows of a table, from every shard, as the dicts that its JSON holds.

        Raises KeyError for a table that has no such rows, and LoadError when a file is missing or was changed since.
        """
        if table not in self._stored.tables:
            raise KeyError(f"{table!r} is not a table of rows; give any of {', '.join(self._stored.tables)}")
        return [row for file in self._stored.files(table) for row in self._stored.rows(table, file)]

    def frame(self, table: str) -> pd.DataFrame:
        """Read a table, from every shard, as a DataFrame, in the order of its rows.

        `related` and `tags` have one row for each related post and recommended tag, `dendrogram` and `tag_tree` one for
        each merge, `vectors` one for each post, with its id as index and a column of float32 for each dimension. Other
        tables have the columns of docs/files.md. Raises as `rows` does.
        """
        if table == "vectors":
            return self._vectors()
        import pandas as pd

        rows = self.rows(table)
        try:
            if table in LONG:
                lay_out, columns = LONG[table]
                rows = [laid_out for row in rows for laid_out in lay_out(row)]
            else:
                unwritten = UNWRITTEN.get(table, ())
                columns = tuple(field.name for field in fields(RECORDS[table]) if field.name not in unwritten)
                rows = [{name: row[name] for name in columns} for row in rows]
        except (KeyError, TypeError) as error:
            raise self._not_as_written(table, error) from None
        frame = pd.DataFrame(rows, columns=list(columns))
        return frame.astype({name: "float64" for name in columns if name in NUMBERS})

    def _vectors(self) -> pd.DataFrame:
        import pandas as pd
        import pyarrow as pa
        import pyarrow.parquet as pq

        from transforms.vectors.files import check_schema, lists_of

        shards = [pa.BufferReader(self._stored.read(file)) for file in self._stored.files("vectors")]
        try:
            # What reads from a file object of Python can abort or hang the interpreter at its end.
            tables = [pq.ParquetFile(shard).read(use_threads=False) for shard in shards]
            table = pa.concat_tables(tables).combine_chunks()
            check_schema(table.schema, "vectors.parquet")
            values, lengths = lists_of(table["vector"].combine_chunks())
            matrix = values.astype("float32").reshape(len(lengths), -1)
        except (pa.ArrowException, ValueError) as error:
            raise self._not_as_written("vectors", error) from None
        if len(set(lengths.tolist())) > 1:
            raise self._not_as_written("vectors", ValueError("vectors differ in length"))
        return pd.DataFrame(matrix, index=pd.Index(table["id"].to_pylist(), name="id"))

    def _not_as_written(self, table: str, error: Exception) -> LoadError:
        return LoadError(f"{self._stored.folder!r} holds no run of this version of postkin: {table}: {error}")


def load_run(folder: str | os.PathLike[str]) -> Run:
    """Open what `postkin report` wrote into a folder; tables are read when they are asked for.

    Raises LoadError when the folder holds no run that this version of Postkin reads.
    """
    stored = open_run(os.fspath(folder))
    stored.read_as(dict[str, dict[str, Any]], "tables")
    return Run(stored)
