"""The main job's pipeline: what flows from where to where."""

from __future__ import annotations

from collections.abc import Mapping

import apache_beam as beam
from apache_beam.pvalue import AsIter, AsSingleton, PCollection

from jobs import __version__
from jobs.encoder import SettledEncoder
from jobs.report import Config
from reports.render import RenderReport
from transforms.annotate import SurveyTexts, TakeNotes
from transforms.blocks import BLOCK_ROWS, GroupIntoBlocks
from transforms.clusters import AssignClusters, FitClusters
from transforms.coverage import MeasureCoverage
from transforms.duplicates import FindCopies
from transforms.encode import EncodeArticles, FitEncoder, model_in
from transforms.evaluation.evaluate import Evaluate
from transforms.featured import FeatureInClusters
from transforms.files import pattern_root
from transforms.find import FindCandidates, OpenDossiers
from transforms.hierarchy import LinkClusters
from transforms.hygiene.audit import FindTagIssues
from transforms.learning.calendar import MakeCalendar
from transforms.plan import PlanSearch
from transforms.popularity import with_views
from transforms.project import ProjectArticles
from transforms.read import ReadArticles
from transforms.recommend import FitTagModel, RecommendTags
from transforms.records import Article, Block, Encoding, TextBlock
from transforms.resolve import ResolveLinks
from transforms.search_plan import Method
from transforms.side_inputs import as_singleton
from transforms.spelling import respell, tag_blocks, tag_names
from transforms.split import CountPosts, SplitRecords
from transforms.tables import WriteTables
from transforms.tag_tree import LinkTags
from transforms.tags import TagMeans
from transforms.tell import RankRelated, TellConfidence
from transforms.thumbnails import MakeThumbnails

MODEL_FILES = ("model/model.json", "model/model.npz")


def build_pipeline(
    pipeline: beam.Pipeline,
    config: Config,
    encoder: SettledEncoder,
    staging: str,
    views: Mapping[str, int] | None = None,
    search: Method = "auto",
    shard_articles: int | None = None,
) -> None:
    """Wire the job: everything from reading to publishing happens inside the pipeline.

    `views` are page views by path, where they were given. A worker searches `shard_articles` articles at a time, by
    the method `search`; None: all.
    """
    spec, model_folder = encoder
    read = pipeline | "Read" >> ReadArticles(
        config.source.input,
        config.source.fields,
        as_of=config.source.as_of,
        include=frozenset(config.source.include),
        outside=config.output,
    )
    files = AsSingleton(read.total)
    articles = read.articles
    if views is not None:
        page_views = pipeline | "PageViews" >> beam.Create([views], reshuffle=False)
        articles |= "Views" >> beam.Map(with_views, AsSingleton(page_views))
    texts, collisions = articles | "Blocks" >> GroupIntoBlocks(config.encoding.parts, files)
    survey = texts | "Survey" >> SurveyTexts(files)
    the_survey = as_singleton(survey, "survey")
    names = survey | "Names" >> beam.Map(lambda survey: tag_names(survey.spellings))
    if model_folder is None:
        fitted = texts | "FitEncoder" >> FitEncoder(spec, f"{staging}/model", files)
    else:
        fitted = pipeline | "Model" >> beam.Create([model_in(model_folder)])
    noted = texts | "Notes" >> TakeNotes(the_survey)
    encoded = encode(noted, names, EncodeArticles(spec, fitted))
    named, blocks = encoded | "ByKind" >> beam.Partition(is_of_articles, 2)

    table = blocks | "TagMeans" >> TagMeans(names, AsIter(named))
    the_table = as_singleton(table, "tags")
    plan = blocks | "Plan" >> PlanSearch(read.total, search, config.searching.target_recall, shard_articles)
    finds = blocks | "Find" >> FindCandidates(
        as_singleton(plan, "plan"), the_table, exact_duplicates=config.include_duplicates
    )
    calendar = blocks | "Calendar" >> MakeCalendar(the_table)
    found = blocks | "Dossiers" >> OpenDossiers(finds.votes, as_singleton(calendar, "calendar"), the_table)
    tag_model = found | "FitTags" >> FitTagModel(the_table)
    expected, recommended = found | "RecommendTags" >> RecommendTags(
        AsSingleton(tag_model), the_table, config.tags, config.tag_count, config.min_confidence
    )
    ranked = expected | "Rank" >> RankRelated(finds.candidates, the_table, files, config.related_parts, config.related)
    model = blocks | "FitClusters" >> FitClusters(config.clusters, the_table, files)
    the_model = as_singleton(model, "clusters")
    similar = ranked | "Related" >> TellConfidence(config.related_parts, config.min_confidence)
    duplicates = (finds.duplicates, blocks | "Copies" >> FindCopies(files)) | "Duplicates" >> beam.Flatten()
    if config.drawings.thumbnails is None:
        thumbnails = pipeline | "NoThumbnails" >> beam.Create([], reshuffle=False)
    else:
        roots = [pattern_root(pattern) for pattern in config.source.input]
        thumbnails = blocks | "Thumbnails" >> MakeThumbnails(
            roots, config.drawings.pictures, files, link=config.drawings.thumbnails == "link"
        )
    clusters, members = blocks | "Clusters" >> AssignClusters(the_model, files)
    the_names = as_singleton(names, "names")
    tables = {
        "articles": blocks | "Articles" >> beam.FlatMap(_respelled, the_names),
        "related": similar | "Feature" >> FeatureInClusters(blocks, the_model, the_table),
        "tags": recommended,
        "clusters": clusters,
        "members": members,
        "dendrogram": model | "Dendrogram" >> LinkClusters(),
        "metrics": blocks
        | "Evaluate"
        >> Evaluate(
            finds.candidates,
            ranked,
            the_table,
            the_model,
            files,
            tags=config.tags,
            parts=config.related_by,
        ),
        "tag_tree": table | "TagTree" >> LinkTags(wanted="articles" in config.drawings.tree),
        "map": blocks | "Map" >> ProjectArticles(config.drawings.maps, the_model, files),
        "links": texts | "Links" >> ResolveLinks(files),
        "coverage": blocks | "Coverage" >> MeasureCoverage(the_model, files, config.split_date),
        "tag_issues": expected | "TagIssues" >> FindTagIssues(the_table, the_survey, files),
        "duplicates": duplicates,
        "rejected": read.rejected,
        "skipped": read.skipped,
        "collisions": collisions,
        "thumbnails": thumbnails,
    }
    chunks, extracts = tables | "Records" >> SplitRecords(files)
    counted = blocks | "CountPosts" >> CountPosts(the_names, the_model)
    _ = (
        (extracts, counted)
        | "Extracts" >> beam.Flatten()
        | "Render"
        >> RenderReport(
            config.output,
            staging,
            about={"version": __version__, "config": config.as_row()},
            encodings=AsIter(encoded | "Encodings" >> beam.Map(_encoding)),
            files=AsIter(chunks | "WriteTables" >> WriteTables(staging, blocks, files)),
            model=MODEL_FILES if model_folder is None else (),
            obsolete=() if model_folder is None or config.reuses_own_model else MODEL_FILES,
        )
    )


def encode(
    texts: PCollection[TextBlock], names: PCollection[dict[str, str]], encode_blocks: EncodeArticles
) -> PCollection[Block]:
    """Encode the articles, and the names of their tags, with one model."""
    tag_texts = names | "TagNames" >> beam.FlatMap(tag_blocks, BLOCK_ROWS)
    return (texts, tag_texts) | "Texts" >> beam.Flatten() | "Encode" >> encode_blocks


def is_of_articles(block: Block, _: int) -> int:
    """Part the blocks of articles (1) from those of tags' names (0)."""
    return int(block.kind == "articles")


def _encoding(block: Block) -> Encoding:
    return Encoding(block.encoder, len(block), block.cut, block.cached)


def _respelled(block: Block, names: dict[str, str]) -> list[Article]:
    return [respell(article, names) for article in block.articles]
