"""Where a run's results stand below its output folder."""

from __future__ import annotations

from collections.abc import Mapping

from transforms.sampling import LARGE

SHARD_ROWS = 31_250
"""A corpus that is written in shards has one for so many files."""

RUN = "run.json"
TABLES: Mapping[str, str] = {
    "articles": "articles.jsonl",
    "related": "related.jsonl",
    "tags": "tags.jsonl",
    "clusters": "clusters.json",
    "dendrogram": "dendrogram.json",
    "tag_tree": "tag_tree.json",
    "map": "map.jsonl",
    "links": "links.jsonl",
    "thumbnails": "thumbnails.jsonl",
    "duplicates": "duplicates.jsonl",
    "metrics": "metrics.json",
    "coverage": "coverage.jsonl",
    "tag_issues": "tag_issues.jsonl",
    "rejected": "rejected.jsonl",
    "skipped": "skipped.jsonl",
    "collisions": "collisions.jsonl",
}
VECTORS = "vectors.parquet"


def shards(files: int) -> int:
    """Tell in how many parts a corpus of so many files is written."""
    return 1 if files <= LARGE else -(-files // SHARD_ROWS)
