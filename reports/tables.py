"""The result tables that a report is made of, and what is counted in them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from reports.words.language import ENGLISH, Language
from transforms.output.totals import Totals
from transforms.records import Article
from transforms.results import (
    AlsoRead,
    Before,
    Change,
    Cluster,
    Collision,
    Coverage,
    Dendrogram,
    Duplicate,
    Links,
    LinkToSet,
    MapPoint,
    Member,
    Metric,
    Note,
    ProposedTag,
    ReaderThemes,
    ReadingGaps,
    ReadingSummary,
    Recommended,
    Rejected,
    Related,
    RunWarning,
    Skipped,
    TagIssue,
    TagTree,
    TagTrial,
    Thumbnail,
    Translated,
    UnresolvedLink,
)


@dataclass(frozen=True)
class Tables:
    """The result tables of one run.

    `Article.tags` are spelled as the report shows them, `tag_counts` says how many articles carry each, and `counts`
    holds the files `read`, `parsed`, `rejected` and `skipped`. `totals` count the whole of a run of which the tables
    are a sample, which `members` names the clusters of; None: the tables are the whole.
    `trial` is that of the recommended tags, None where they are scored by cosines. `color_scheme` is light or dark,
    None: what the reader prefers. `fixed_with` are the paths and flags by which `postkin fix` finds the posts, if it
    can, `folder` is the one that all of them are in, if it is known, and `edit_url` is where a post is edited, with
    `{path}` for its path, if that is. `before` is the previous run, None where there is none, and `changes` are since
    then. `readings` sum up logs of readers, None where there are none; `also_read`, `reader_themes` and `reading_gaps`
    are of these.
    """

    title: str
    articles: Sequence[Article]
    related: Sequence[Related]
    recommended: Sequence[Recommended]
    trial: TagTrial | None
    clusters: Sequence[Cluster]
    dendrogram: Dendrogram
    duplicates: Sequence[Duplicate]
    tag_issues: Sequence[TagIssue]
    coverage: Sequence[Coverage]
    metrics: Sequence[Metric]
    rejected: Sequence[Rejected]
    skipped: Sequence[Skipped]
    notes: Sequence[Note]
    collisions: Sequence[Collision]
    links: Sequence[Links]
    unresolved: Sequence[UnresolvedLink]
    map_points: Sequence[MapPoint]
    thumbnails: Sequence[Thumbnail]
    tag_tree: TagTree
    tag_counts: Mapping[str, int]
    counts: Mapping[str, int]
    settings: Mapping[str, str]
    digest: str
    language: Language = ENGLISH
    color_scheme: str | None = None
    members: Sequence[Member] = ()
    other_files: Mapping[str, int] = field(default_factory=dict)
    warnings: Sequence[RunWarning] = ()
    totals: Totals | None = None
    translations: Sequence[Translated] = ()
    proposed: Sequence[ProposedTag] = ()
    before: Before | None = None
    changes: Sequence[Change] = ()
    fixed_with: Sequence[str] = ()
    folder: str = ""
    readings: ReadingSummary | None = None
    also_read: Sequence[AlsoRead] = ()
    reader_themes: ReaderThemes | None = None
    reading_gaps: ReadingGaps | None = None
    edit_url: str | None = None
    suggested_links: Sequence[LinkToSet] = ()


def count_tables(tables: Tables, clusters: Mapping[str, int]) -> Totals:
    """Count the whole of a run in its tables, given the number of the cluster that each article's id belongs to."""
    totals = Totals()
    totals.add_articles(tables.articles, clusters)
    for row in tables.links:
        totals.add_links(row)
    for link in tables.unresolved:
        totals.add_unresolved(link)
    for _ in tables.rejected:
        totals.add_rejected()
    for collision in tables.collisions:
        totals.add_collision(collision)
    for skipped in tables.skipped:
        totals.add_skipped(skipped)
    for note in tables.notes:
        totals.add_note(note)
    for translated in tables.translations:
        totals.add_translated(translated)
    for change in tables.changes:
        totals.add_change(change)
    return totals
