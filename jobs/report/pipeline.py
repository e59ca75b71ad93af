"""The main job's pipeline: what flows from where to where."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

import apache_beam as beam
from apache_beam.pvalue import AsIter, AsSingleton, PCollection

from jobs.options.encoder import SettledEncoder
from jobs.report.config import Config
from jobs.report.intake import Intake, given_vectors, posts_of
from jobs.version import __version__
from reports.render import RenderReport
from transforms.corpus.languages import BlogLanguages, Languages, blog_languages
from transforms.corpus.notes import Survey
from transforms.corpus.tag_means import TagMeans
from transforms.corpus.tag_spelling import respell
from transforms.evaluation.names import NAMES
from transforms.evaluation.of_run import Evaluate
from transforms.evaluation.try_tags import TryTags
from transforms.hygiene.find import FindTagIssues
from transforms.output.find_changes import FindChanges
from transforms.output.layout import FORMAT, MODEL_FILES, Sizes
from transforms.output.read_previous import ReadPrevious
from transforms.output.reader_tables import next_choice, next_method
from transforms.output.split import CountPosts, SplitRecords
from transforms.output.tables import WriteTables
from transforms.output.write_learned import WriteLearned
from transforms.plumbing.side_inputs import as_iter, as_singleton
from transforms.previous import PreviousRun
from transforms.reading.files import pattern_root
from transforms.readings.count import CountReadings, Readings
from transforms.readings.learn import LearnFromReaders
from transforms.readings.views import CountReadsAsViews
from transforms.records import Article, Block
from transforms.related.feature import FeatureInClusters
from transforms.related.rank import AddConfidence, FitConfidence, RankRelated
from transforms.related.read_candidates import ReadCandidates
from transforms.related.read_together import AddReadTogether, ReadFinds
from transforms.related.suggest_links import SuggestLinks
from transforms.results import READERS, NextChoice, ReadingSummary, SearchMethod, ThemeFit
from transforms.search.copies import FindCopies
from transforms.search.find import FindCandidates, Finds
from transforms.search.shards import Candidates
from transforms.search.tune import PlanSearch
from transforms.search.votes import Votes
from transforms.site.audit_translations import AuditTranslations
from transforms.site.site_model import PLAIN_SITE, Site
from transforms.site.thumbnails import MakeThumbnails
from transforms.state.read import ReadLearned
from transforms.state.records import Settings
from transforms.state.write import Learned, WriteState
from transforms.tags.collect import CollectEvidence, JoinVotes, MakeCalendar
from transforms.tags.recommend import FitTagModel, RecommendTags
from transforms.themes.clustering import AssignClusters, FitClusters
from transforms.themes.clusters import ClusterModel
from transforms.themes.coverage import MeasureCoverage
from transforms.themes.dendrogram import LinkClusters
from transforms.themes.map import ProjectArticles
from transforms.themes.readers import DescribeReaders
from transforms.themes.tag_tree import LinkTags


def build_pipeline(
    pipeline: beam.Pipeline,
    config: Config,
    encoder: SettledEncoder,
    staging: str,
    views: Mapping[str, int] | None = None,
    search: SearchMethod = "auto",
    shard_articles: int | None = None,
    site: Site = PLAIN_SITE,
) -> None:
    """Wire the job: everything from reading to publishing happens inside the pipeline.

    `views` are page views by path, where they were given, and `site` is what is known of the posts' site. A worker
    searches `shard_articles` articles at a time, by the method `search`; None: all.
    """
    if config.source.vectors:
        intake = given_vectors(pipeline, config)
    else:
        intake = posts_of(pipeline, config, encoder, staging, views, site)
    fits = not config.source.vectors and encoder[1] is None
    the_files = as_singleton(intake.files, "files")
    blocks, names, corpus_size = intake.blocks, intake.names, as_singleton(intake.corpus_size, "corpus size")
    keeps = config.previous if config.encoding.model else None
    before = pipeline | "LearnedBefore" >> ReadLearned(keeps, config.encoding.encoder, config.related_parts)
    previous = pipeline | "Previous" >> ReadPrevious(config.previous)
    if keeps:
        previous |= "WarnOfState" >> beam.Map(_warned, as_singleton(before.found, "state before"))
    the_previous = as_singleton(previous, "previous")
    the_tag_weights = as_singleton(before.tags, "tag weights before")
    the_ranking = as_singleton(before.ranking, "ranking before")
    the_confidence_before = as_singleton(before.confidence, "confidence before")
    counted = intake.survey | "CountedLanguages" >> beam.Map(_counted)
    languages = intake.survey | "Languages" >> beam.Map(_languages, site.languages, any_language=config.any_language)
    the_languages = as_singleton(languages, "languages")
    the_names, the_survey = as_singleton(names, "names"), as_singleton(intake.survey, "survey")

    table = blocks | "TagMeans" >> TagMeans(names, AsIter(intake.named))
    the_table = as_singleton(table, "tags")
    plan = blocks | "Plan" >> PlanSearch(
        intake.corpus_size, search, config.searching.target_recall, the_languages, shard_articles
    )
    the_plan = as_singleton(plan, "plan")
    finds = blocks | "Find" >> FindCandidates(
        the_plan, the_table, the_languages, exact_duplicates=config.include_duplicates
    )
    calendar = blocks | "Calendar" >> MakeCalendar(the_table)
    the_calendar = as_singleton(calendar, "calendar")
    readings = None
    if config.readings.paths:
        readings = pipeline | "Readings" >> CountReadings(
            config.readings.paths,
            config.readings.reader(config.source.as_of),
            intake.addressed,
            site,
            config.readings.least_readers,
        )
    candidates, votes = _with_readers(config, finds, readings, blocks, the_languages)
    joined = blocks | "Votes" >> JoinVotes(votes, intake.links_by_block)
    learned_from = joined | "LearnedFrom" >> CollectEvidence(the_calendar, the_table)
    tag_model = learned_from | "FitTags" >> FitTagModel(the_table, the_tag_weights)
    the_tag_model = AsSingleton(tag_model)
    trial = blocks | "TryTags" >> TryTags(
        finds.candidates, the_table, the_tag_model, corpus_size, config.min_tag_probability, config.any_language
    )
    the_trial = as_singleton(trial, "trial")
    evidence = joined | "Evidence" >> CollectEvidence(the_calendar, the_table, after=(the_tag_model,))
    expected, recommended = evidence | "RecommendTags" >> RecommendTags(
        the_tag_model, the_trial, the_table, config.tags, config.tag_count, config.min_confidence or 0.0
    )
    ranks = expected | "Rank" >> RankRelated(
        candidates,
        the_table,
        corpus_size,
        the_previous,
        the_ranking,
        config.related_parts,
        config.related,
    )
    the_confidence = AsSingleton(ranks | "Confidence" >> FitConfidence(config.related_parts, the_confidence_before))
    similar = ranks | "Related" >> AddConfidence(the_confidence, the_previous, config.least_related, config.read_enough)
    model = blocks | "FitClusters" >> FitClusters(
        config.clusters, the_table, corpus_size, the_previous, refit=config.refit_themes
    )
    the_model = as_singleton(model, "clusters")
    clusters, members = blocks | "Clusters" >> AssignClusters(the_model, corpus_size)
    metrics = blocks | "Evaluate" >> Evaluate(
        finds.candidates,
        ranks,
        the_table,
        the_model,
        corpus_size,
        tags=config.tags,
        parts=config.relating,
        any_language=config.any_language,
    )
    if config.source.vectors:  # nobody has encoded the tags' names
        metrics |= "Known" >> beam.Filter(lambda metric: metric.method != NAMES)
    viewed = _with_views(config, readings, blocks)
    tables = {
        "articles": viewed | "Articles" >> beam.FlatMap(_respelled, the_names),
        "related": similar | "Feature" >> FeatureInClusters(viewed, the_model, the_table, the_languages),
        "tags": recommended,
        "proposed_tags": intake.proposed,
        "clusters": clusters,
        "members": members,
        "dendrogram": model | "Dendrogram" >> LinkClusters(clusters),
        "metrics": metrics,
        "tag_tree": table | "TagTree" >> LinkTags(wanted="articles" in config.drawings.tree),
        "map": blocks | "Map" >> ProjectArticles(config.drawings.maps, the_model, corpus_size, the_previous),
        "links": intake.links,
        "unresolved_links": intake.unresolved,
        "translations": blocks | "Translations" >> AuditTranslations(as_singleton(counted, "counted"), the_files),
        "coverage": blocks | "Coverage" >> MeasureCoverage(the_model, corpus_size, config.split_date),
        "tag_issues": expected | "TagIssues" >> FindTagIssues(the_table, the_survey, corpus_size),
        "duplicates": (finds.duplicates, blocks | "Copies" >> FindCopies(corpus_size)) | "Duplicates" >> beam.Flatten(),
        "rejected": intake.rejected,
        "skipped": intake.skipped,
        "notes": intake.notes,
        "collisions": intake.collisions,
    }
    if intake.texts is not None:
        tables["suggested_links"] = similar | "SuggestLinks" >> SuggestLinks(
            intake.texts,
            intake.links_by_block,
            tables["duplicates"],
            as_singleton(intake.survey, "survey for links"),
            corpus_size,
        )
    if config.previous is not None:
        tables["changes"] = tables | "Changes" >> FindChanges(config.previous, the_previous)
    learned = Learned(the_survey, the_tag_model, the_trial, as_singleton(ranks.weights, "ranking"), the_confidence)
    state = _state(pipeline, config, staging, site, intake, learned, corpus_size)
    drawings = config.drawings
    if drawings.thumbnails is not None:
        roots = [pattern_root(pattern) for pattern in config.source.input]
        tables["thumbnails"] = blocks | "Thumbnails" >> MakeThumbnails(
            roots, drawings.pictures, corpus_size, link=drawings.thumbnails == "link"
        )
    summary = taught = None
    if readings is not None:
        least = config.readings.least_readers
        addresses = as_singleton(readings.addresses, "addresses of posts")
        counts = as_singleton(readings.summary, "counts of readings")
        taught = readings.histories | "LearnFromReaders" >> LearnFromReaders(blocks, addresses, counts, least)
        readers = taught | "Readers" >> DescribeReaders(
            readings.histories,
            addresses,
            blocks,
            the_table,
            the_previous,
            config.readings.reader_themes,
            least,
            maps=bool(config.drawings.maps),
        )
        tables["also_read"] = readings.also_read
        tables["next"] = taught | "Next" >> beam.Map(next_method)
        tables |= {"reader_themes": readers.themes, "reading_gaps": readers.gaps}
        tables["map"] = (tables["map"], readers.points) | "Maps" >> beam.Flatten()
        choice = AsSingleton(taught | "Choice" >> beam.Map(next_choice))
        summary = AsIter(readings.summary | "WithChoice" >> beam.Map(_with_choice, choice))
    sizes = intake.files | "Sizes" >> beam.Map(_sizes, corpus_size)
    the_sizes = as_singleton(sizes, "sizes")
    chunks, extracts = tables | "Records" >> SplitRecords(sizes, the_sizes)
    counted = viewed | "CountPosts" >> CountPosts(the_names, the_model)
    files = chunks | "WriteTables" >> WriteTables(staging, blocks, the_sizes)
    if taught is not None:
        files = (files, taught | "WriteLearned" >> WriteLearned(staging)) | "Files" >> beam.Flatten()
    _ = (
        (*extracts, counted)
        | "Extracts" >> beam.Flatten()
        | "Render"
        >> RenderReport(
            config.output,
            staging,
            about={"version": __version__, "format": FORMAT, "config": config.as_row(), "site": site.as_row()},
            encodings=AsIter(intake.encodings),
            plan=the_plan,
            others=AsIter(intake.others),
            tagging=as_iter(intake.tagging, "tagging"),
            trial=as_iter(trial, "trial of the report"),
            previous=the_previous,
            themes=as_singleton(model | "ThemeFit" >> beam.Map(_theme_fit), "fit of the themes"),
            sizes=the_sizes,
            files=AsIter(files),
            state=as_iter(state, "state"),
            readings=summary,
            model=MODEL_FILES if fits else (),
            obsolete=() if fits or config.reuses_own_model else MODEL_FILES,
        )
    )


def _state(
    pipeline: beam.Pipeline,
    config: Config,
    staging: str,
    site: Site,
    intake: Intake,
    learned: Learned,
    corpus_size: AsSingleton,
) -> PCollection[str]:
    """Write what later commands need to know of posts; nothing is known of vectors that are given."""
    if intake.texts is None or intake.resolved is None:
        return pipeline | "NoState" >> beam.Create([], reshuffle=False)
    source = config.source
    settings = Settings(
        source.as_of,
        source.fields,
        source.include,
        config.encoding.parts,
        tuple(sorted(config.related_parts)),
        config.any_language,
    )
    return intake.texts | "State" >> WriteState(
        staging,
        __version__,
        settings,
        site.hosts,
        intake.blocks,
        intake.resolved,
        intake.tagging,
        learned,
        corpus_size,
    )


def _with_readers(
    config: Config,
    finds: Finds,
    readings: Readings | None,
    blocks: PCollection[Block],
    languages: AsSingleton,
) -> tuple[PCollection[Candidates | ReadCandidates], PCollection[tuple[int, Votes]]]:
    """Add to the candidates those that readers tell, where they are asked."""
    if readings is None or READERS not in config.related_parts:
        return finds.candidates, finds.votes
    told: ReadFinds = finds | "ReadTogether" >> AddReadTogether(
        blocks,
        readings.pairs,
        readings.strong,
        readings.read_posts,
        languages,
        copies=config.include_duplicates,
    )
    return told.candidates, told.votes


def _with_views(config: Config, readings: Readings | None, blocks: PCollection[Block]) -> PCollection[Block]:
    """Tell how often posts are read by the logs of readers, where page views are not given."""
    if readings is None or config.drawings.popularity:
        return blocks
    viewed: PCollection[Block] = blocks | "Views" >> CountReadsAsViews(readings.read_posts)
    return viewed


def _with_choice(summary: ReadingSummary, choice: NextChoice | None) -> ReadingSummary:
    return dataclasses.replace(summary, next=choice)


def _sizes(files: int, posts: int) -> Sizes:
    return Sizes(files, posts)


def _warned(previous: PreviousRun, found: bool) -> PreviousRun:
    return previous if found else previous.without_state()


def _theme_fit(model: ClusterModel) -> ThemeFit:
    return model.fit


def _counted(survey: Survey) -> Languages:
    return survey.languages


def _languages(survey: Survey, listed: tuple[str, ...], *, any_language: bool) -> BlogLanguages:
    return blog_languages(survey.languages, listed, any_language=any_language)


def _respelled(block: Block, names: dict[str, str]) -> list[Article]:
    return [respell(article, names) for article in block.articles]
