"""The main job's pipeline: what flows from where to where."""

from __future__ import annotations

import apache_beam as beam
from apache_beam.pvalue import AsIter, AsSingleton, PCollection

from jobs import __version__
from jobs.encoder import SettledEncoder
from jobs.report import Config
from reports.render import RenderReport
from transforms.blocks import BLOCK_ROWS, GroupIntoBlocks
from transforms.clusters import AssignClusters, FitClusters
from transforms.encode import EncodeArticles, FitEncoder, model_in
from transforms.hierarchy import LinkClusters
from transforms.metrics import Evaluate
from transforms.read import ReadArticles
from transforms.records import Article, Block, Encoding, Related, TextBlock
from transforms.related import FindRelated
from transforms.side_inputs import as_iter, as_singleton
from transforms.spelling import SpellTags, respell, tag_blocks
from transforms.tables import NameRecords, WriteTables
from transforms.tags import RecommendTags, TagMeans

JUDGED_RELATED = 4
MODEL_FILES = ("model/model.json", "model/model.npz")


def build_pipeline(pipeline: beam.Pipeline, config: Config, encoder: SettledEncoder, staging: str) -> None:
    """Wire the job: everything from reading to publishing happens inside the pipeline."""
    spec, model_folder = encoder
    read = pipeline | "Read" >> ReadArticles(
        config.input,
        config.fields,
        as_of=config.as_of,
        include=frozenset(config.include),
        outside=config.output,
    )
    files = AsSingleton(read.total)
    texts, collisions = read.articles | "Blocks" >> GroupIntoBlocks(config.encoding.parts, files)
    names = texts | "SpellTags" >> SpellTags()
    if model_folder is None:
        fitted = texts | "FitEncoder" >> FitEncoder(f"{staging}/model", files)
    else:
        fitted = pipeline | "Model" >> beam.Create([model_in(model_folder)])
    encoded = encode(texts, names, EncodeArticles(spec, fitted))
    named, blocks = encoded | "ByKind" >> beam.Partition(_is_of_articles, 2)
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
        encodings=AsIter(encoded | "Encodings" >> beam.Map(_encoding)),
        files=AsIter(records | "WriteTables" >> WriteTables(staging, blocks)),
        model=MODEL_FILES if model_folder is None else (),
        obsolete=() if model_folder is None or config.reuses_own_model else MODEL_FILES,
    )


def encode(
    texts: PCollection[TextBlock], names: PCollection[dict[str, str]], encode_blocks: EncodeArticles
) -> PCollection[Block]:
    """Encode the articles, and the names of their tags, with one model."""
    tag_texts = names | "TagNames" >> beam.FlatMap(tag_blocks, BLOCK_ROWS)
    return (texts, tag_texts) | "Texts" >> beam.Flatten() | "Encode" >> encode_blocks


def _is_of_articles(block: Block, _: int) -> int:
    return int(block.kind == "articles")


def _encoding(block: Block) -> Encoding:
    return Encoding(block.encoder, len(block), block.cut, block.cached)


def _respelled(block: Block, names: dict[str, str]) -> list[Article]:
    return [respell(article, names) for article in block.articles]


def _first(related: Related, count: int) -> Related:
    return Related(related.id, related.related[:count])
