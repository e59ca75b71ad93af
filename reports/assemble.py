"""From a run's tables to the report's files."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, get_args

from reports.data import ReportData, build_report
from reports.pages.html import render_html
from reports.pages.summary import render_summary
from reports.sections.settings import shown_settings
from reports.tables import Tables
from reports.words.format import number
from reports.words.language import AUTO, Language, load_language, main_language
from transforms.output.extract import Extract
from transforms.output.layout import REPORT, SUMMARY
from transforms.output.stored import to_record
from transforms.output.totals import Totals
from transforms.plumbing.storage import write_bytes
from transforms.results import Before, Dendrogram, IssueKind, ReadingSummary, RunWarning, TagTree, TagTrial

UNTITLED = "Blog"
"""A report whose run did not ask what its blog is called."""
NO_TREE = TagTree((), (), (), ())
PAGES = (REPORT, SUMMARY)
KINDS = get_args(IssueKind)


def report_tables(run: Mapping[str, Any], extract: Extract) -> Tables:
    """Gather what the report shows of a run, by its run.json and the extract of its tables."""
    counts, config = run["counts"], run["config"]
    totals, records = extract.totals, extract.records
    spoken = main_language(totals.languages.elements())
    language = load_language(spoken if config["lang"] == AUTO else config["lang"])
    return Tables(
        title=config["title"] or UNTITLED,
        articles=sorted(records["articles"], key=lambda article: article.id),
        related=records["related"],
        recommended=records["tags"],
        trial=to_record(TagTrial, run["tag_trial"]) if config["tags"] == "blend" else None,
        clusters=sorted(records["clusters"], key=lambda cluster: cluster.number),
        members=records["members"],
        dendrogram=next(iter(records["dendrogram"]), Dendrogram((), (), ())),
        duplicates=sorted(set(records["duplicates"]), key=lambda pair: (pair.left, pair.right)),
        tag_issues=sorted(records["tag_issues"], key=lambda issue: (KINDS.index(issue.kind), issue.rank)),
        coverage=sorted(records["coverage"], key=lambda row: row.cluster or 0),
        metrics=sorted(records["metrics"], key=lambda metric: (metric.measure, not metric.in_use, metric.method)),
        rejected=records["rejected"],
        skipped=records["skipped"],
        notes=records["notes"],
        collisions=records["collisions"],
        links=sorted(records["links"], key=lambda row: row.id),
        unresolved=records["unresolved_links"],
        map_points=records["map"],
        thumbnails=sorted(records["thumbnails"], key=lambda row: row.id),
        tag_tree=next(iter(records["tag_tree"]), NO_TREE),
        tag_counts=totals.tags,
        counts={**counts, "skipped": sum(counts["skipped"].values())},
        warnings=[to_record(RunWarning, row) for row in run["warnings"]],
        other_files={suffix: int(count) for suffix, count in run["other_files"].items()},
        settings={**shown_settings(run, language), **_page_views(config, totals, language)},
        digest=run["digest"],
        totals=totals,
        translations=records["translations"],
        proposed=sorted(records["proposed_tags"], key=lambda row: row.rank),
        before=None if run["since"] is None else to_record(Before, run["since"]),
        changes=records["changes"],
        fixed_with=_fixed_with(config),
        folder=_folder(config),
        readings=to_record(ReadingSummary, run["readings"]) if "readings" in run else None,
        also_read=sorted(records["also_read"], key=lambda row: row.id),
        reader_themes=next(iter(records["reader_themes"]), None),
        suggested_links=records["suggested_links"],
        reading_gaps=next(iter(records["reading_gaps"]), None),
        edit_url=config.get("edit_url"),
        language=language,
        color_scheme=None if config["color_scheme"] == AUTO else config["color_scheme"],
    )


def _fixed_with(config: Mapping[str, Any]) -> tuple[str, ...]:
    """Name the posts of a run as `postkin fix` takes them; those of vectors or in buckets it cannot."""
    paths = config["input"]
    if config["vectors"] or any("://" in path for path in paths):
        return ()
    named = [option for option in config["field_names"] if option.startswith("tags=")]
    return (
        *map(_no_flag, paths),
        *(word for option in named for word in ("--field", option)),
    )


def _folder(config: Mapping[str, Any]) -> str:
    """Name the folder that the posts of a run are in, or the post itself; a pattern is none, and several are no one."""
    paths = config["input"]
    return "" if len(paths) != 1 or any(sign in paths[0] for sign in "*?[") else _no_flag(paths[0])


def _no_flag(path: str) -> str:
    """A path that no command takes for a flag."""
    return f"./{path}" if path.startswith("-") else path


def _page_views(config: Mapping[str, Any], totals: Totals, say: Language) -> dict[str, str]:
    """Say how many articles the page views are known of, where these were given or told by logs of readers."""
    known, total = number(totals.counts["viewed"]), number(totals.posts)
    if config["popularity"]:
        return {say("page views"): say("known of {n} of {total} posts", n=known, total=total)}
    if config.get("readings") and not config["vectors"]:
        said = say("reads in the logs of readers, rounded down; known of {n} of {total} posts", n=known, total=total)
        return {say("page views"): said}
    return {}


def write_report(tables: Tables, folder: str) -> ReportData:
    """Render the report's PAGES into a folder; returns what they show."""
    report = build_report(tables)
    write_bytes(f"{folder}/{REPORT}", render_html(report).encode())
    write_bytes(f"{folder}/{SUMMARY}", render_summary(report).encode())
    return report
