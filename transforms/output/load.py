"""A published run, read back as what a report is made of."""

from __future__ import annotations

from typing import Any

from transforms.output.extract import Extract
from transforms.output.stored import LoadError, StoredFile, StoredRun, open_run


def load_tables(folder: str) -> tuple[dict[str, Any], Extract]:
    """Read run.json and what a report is made of, shard by shard, from every table that it describes but the vectors.

    Raises LoadError when a file is missing, was changed since, or is not as this version of postkin writes it.
    """
    run = open_run(folder)
    files = {table: run.files(table) for table in run.tables}
    articles, members = files.pop("articles"), files.pop("members")
    extract = Extract()
    for table, shards in files.items():
        for shard in shards:
            for record in run.records(table, shard):
                extract.add(table, record, run.corpus_size)
    try:
        for some, their_members in zip(articles, members, strict=True):
            _add_articles(extract, run, some, their_members)
    except (ValueError, OverflowError) as error:  # of the numbers of shards, or of a date
        if isinstance(error, LoadError):
            raise
        raise LoadError(f"{folder!r} holds no run of this version of postkin: {error!r}") from None
    return run.content, extract.close()


def _add_articles(extract: Extract, run: StoredRun, articles: StoredFile, members: StoredFile) -> None:
    """Take in a shard of the articles with that of their clusters: both hold the same ids."""
    clusters: dict[str, int] = {}
    for member in run.records("members", members):
        clusters[member.id] = member.cluster
        extract.add("members", member, run.corpus_size)
    found = list(run.records("articles", articles))
    extract.totals.add_articles(found, clusters)
    for article in found:
        extract.add("articles", article, run.corpus_size)
