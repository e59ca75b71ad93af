"""From extracts of the pipeline's records to the report's files, published with the tables."""

from __future__ import annotations

import functools
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, get_args

from apache_beam.pvalue import AsIter, AsSingleton, PCollection

from reports.assemble import PAGES, report_tables, write_report
from reports.sections.tasks import count_tasks
from transforms.output.extract import UNRESOLVED_KINDS, Extract
from transforms.output.layout import STATE_FILES, Sizes
from transforms.output.publish import publish
from transforms.output.tables import TableFile, describe_tables, results_digest
from transforms.output.totals import Totals, TranslationCount
from transforms.output.warnings import find_warnings, previous_warnings
from transforms.plumbing.composite import Composite
from transforms.plumbing.gather import Gather
from transforms.plumbing.metrics import measured
from transforms.plumbing.printable import printable
from transforms.previous import PreviousRun
from transforms.records import Encoding, Tagging
from transforms.results import NoteKind, ReadingSummary, TagTrial, ThemeFit, as_row
from transforms.search.plan import SearchPlan, describe_plan

NO_POSTS = "no post could be used"
OF_POSTS = ("articles", "related", "tags", "members", "vectors")
"""Tables that have a row for each post."""


def merge_extracts(extracts: Iterable[Extract]) -> Extract:
    """Merge the extracts of the parts of a run."""
    whole = Extract()
    for extract in extracts:
        whole.merge(extract)
    return whole.close()


def refuse_nothing(extract: Extract) -> None:
    """Raise RuntimeError when no file could be used as a post, with the first reason."""
    counts = count_posts(extract.totals)
    if counts["parsed"]:
        return
    left_out = [*extract.records["rejected"], *extract.records["skipped"]]
    first = min(((row.path, row.reason) for row in left_out), default=None)
    reason = f"; first: {printable(first[0])}: {first[1]}" if first else ""
    skipped = sum(counts["skipped"].values())
    raise RuntimeError(f"{NO_POSTS}: {counts['rejected']} rejected, {skipped} skipped{reason}")


def refuse_losses(totals: Totals, files: Sequence[TableFile], read: int) -> None:
    """Raise RuntimeError when what came of so many files, or the rows of the posts, is not of all: a runner lost some.

    Beam's local runner has (2.77, see `jobs/running/runners.py`), without a word.
    """
    counts = count_posts(totals)
    if counts["read"] != read:
        raise RuntimeError(f"the runner has lost posts: {counts['read']:,} of {read:,} files have come to an end")
    rows: Counter[str] = Counter()
    for file in files:
        rows[file.name] += file.rows
    for table in OF_POSTS:
        if rows[table] != totals.posts:
            raise RuntimeError(f"the runner has lost posts: {table} has {rows[table]:,} rows of {totals.posts:,}")


def count_posts(totals: Totals) -> dict[str, Any]:
    """Count the posts: read, parsed, rejected, and skipped by kind."""
    parsed, rejected = totals.posts, totals.counts["rejected"]
    return {
        "read": parsed + rejected + totals.skipped.total(),
        "parsed": parsed,
        "rejected": rejected,
        "skipped": dict(sorted(totals.skipped.items())),
    }


def count_links(totals: Totals) -> dict[str, int]:
    """Count the links within the blog: found, that lead from post to post, and by kind those that lead to none."""
    return {"found": totals.counts["links"], **{kind: totals.unresolved[kind] for kind in UNRESOLVED_KINDS}}


def count_notes(totals: Totals) -> dict[NoteKind, int]:
    """Count the notes on posts, by what was done."""
    return dict(sorted(totals.notes.items()))


def count_languages(totals: Totals) -> dict[str, int]:
    """Count the posts of each language, the most frequent first; those in which nothing tells it are left out."""
    known = {code: posts for code, posts in totals.languages.items() if code}
    return dict(sorted(known.items(), key=lambda item: (-item[1], item[0])))


def count_translations(totals: Totals) -> dict[str, dict[str, int]]:
    """Count by language the posts in it, those missing in it, and the outdated ones, where posts are translated."""
    languages = sorted({language for language, _ in totals.translations})
    kinds = get_args(TranslationCount)
    return {language: {kind: totals.translations[language, kind] for kind in kinds} for language in languages}


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
    about: Mapping[str, Any],
    encodings: Iterable[Encoding],
    plan: SearchPlan,
    others: Iterable[tuple[str, int]],
    tagging: Iterable[Tagging],
    trial: TagTrial,
    previous: PreviousRun,
    themes: ThemeFit,
    totals: Totals,
    files: Sequence[TableFile],
    readings: Iterable[ReadingSummary] = (),
) -> dict[str, Any]:
    """Describe a run for run.json: `about` it (version, configuration), encoder, search, counts, tables and digest.

    `others` say of each suffix how many files of other kinds lie beside the posts, and `tagging`, one or none, how many
    posts have tags and categories; `trial` is that of the tags, `previous` the earlier run and `themes` the clusters'
    fit; `readings`, one or none, sum up reading logs. In a run on given vectors nothing is warned of that is about
    posts.
    """
    others, config, summary = sorted(others), about["config"], next(iter(readings), None)
    warned = [] if config["vectors"] else find_warnings(totals, tagging, others)
    asked = None if config["clusters"] == "auto" else config["clusters"]
    k = sum(file.rows for file in files if file.name == "clusters")
    warned += previous_warnings(previous, themes, asked, k=k, posts=totals.posts, refit=config["refit_themes"])
    return {
        **about,
        "config": {**config, "previous": previous.as_row()},
        **describe_encodings(list(encodings)),
        "search": describe_plan(plan),
        "tag_trial": as_row(trial),
        "since": as_row(previous.before),
        "themes": as_row(themes),
        "counts": count_posts(totals),
        "other_files": dict(others),
        "links": count_links(totals),
        "notes": count_notes(totals),
        "languages": count_languages(totals),
        "translations": count_translations(totals),
        **({"readings": as_row(summary)} if summary else {}),
        "warnings": as_row(tuple(warned)),
        "tables": describe_tables(files),
        "digest": results_digest(files),
    }


@dataclass(eq=False, repr=False)
class RenderReport(Composite):
    """Packed Extracts of all tables -> the description of the run, published to `output`.

    `encodings` are the Blocks' Encodings, `plan` the SearchPlan, `others` the numbers of files of other kinds by
    suffix, `tagging` the Tagging of the posts, `trial` the TagTrial, `previous` the PreviousRun, `themes` the ThemeFit,
    `sizes` the Sizes of the corpus, `files` the TableFiles, `state` the files of the state and `readings` the
    ReadingSummary, if there are logs; `model` names files of a model that the run wrote into the staging folder,
    `obsolete` those of earlier runs that must go.
    """

    output: str
    staging: str
    about: Mapping[str, Any]
    encodings: AsIter
    plan: AsSingleton
    others: AsIter
    tagging: AsIter
    trial: AsIter
    previous: AsSingleton
    themes: AsSingleton
    sizes: AsSingleton
    files: AsIter
    state: AsIter
    readings: AsIter | None = None
    model: Sequence[str] = ()
    obsolete: Sequence[str] = ()

    def expand(self, extracts: PCollection[bytes]) -> PCollection[dict[str, Any]]:
        """Gather, render once."""
        render = functools.partial(
            _render,
            output=self.output,
            staging=self.staging,
            about=self.about,
            model=self.model,
            obsolete=self.obsolete,
        )
        return extracts | "Render" >> Gather(
            render,
            self.encodings,
            self.plan,
            self.others,
            self.tagging,
            self.trial,
            self.previous,
            self.themes,
            self.sizes,
            self.files,
            self.state,
            *([] if self.readings is None else [self.readings]),
        )


def _render(
    extracts: Iterable[bytes],
    encodings: Iterable[Encoding],
    plan: SearchPlan,
    others: Iterable[tuple[str, int]],
    tagging: Iterable[Tagging],
    trial: Iterable[TagTrial],
    previous: PreviousRun,
    themes: ThemeFit,
    sizes: Sizes,
    files: Iterable[TableFile],
    state: Iterable[str],
    readings: Iterable[ReadingSummary] = (),
    *,
    output: str,
    staging: str,
    about: Mapping[str, Any],
    model: Sequence[str],
    obsolete: Sequence[str],
) -> dict[str, Any]:
    files, state = list(files), list(state)
    obsolete = (*obsolete, *(file for file in STATE_FILES if file not in state))
    with measured("render"):
        extract = merge_extracts(map(Extract.unpack, extracts))
        refuse_nothing(extract)
        refuse_losses(extract.totals, files, sizes.files)
        tried = next(iter(trial), TagTrial())
        run = describe_run(
            about, encodings, plan, others, tagging, tried, previous, themes, extract.totals, files, readings
        )
        report = write_report(report_tables(run, extract), staging)
        run["to_do"] = count_tasks(report.tasks)
    with measured("publish"):
        publish(output, staging, [*PAGES, *model, *state, *(file.file for file in files)], run, obsolete)
    return run
