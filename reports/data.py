"""From the run's result tables to what the report shows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from reports.charts.dendrogram import Drawing, draw_dendrogram, draw_tag_tree, themes_of_tags
from reports.charts.maps import MapView, draw_maps
from reports.charts.sweep import Sweep, draw_sweep, is_swept
from reports.charts.timeline import Timeline, draw_timeline
from reports.exports import export_lists
from reports.payload import Known, make_payload, pack
from reports.sections.actions import BATCH, Work, count_issues, count_links, each, start
from reports.sections.articles import article_links, article_rows, newest, untagged_articles
from reports.sections.broken import broken_links
from reports.sections.duplicates import duplicate_groups, first_articles
from reports.sections.issues import fixable_posts, issue_groups, tags_nearby
from reports.sections.leftout import other_files, rejected_files, renamed_files, sharing_files, skipped_files
from reports.sections.linking import Linking, linking
from reports.sections.measures import measure_tables
from reports.sections.new_posts import added_posts, lonely_posts, new_posts
from reports.sections.news import what_is_new
from reports.sections.notes import count_notes, note_rows
from reports.sections.numbers import corpus_figures, corpus_sentence, sample_of, tag_bars
from reports.sections.proposals import proposed_tags
from reports.sections.quiet import QuietTheme, quiet_themes
from reports.sections.readings import also_read_links, reading_section
from reports.sections.reasons import say_below
from reports.sections.since import since_last
from reports.sections.suggested_links import suggested_links
from reports.sections.suggestions import say_trial, suggest_tags, with_proposals
from reports.sections.tasks import list_tasks
from reports.sections.theme_work import theme_work
from reports.sections.themes import cluster_numbers, theme_cards, theme_links
from reports.sections.translations import language_rows, translation_rows
from reports.tables import Tables, count_tables
from reports.views import (
    ArticleRow,
    Bar,
    BrokenLink,
    DuplicateGroup,
    Figure,
    Issue,
    IssueGroup,
    LanguageRow,
    LeftOut,
    Listing,
    Measure,
    NewPost,
    News,
    NoteCount,
    NoteRow,
    PlacedLink,
    Readings,
    Sample,
    Setting,
    Since,
    Start,
    Task,
    Theme,
    TranslationRow,
    Untagged,
)
from reports.words.language import Language
from reports.words.warnings import SaidWarning, say_warning
from transforms.output.lacking import tag_rates
from transforms.results import (
    IssueKind,
)

LISTED = 100
"""So many rows of a list of work stand in the page; its CSV has all that are known."""
NEWEST = 5
"""So many of the newest posts stand on the first screen of a first run."""


@dataclass(frozen=True)
class ReportData:
    """Everything that the report shows, in the order of its sections.

    `sample` says how many posts are listed where not all are, `since` what changed since the previous run, `scored`
    whether any tag is suggested with a score, which `probabilities` says the kind of, `shown_tags` which tags are
    suggested, `payload` is what its scripts know of the articles, packed; `below_scores` says what stands below the
    scores of related articles, `views_known` whether page views were given, and `linked_pictures` whether thumbnails
    are loaded from elsewhere.
    """

    title: str
    sentence: str
    sample: Sample | None
    since: Since | None
    start: Start
    new_posts: Listing[NewPost]
    tasks: tuple[Task, ...]
    proposed: Listing[Issue]
    untagged: Listing[Untagged]
    scored: bool
    probabilities: bool
    shown_tags: tuple[str, ...]
    duplicates: Listing[DuplicateGroup]
    issues: Mapping[IssueKind, IssueGroup]
    broken: Listing[BrokenLink]
    suggested_links: Listing[PlacedLink]
    linking: Linking
    translations: Listing[TranslationRow]
    languages: tuple[LanguageRow, ...]
    quiet: tuple[QuietTheme, ...]
    figures: tuple[Figure, ...]
    tags: Listing[Bar]
    map: MapView | None
    themes: tuple[Theme, ...]
    drawing: Drawing | None
    tag_tree: Drawing | None
    timeline: Timeline | None
    news: News | None
    readings: Readings | None
    measures: tuple[Measure, ...]
    sweep: Sweep | None
    rejected: Listing[LeftOut]
    skipped: Listing[LeftOut]
    renamed: Listing[LeftOut]
    other_files: str
    warnings: tuple[SaidWarning, ...]
    notes: Listing[NoteRow]
    notes_by_kind: tuple[NoteCount, ...]
    sharing: Listing[LeftOut]
    settings: tuple[Setting, ...]
    digest: str
    articles: Listing[ArticleRow]
    below_scores: str
    views_known: bool
    payload: str
    linked_pictures: bool
    language: Language
    color_scheme: str | None


def build_report(tables: Tables) -> ReportData:
    """Join the tables into what the report shows, in time proportional to their length.

    Long lists are cut: the report says how many it leaves out, and its CSV files and the run's data hold all.
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
    recommended = suggest_tags(tables.recommended, tables.trial, tag_rates(tables.tag_counts, totals.posts))
    scored = bool(tables.tag_counts) and any(recommended.values())
    suggestions = with_proposals(recommended, tables.proposed, say)
    proposed = proposed_tags(tables.proposed, links, say)
    untagged = untagged_articles(articles, suggestions, links, totals.counts["untagged"])
    duplicates = duplicate_groups(tables.duplicates, links, say)
    nearby = tags_nearby(articles, tables.related)
    issues = issue_groups(
        tables.tag_issues, links, say, fixable_posts(articles, tables.fixed_with, tables.folder), nearby
    )
    linked = linking(tables.related, tables.links, tables.duplicates, links, totals, say)
    to_set = suggested_links(tables.suggested_links, articles, links)
    broken = broken_links(tables.unresolved, articles, links, totals.unresolved, say)
    translations = translation_rows(tables.translations, links, totals, say)
    quiet = quiet_themes(totals.days, themes, say)
    added = added_posts(tables.changes)
    lonely = lonely_posts(tables.links, added) if linked.linked else set[str]()
    work = {
        **count_issues(tables.tag_issues),
        **count_links(linked, len(lonely)),
        "untagged": each(untagged.total),
        "duplicates": each(duplicates.total),
        "broken": each(broken.total),
        **({"new-posts": each(len(lonely))} if tables.before else {}),
        **(
            {"proposed": Work(proposed.total, sum(row.posts for row in tables.proposed[:BATCH]))}
            if proposed.total
            else {}
        ),
    }
    whole = len(articles) == totals.posts
    in_themes = theme_work(
        theme_of,
        [article.id for article in articles if whole and tables.tag_counts and not article.tags],
        [row.id for row in tables.links if whole and linked.linked and not row.linked_by],
        to_set.shown,
        links,
        say,
    )
    drawn = draw_maps(tables.map_points, articles, theme_of, tables.tag_counts, totals.posts)
    sweep = draw_sweep(tables.metrics)
    measured = [metric for metric in tables.metrics if not (sweep and is_swept(metric))]
    also_read = also_read_links(tables.also_read, links, say)
    readings = reading_section(tables, links, totals.posts)
    fresh = new_posts(
        newest([article for article in articles if article.id in added], len(added)),
        lonely,
        links,
        theme_of,
        related,
        suggestions,
        say,
    )
    exports = export_lists(
        fresh,
        tables.proposed,
        untagged,
        duplicates,
        issues,
        broken,
        to_set,
        linked,
        translations,
        quiet,
        readings,
        links,
        say,
    )
    known = Known(
        links, theme_of, related, suggestions, tables.thumbnails, drawn, tables.also_read, tables.edit_url, exports
    )
    return ReportData(
        title=tables.title,
        sentence=corpus_sentence(totals, tables.tag_counts, tables.clusters, say),
        sample=sample_of(len(articles), totals.posts),
        since=since_last(
            tables.before,
            tables.changes,
            totals,
            tables.clusters,
            sum(issue.shown for issue in tables.tag_issues),
            tables.metrics,
            say,
            themes,
        ),
        start=start(work, [links[article.id] for article in listed[:NEWEST]], say),
        new_posts=fresh.first(LISTED),
        tasks=list_tasks(proposed, untagged, duplicates, issues, broken, to_set, linked, translations, len(quiet), say),
        proposed=proposed,
        untagged=untagged.first(LISTED),
        scored=scored,
        probabilities=scored and tables.trial is not None,
        shown_tags=say_trial(tables.trial, say) if scored else (),
        duplicates=first_articles(duplicates.first(LISTED)),
        issues=issues,
        broken=broken.first(LISTED),
        suggested_links=to_set.first(LISTED),
        linking=linked.first(LISTED),
        translations=translations.first(LISTED),
        languages=language_rows(totals.translations, say),
        quiet=quiet,
        figures=corpus_figures(totals, tables.tag_counts, tables.clusters, duplicates.total, tables.counts, say),
        tags=tag_bars(tables.tag_counts),
        map=drawn,
        themes=theme_cards(tables.clusters, themes, links, say, in_themes),
        drawing=draw_dendrogram(tables.dendrogram, tables.clusters, themes, say),
        tag_tree=draw_tag_tree(tables.tag_tree, themes_of_tags(articles, theme_of), say),
        timeline=draw_timeline(totals, themes, links, say),
        news=what_is_new(tables.coverage, themes, say),
        readings=readings,
        measures=measure_tables(measured, say),
        sweep=sweep,
        rejected=rejected_files(tables.rejected, totals.counts["rejected"]),
        skipped=skipped_files(tables.skipped, totals.skipped.total(), say),
        renamed=renamed_files(tables.collisions, totals.counts["renamed"]),
        other_files=other_files(tables.other_files, say),
        warnings=tuple(say_warning(warning, say) for warning in tables.warnings),
        notes=note_rows(tables.notes, totals.notes.total(), say),
        notes_by_kind=count_notes(totals.notes, say),
        sharing=sharing_files(tables.collisions, totals.counts["sharing"]),
        settings=tuple(Setting(name, value) for name, value in sorted(tables.settings.items())),
        digest=tables.digest,
        articles=article_rows(
            totals.posts, listed, links, theme_of, related, suggestions, also_read, say, tables.edit_url
        ),
        below_scores=say_below(tables.related, say),
        views_known=bool(totals.popular),
        payload=pack(make_payload(articles, known, say)),
        linked_pictures=any(not row.image.startswith("data:") for row in tables.thumbnails),
        language=say,
        color_scheme=tables.color_scheme,
    )
