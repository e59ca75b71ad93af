"""From the pipeline's records to the report's files, published with the tables."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

import apache_beam as beam
from apache_beam.pvalue import AsIter, PCollection

from reports.data import Tables, build_report
from reports.html import render_html
from reports.markdown import render_summary
from transforms.observe import measured
from transforms.publish import publish
from transforms.records import Dendrogram, EncoderInfo
from transforms.side_inputs import as_iter
from transforms.storage import write_bytes
from transforms.tables import TableFile, results_digest

REPORT, SUMMARY = "report.html", "summary.md"
NO_POSTS = "no post could be used"

Records = Mapping[str, list[Any]]


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


def describe_run(about: Mapping[str, Any], records: Records, files: Iterable[TableFile]) -> dict[str, Any]:
    """Describe a run for run.json: `about` it (version, configuration), encoder, counts, tables and their digest."""
    files = sorted(files, key=lambda file: file.name)
    encoder: EncoderInfo = records["encoders"][0]
    return {
        **about,
        "encoder": {"id": encoder.id, **asdict(encoder)},
        "counts": count_posts(records),
        "tables": {file.name: {"file": file.file, "rows": file.rows, "sha256": file.sha256} for file in files},
        "digest": results_digest(files),
    }


def report_tables(run: Mapping[str, Any], records: Records, shown: Mapping[str, str]) -> Tables:
    """Gather what the report shows; `shown` are the settings that it names."""
    encoder = run["encoder"]
    counts = run["counts"]
    settings = {
        **shown,
        "encoder": f"{encoder['name']} {encoder['version']}",
        "model": encoder["digest"][:12],
        "dimensions": f"{encoder['dim']} (neighbours and clusters: {encoder['neighbor_dim']})",
        "postkin": run["version"],
    }
    return Tables(
        title=run["config"]["title"],
        articles=sorted(records["articles"], key=lambda article: article.id),
        related=records["related"],
        recommended=records["tags"],
        clusters=sorted(records["clusters"], key=lambda cluster: cluster.number),
        dendrogram=next(iter(records["dendrogram"]), Dendrogram((), (), ())),
        duplicates=sorted(set(records["duplicates"]), key=lambda pair: (pair.left, pair.right)),
        metrics=sorted(records["metrics"], key=lambda metric: (metric.measure, not metric.in_use, metric.method)),
        rejected=records["rejected"],
        skipped=records["skipped"],
        collisions=records["collisions"],
        tag_counts=Counter(tag for article in records["articles"] for tag in article.tags),
        counts={**counts, "skipped": sum(counts["skipped"].values())},
        settings=settings,
        digest=run["digest"],
    )


def write_report(tables: Tables, folder: str) -> list[str]:
    """Render the report's pages into a folder; returns their names."""
    report = build_report(tables)
    write_bytes(f"{folder}/{REPORT}", render_html(report).encode())
    write_bytes(f"{folder}/{SUMMARY}", render_summary(report).encode())
    return [REPORT, SUMMARY]


class RenderReport(beam.PTransform):
    """A dict of PCollections of records by table, and `files` -> the description of the run, published to `output`.

    `extra` names files that the run wrote into the staging folder besides the tables.
    """

    def __init__(
        self,
        output: str,
        staging: str,
        about: Mapping[str, Any],
        shown: Mapping[str, str],
        files: PCollection[TableFile],
        extra: tuple[str, ...] = (),
    ) -> None:
        super().__init__()
        self.files = files
        self.settings = (output, staging, about, shown, extra)

    def expand(self, tables: Mapping[str, PCollection[Any]]) -> PCollection[dict[str, Any]]:
        """Gather the tables as side inputs, render once."""
        return (
            self.files.pipeline
            | "Once" >> beam.Create([self.settings])
            | "Render"
            >> beam.Map(_render, AsIter(self.files), **{name: as_iter(rows, name) for name, rows in tables.items()})
        )


def _render(
    settings: tuple[str, str, Mapping[str, Any], Mapping[str, str], tuple[str, ...]],
    files: Iterable[TableFile],
    **tables: Iterable[Any],
) -> dict[str, Any]:
    output, staging, about, shown, extra = settings
    records = {name: list(rows) for name, rows in tables.items()}
    files = list(files)
    if not records["articles"]:
        counts = count_posts(records)
        first = next((f"; first: {row.path}: {row.reason}" for row in records["rejected"] + records["skipped"]), "")
        raise RuntimeError(
            f"{NO_POSTS}: {counts['rejected']} rejected, {sum(counts['skipped'].values())} skipped{first}"
        )
    with measured("render"):
        run = describe_run(about, records, files)
        pages = write_report(report_tables(run, records, shown), staging)
    with measured("publish"):
        publish(output, staging, [*pages, *extra, *(file.file for file in files)], run)
    return run
