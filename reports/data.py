"""From the run's result tables to what the report shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from reports.articles import article_links, article_rows, newest, untagged_articles
from reports.dendrogram import Drawing, draw_dendrogram
from reports.duplicates import duplicate_groups
from reports.issues import issue_groups
from reports.language import ENGLISH, Language
from reports.leftout import rejected_files, renamed_files, skipped_files
from reports.map import MapView, draw_maps
from reports.measures import measure_tables
from reports.news import what_is_new
from reports.numbers import corpus_figures, corpus_sentence, tag_bars
from reports.payload import Known, make_payload, pack
from reports.suggestions import suggest_tags
from reports.themes import theme_cards, theme_links, themes_by_article
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
    Setting,
    Theme,
    Untagged,
)
from transforms.records import (
    Article,
    Cluster,
    Collision,
    Coverage,
    Dendrogram,
    Duplicate,
    IssueKind,
    Links,
    MapPoint,
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
    holds the files `read`, `parsed`, `rejected` and `skipped`. Every id that a table names is an article's.
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


@dataclass(frozen=True)
class ReportData:
    """Everything that the report shows, in the order of its sections."""

    title: str
    sentence: str
    figures: tuple[Figure, ...]
    tags: Listing[Bar]
    probabilities: bool
    untagged: Listing[Untagged]
    duplicates: Listing[DuplicateGroup]
    issues: Mapping[IssueKind, IssueGroup]
    themes: tuple[Theme, ...]
    drawing: Drawing | None
    news: News | None
    articles: Listing[ArticleRow]
    map: MapView | None
    payload: str
    read: bool
    linked_pictures: bool
    measures: tuple[Measure, ...]
    rejected: Listing[LeftOut]
    skipped: Listing[LeftOut]
    renamed: Listing[LeftOut]
    settings: tuple[Setting, ...]
    digest: str
    language: Language
    theme: str | None


def build_report(tables: Tables) -> ReportData:
    """Join the tables into what the report shows, in time proportional to their length.

    Long lists are cut: the report says how many it leaves out, the run's data holds all.
    """
    articles = sorted(tables.articles, key=lambda article: article.id)
    listed = newest(articles)
    links = article_links(articles, listed)
    say = tables.language
    themes = theme_links(tables.clusters)
    duplicates = duplicate_groups(tables.duplicates, links)
    theme_of = themes_by_article(tables.clusters, themes)
    drawn = draw_maps(tables.map_points, articles, theme_of, tables.tag_counts)
    suggestions = suggest_tags(tables.recommended, probabilities=tables.probabilities)
    return ReportData(
        title=tables.title,
        sentence=corpus_sentence(articles, tables.tag_counts, tables.clusters, say),
        figures=corpus_figures(
            articles, tables.tag_counts, tables.clusters, duplicates.total, tables.counts, tables.skipped, say
        ),
        tags=tag_bars(tables.tag_counts),
        probabilities=tables.probabilities,
        untagged=untagged_articles(articles, suggestions, links),
        duplicates=duplicates,
        issues=issue_groups(tables.tag_issues, links),
        themes=theme_cards(tables.clusters, themes, links),
        drawing=draw_dendrogram(tables.dendrogram, tables.clusters, themes),
        news=what_is_new(tables.coverage, themes, say),
        articles=article_rows(articles, listed, links, theme_of, tables.related, suggestions, say),
        map=drawn,
        read=any(article.views for article in articles),
        linked_pictures=any(not row.image.startswith("data:") for row in tables.thumbnails),
        payload=pack(
            make_payload(
                articles,
                Known(links, theme_of, {row.id: row for row in tables.related}, suggestions, tables.thumbnails, drawn),
                say,
            )
        ),
        measures=measure_tables(tables.metrics),
        rejected=rejected_files(tables.rejected),
        skipped=skipped_files(tables.skipped, say),
        renamed=renamed_files(tables.collisions),
        settings=tuple(Setting(name, value) for name, value in sorted(tables.settings.items())),
        digest=tables.digest,
        language=say,
        theme=tables.theme,
    )
