"""The main job's pipeline: what flows from where to where."""

from __future__ import annotations

import apache_beam as beam
from apache_beam.pvalue import AsIter, AsSingleton, PCollection

from jobs import __version__
from jobs.report import Config
from reports.render import RenderReport
from transforms.blocks import BLOCK_ROWS, GroupIntoBlocks
from transforms.clusters import AssignClusters, FitClusters
from transforms.encode import EncodeArticles, FitEncoder, model_in
from transforms.encoders import ENCODERS
from transforms.hierarchy import LinkClusters
from transforms.metrics import Evaluate
from transforms.read import ReadArticles
from transforms.records import Article, Block, EncoderInfo, Related, TextBlock
from transforms.related import FindRelated
from transforms.side_inputs import as_iter, as_singleton
from transforms.spelling import SpellTags, respell, tag_blocks
from transforms.tables import NameRecords, WriteTables
from transforms.tags import RecommendTags, TagMeans

JUDGED_RELATED = 4
MODEL_FILES = ("model/model.json", "model/model.npz")


def build_pipeline(pipeline: beam.Pipeline, config: Config, staging: str) -> None:
    """Wire the job: everything from reading to publishing happens inside the pipeline."""
    kind = ENCODERS[config.encoder]
    read = pipeline | "Read" >> ReadArticles(
        config.input, config.fields, as_of=config.as_of, include=frozenset(config.include)
    )
    files = AsSingleton(read.total)
    texts, collisions = read.articles | "Blocks" >> GroupIntoBlocks(kind.parts, files)
    names = texts | "SpellTags" >> SpellTags()
    blocks, named = encode(texts, names, config, files, f"{staging}/model")
    all_blocks = as_iter(blocks, "blocks")

    found, duplicates = blocks | "Related" >> FindRelated(
        all_blocks, max(config.related, JUDGED_RELATED), exact_duplicates=config.include_duplicates
    )
    table = blocks | "TagMeans" >> TagMeans(names, AsIter(named))
    the_table = as_singleton(table, "tags")
    model = blocks | "FitClusters" >> FitClusters(config.clusters, the_table, files)
    tables = {
        "articles": blocks | "Articles" >> beam.FlatMap(_respelled, as_singleton(names, "names")),
        "related": found | "FirstRelated" >> beam.Map(_first, config.related),
        "tags": blocks | "Tags" >> RecommendTags(the_table, config.tags, config.tag_vectors),
        "clusters": blocks | "Clusters" >> AssignClusters(as_singleton(model, "clusters")),
        "dendrogram": model | "Dendrogram" >> LinkClusters(),
        "metrics": table | "Evaluate" >> Evaluate(all_blocks, as_iter(found, "related"), config.tag_vectors),
        "duplicates": duplicates,
        "rejected": read.rejected,
        "skipped": read.skipped,
        "collisions": collisions,
    }
    records = tables | "Records" >> NameRecords()
    _ = records | "Render" >> RenderReport(
        config.output,
        staging,
        about={"version": __version__, "config": config.as_row()},
        shown=config.shown(),
        encoders=AsIter(blocks | "Encoder" >> beam.Map(_encoder)),
        files=AsIter(records | "WriteTables" >> WriteTables(staging, blocks)),
        model=() if config.model else MODEL_FILES,
        obsolete=MODEL_FILES if config.model and not config.reuses_own_model else (),
    )


def encode(
    texts: PCollection[TextBlock],
    names: PCollection[dict[str, str]],
    config: Config,
    files: AsSingleton,
    folder: str,
) -> tuple[PCollection[Block], PCollection[Block]]:
    """Encode the articles and the names of their tags with one model: the given one, or one fitted into `folder`."""
    if config.model:
        model = texts.pipeline | "Model" >> beam.Create([model_in(config.model)])
    else:
        model = texts | "FitEncoder" >> FitEncoder(folder, files)
    tag_texts = names | "TagNames" >> beam.FlatMap(tag_blocks, BLOCK_ROWS)
    encoded = (texts, tag_texts) | "Texts" >> beam.Flatten() | "Encode" >> EncodeArticles(config.encoder, model)
    named, blocks = encoded | "ByKind" >> beam.Partition(lambda block, _: int(block.kind == "articles"), 2)
    return blocks, named


def _encoder(block: Block) -> EncoderInfo:
    return block.encoder


def _respelled(block: Block, names: dict[str, str]) -> list[Article]:
    return [respell(article, names) for article in block.articles]


def _first(related: Related, count: int) -> Related:
    return Related(related.id, related.related[:count])
