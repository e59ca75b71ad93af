"""Where a run's results stand below its output folder."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from transforms.sampling import is_large

RUN = "run.json"
FORMAT = 2
"""The version of the contract of a run's files. It stands in run.json; a run of another format is not read."""
TABLES: Mapping[str, str] = {
    "articles": "articles.jsonl",
    "related": "related.jsonl",
    "tags": "tags.jsonl",
    "proposed_tags": "proposed_tags.jsonl",
    "clusters": "clusters.json",
    "members": "members.jsonl",
    "dendrogram": "dendrogram.json",
    "tag_tree": "tag_tree.json",
    "map": "map.jsonl",
    "links": "links.jsonl",
    "suggested_links": "suggested_links.jsonl",
    "unresolved_links": "unresolved_links.jsonl",
    "translations": "translations.jsonl",
    "thumbnails": "thumbnails.jsonl",
    "duplicates": "duplicates.jsonl",
    "metrics": "metrics.json",
    "coverage": "coverage.jsonl",
    "tag_issues": "tag_issues.jsonl",
    "rejected": "rejected.jsonl",
    "skipped": "skipped.jsonl",
    "notes": "notes.jsonl",
    "collisions": "collisions.jsonl",
    "changes": "changes.jsonl",
    "also_read": "also_read.jsonl",
    "next": "next.json",
    "reader_themes": "reader_themes.json",
    "reading_gaps": "reading_gaps.json",
}
OPTIONAL = ("also_read", "next", "reader_themes", "reading_gaps")
"""Tables that only those runs have that were given what they are made of."""
UNWRITTEN: Mapping[str, tuple[str, ...]] = {
    "articles": (
        *("body", "hrefs", "href_lines", "address_fields", "updated", "translation_keys", "clues", "keys", "prose"),
    ),
    "skipped": ("date", "address_fields"),
}
"""Fields of a table's records that do not stand there."""
VECTORS = "vectors.parquet"
ARRAYS: Mapping[str, str] = {
    "vectors": VECTORS,
    "next_weights": "next.parquet",
    "reading_vectors": "reading_vectors.parquet",
}
"""Tables of arrays, which stand in Parquet files; only those runs have the last two that were given reading logs."""
REPORT, SUMMARY = "report.html", "summary.md"
MODEL_FILES = ("model/model.json", "model/model.npz")
STATE = "state/state.json"
STATE_PARTS = ("state/posts.json.gz", "state/arrays.npz")
STATE_FILES = (STATE, *STATE_PARTS)
"""What later commands need to know of a run besides its tables and its model."""
MEASURES = ("metrics.json", "metrics.md")
"""What `postkin evaluate` writes."""
SHARDED = (
    *("articles", "related", "tags", "members", "links", "unresolved_links", "translations", "thumbnails"),
    *("duplicates", "rejected", "skipped", "notes", "collisions", "changes", "also_read", "vectors"),
)
"""What a large corpus has in shards; the other tables do not grow with it."""
LEFT_OUT = ("rejected", "skipped")
"""Tables of files that are no posts."""
SHARD_ROWS = 31_250
"""A shard holds the rows of about so many posts, or files."""


class Sizes(NamedTuple):
    """How many files were read, or rows of vectors, and how many of them are posts."""

    files: int
    posts: int


def shards(table: str, sizes: Sizes) -> int:
    """The number of shards of a table of a corpus of these sizes."""
    size = sizes.files if table in LEFT_OUT else sizes.posts
    return -(-size // SHARD_ROWS) if table in SHARDED and is_large(size) else 1


def table_file(table: str, shard: int = 0, of: int = 1) -> str:
    """The file of a table, or of one of its shards, below the output folder: `data/related-00000-of-00032.jsonl`."""
    name = {**TABLES, **ARRAYS}[table]
    stem, _, suffix = name.partition(".")
    return f"data/{name}" if of == 1 else f"data/{stem}-{shard:05}-of-{of:05}.{suffix}"


def is_table_file(file: str) -> bool:
    """Tell the file of a table, or of a shard of one, in whatever number of shards it is."""
    folder, _, name = file.rpartition("/")
    return folder == "data" and re.sub(r"-\d{5}-of-\d{5}(?=\.)", "", name) in (*TABLES.values(), *ARRAYS.values())


def is_result_file(file: str) -> bool:
    """Tell what a run writes below its output folder."""
    return file in (RUN, REPORT, SUMMARY, *MODEL_FILES, *STATE_FILES) or is_table_file(file)
