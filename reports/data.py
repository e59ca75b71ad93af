"""From the run's result tables to what the report shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from reports.articles import article_links, article_rows, newest, untagged_articles
from reports.dendrogram import Drawing, draw_dendrogram, draw_tag_tree, themes_of_tags
from reports.duplicates import duplicate_groups
from reports.issues import issue_groups
from reports.language import ENGLISH, Language
from reports.leftout import rejected_files, renamed_files, skipped_files
from reports.linking import Linking, linking
from reports.map import MapView, draw_maps
from reports.measures import measure_tables
from reports.news import what_is_new
from reports.numbers import corpus_figures, corpus_sentence, sample_of, tag_bars
from reports.payload import Known, make_payload, pack
from reports.quiet import QuietTheme, quiet_themes
from reports.suggestions import suggest_tags
from reports.sweep import Sweep, draw_sweep, is_swept
from reports.tasks import list_tasks
from reports.themes import cluster_numbers, theme_cards, theme_links
from reports.timeline import Timeline, draw_timeline
from reports.views import (
    ArticleRow,
    Bar,
    DuplicateGroup,
    Figure,
    IssueGroup,
    LeftOut,
    Listing,
    Measure,
    News,
    Sample,
    Setting,
    Task,
    Theme,
    Untagged,
)
from transforms.output.totals import Totals
from transforms.records import Article
from transforms.results import (
    Cluster,
    Collision,
    Coverage,
    Dendrogram,
    Duplicate,
    IssueKind,
    Links,
    MapPoint,
    Member,
    Metric,
    Recommended,
    Rejected,
    Related,
    Skipped,
    TagIssue,
    TagTree,
    Thumbnail,
)


@dataclass(frozen=True)
class Tables:
    """The result tables of one run.

    `Article.tags` are spelled as the report shows them, `tag_counts` says how many articles carry each, and `counts`
    holds the files `read`, `parsed`, `rejected` and `skipped`. `totals` count the whole of a run of which the tables
    are a sample, which `members` names the clusters of; None: the tables are the whole.
    `probabilities` says whether recommended tags are scored by probabilities or by cosines. `theme` is light or dark,
    None: what the reader prefers.
    """

    title: str
    articles: Sequence[Article]
    related: Sequence[Related]
    recommended: Sequence[Recommended]
    probabilities: bool
    clusters: Sequence[Cluster]
    dendrogram: Dendrogram
    duplicates: Sequence[Duplicate]
    tag_issues: Sequence[TagIssue]
    coverage: Sequence[Coverage]
    metrics: Sequence[Metric]
    rejected: Sequence[Rejected]
    skipped: Sequence[Skipped]
    collisions: Sequence[Collision]
    links: Sequence[Links]
    map_points: Sequence[MapPoint]
    thumbnails: Sequence[Thumbnail]
    tag_tree: TagTree
    tag_counts: Mapping[str, int]
    counts: Mapping[str, int]
    settings: Mapping[str, str]
    digest: str
    language: Language = ENGLISH
    theme: str | None = None
    members: Sequence[Member] = ()
    totals: Totals | None = None


@dataclass(frozen=True)
class ReportData:
    """Everything that the report shows, in the order of its sections.

    `sample` says how many posts are listed where not all are, `payload` is what its scripts know of the articles,
    packed; `views_known` says whether page views were given, and `linked_pictures` whether thumbnails are loaded from
    elsewhere.
    """

    title: str
    sentence: str
    sample: Sample | None
    tasks: tuple[Task, ...]
    untagged: Listing[Untagged]
    probabilities: bool
    duplicates: Listing[DuplicateGroup]
    issues: Mapping[IssueKind, IssueGroup]
    linking: Linking
    quiet: tuple[QuietTheme, ...]
    figures: tuple[Figure, ...]
    tags: Listing[Bar]
    map: MapView | None
    themes: tuple[Theme, ...]
    drawing: Drawing | None
    tag_tree: Drawing | None
    timeline: Timeline | None
    news: News | None
    measures: tuple[Measure, ...]
    sweep: Sweep | None
    rejected: Listing[LeftOut]
    skipped: Listing[LeftOut]
    renamed: Listing[LeftOut]
    settings: tuple[Setting, ...]
    digest: str
    articles: Listing[ArticleRow]
    views_known: bool
    payload: str
    linked_pictures: bool
    language: Language
    theme: str | None


def build_report(tables: Tables) -> ReportData:
    """Join the tables into what the report shows, in time proportional to their length.

    Long lists are cut: the report says how many it leaves out, the run's data holds all.
    """
    say = tables.language
    articles = sorted(tables.articles, key=lambda article: article.id)
    listed = newest(articles)
    links = article_links(articles, listed)
    themes = theme_links(tables.clusters)
    cluster_of = cluster_numbers(tables.clusters, tables.members)
    theme_of = {id_: themes[number] for id_, number in cluster_of.items()}
    totals = tables.totals or count_tables(tables, cluster_of)
    related = {row.id: row for row in tables.related}
    suggestions = suggest_tags(tables.recommended, probabilities=tables.probabilities)
    untagged = untagged_articles(articles, suggestions, links, totals.counts["untagged"])
    duplicates = duplicate_groups(tables.duplicates, links, say)
    issues = issue_groups(tables.tag_issues, links, say)
    linked = linking(tables.related, tables.links, tables.duplicates, links, totals, say)
    quiet = quiet_themes(totals.days, themes, say)
    drawn = draw_maps(tables.map_points, articles, theme_of, tables.tag_counts, totals.posts)
    sweep = draw_sweep(tables.metrics)
    measured = [metric for metric in tables.metrics if not (sweep and is_swept(metric))]
    known = Known(links, theme_of, related, suggestions, tables.thumbnails, drawn)
    return ReportData(
        title=tables.title,
        sentence=corpus_sentence(totals, tables.tag_counts, tables.clusters, say),
        sample=sample_of(len(articles), totals.posts),
        tasks=list_tasks(untagged, duplicates, issues, linked, len(quiet), say),
        untagged=untagged,
        probabilities=tables.probabilities,
        duplicates=duplicates,
        issues=issues,
        linking=linked,
        quiet=quiet,
        figures=corpus_figures(totals, tables.tag_counts, tables.clusters, duplicates.total, tables.counts, say),
        tags=tag_bars(tables.tag_counts),
        map=drawn,
        themes=theme_cards(tables.clusters, themes, links, say),
        drawing=draw_dendrogram(tables.dendrogram, tables.clusters, themes, say),
        tag_tree=draw_tag_tree(tables.tag_tree, themes_of_tags(articles, theme_of), say),
        timeline=draw_timeline(totals, themes, links, say),
        news=what_is_new(tables.coverage, themes, say),
        measures=measure_tables(measured, say),
        sweep=sweep,
        rejected=rejected_files(tables.rejected, totals.counts["rejected"]),
        skipped=skipped_files(tables.skipped, totals.skipped.total(), say),
        renamed=renamed_files(tables.collisions, totals.counts["renamed"]),
        settings=tuple(Setting(name, value) for name, value in sorted(tables.settings.items())),
        digest=tables.digest,
        articles=article_rows(totals.posts, listed, links, theme_of, related, suggestions, say),
        views_known=bool(totals.popular),
        payload=pack(make_payload(articles, known, say)),
        linked_pictures=any(not row.image.startswith("data:") for row in tables.thumbnails),
        language=say,
        theme=tables.theme,
    )


def count_tables(tables: Tables, clusters: Mapping[str, int]) -> Totals:
    """Count the whole of a run in its tables, given the number of the cluster that each article's id belongs to."""
    totals = Totals()
    totals.add_articles(tables.articles, clusters)
    for row in tables.links:
        totals.add_links(row)
    for _ in tables.rejected:
        totals.add_rejected()
    for _ in tables.collisions:
        totals.add_renamed()
    for skipped in tables.skipped:
        totals.add_skipped(skipped)
    return totals
