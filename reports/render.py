"""From the pipeline's records to the report's files, published with the tables."""

from __future__ import annotations

import functools
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

import apache_beam as beam
from apache_beam.pvalue import AsIter, PCollection

from reports.assemble import Records, report_tables, write_report
from transforms.gather import Gather
from transforms.observe import measured
from transforms.publish import publish
from transforms.records import Encoding
from transforms.tables import NamedRecord, TableFile, results_digest

NO_POSTS = "no post could be used"


def group_records(records: Iterable[NamedRecord]) -> Records:
    """Group records by table; a table without any is empty."""
    tables: dict[str, list[Any]] = {}
    for name, record in records:
        tables.setdefault(name, []).extend([] if record is None else [record])
    return tables


def refuse_nothing(records: Records) -> None:
    """Raise RuntimeError when no file could be used as a post, with the first reason."""
    if records["articles"]:
        return
    left_out = [*records["rejected"], *records["skipped"]]
    first = min(((row.path, row.reason) for row in left_out), default=None)
    reason = f"; first: {first[0]}: {first[1]}" if first else ""
    raise RuntimeError(f"{NO_POSTS}: {len(records['rejected'])} rejected, {len(records['skipped'])} skipped{reason}")


def count_posts(records: Records) -> dict[str, Any]:
    """Count the posts: read, parsed, rejected, and skipped by kind."""
    skipped = Counter(row.kind for row in records["skipped"])
    parsed, rejected = len(records["articles"]), len(records["rejected"])
    return {
        "read": parsed + rejected + skipped.total(),
        "parsed": parsed,
        "rejected": rejected,
        "skipped": dict(sorted(skipped.items())),
    }


def describe_encodings(encodings: Sequence[Encoding]) -> dict[str, Any]:
    """Describe for run.json the encoder, and how many texts it encoded, cut and had in its cache.

    Texts are the posts' and the names of tags.
    """
    info = max((encoding.encoder for encoding in encodings), key=lambda info: info.dim)
    texts, cached = sum(row.texts for row in encodings), sum(row.cached for row in encodings)
    return {
        "encoder": {"id": info.id, **asdict(info)},
        "encoding": {
            "texts": texts,
            "cut": sum(row.cut for row in encodings),
            "cache_hits": cached,
            "cache_misses": texts - cached,
        },
    }


def describe_run(
    about: Mapping[str, Any], encodings: Iterable[Encoding], records: Records, files: Iterable[TableFile]
) -> dict[str, Any]:
    """Describe a run for run.json: `about` it (version, configuration), encoder, counts, tables and their digest."""
    files = sorted(files, key=lambda file: file.name)
    return {
        **about,
        **describe_encodings(list(encodings)),
        "counts": count_posts(records),
        "tables": {file.name: {"file": file.file, "rows": file.rows, "sha256": file.sha256} for file in files},
        "digest": results_digest(files),
    }


class RenderReport(beam.PTransform):
    """NamedRecords of all tables -> the description of the run, published to `output`.

    `encodings` are the Blocks' Encodings and `files` the TableFiles; `model` names files of a model that the run
    wrote into the staging folder, `obsolete` those of earlier runs that must go.
    """

    def __init__(
        self,
        output: str,
        staging: str,
        about: Mapping[str, Any],
        encodings: AsIter,
        files: AsIter,
        model: Sequence[str] = (),
        obsolete: Sequence[str] = (),
    ) -> None:
        super().__init__()
        self.encodings = encodings
        self.files = files
        self.places = (output, staging, tuple(model), tuple(obsolete))
        self.about = about

    def expand(self, records: PCollection[NamedRecord]) -> PCollection[dict[str, Any]]:
        """Gather, render once."""
        return records | "Render" >> Gather(
            functools.partial(_render, places=self.places, about=self.about),
            self.encodings,
            self.files,
        )


def _render(
    records: Iterable[NamedRecord],
    encodings: Iterable[Encoding],
    files: Iterable[TableFile],
    places: tuple[str, str, tuple[str, ...], tuple[str, ...]],
    about: Mapping[str, Any],
) -> dict[str, Any]:
    output, staging, model, obsolete = places
    by_table = group_records(records)
    refuse_nothing(by_table)
    with measured("render"):
        run = describe_run(about, encodings, by_table, files)
        pages = write_report(report_tables(run, by_table), staging)
    with measured("publish"):
        publish(output, staging, [*pages, *model, *(file.file for file in files)], run, obsolete)
    return run
