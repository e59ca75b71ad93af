"""Where a run's blocks come from: posts that are read and encoded, or vectors that are given."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

import apache_beam as beam
from apache_beam.pvalue import AsIter, AsSingleton, PCollection

from jobs.options.encoder import SettledEncoder
from jobs.report.config import Config
from transforms.corpus.group import CountArticles, GroupIntoBlocks
from transforms.corpus.notes import Survey
from transforms.corpus.stand_in import StandIn
from transforms.corpus.survey import SurveyTexts, TakeNotes
from transforms.corpus.tag_spelling import tag_names
from transforms.encoders.encode import EncodeArticles, FitEncoder, encode, is_of_articles, model_in
from transforms.plumbing.gather import Gather
from transforms.plumbing.side_inputs import as_singleton
from transforms.reading.read import ReadArticles
from transforms.records import Article, Block, Encoding, Tagging, TextBlock
from transforms.results import Collision, Links, Note, ProposedTag, Rejected, Skipped, UnresolvedLink
from transforms.site.collisions import FindSharedAddresses
from transforms.site.page_views import with_views
from transforms.site.places import on_site
from transforms.site.resolve import Resolved, ResolveLinks
from transforms.site.site_model import PLAIN_SITE, Site
from transforms.tags.propose import ProposeTags
from transforms.vectors.read import ReadVectors


class Intake(NamedTuple):
    """What the analysis starts from.

    `files` is the number of files or rows, `corpus_size` that of articles, `names` map the keys of tags to the names
    shown, `addressed` hold the articles with what tells their addresses, `blocks` the articles with their vectors, and
    `named` the encoded names of tags; the rest is for the report.
    """

    files: PCollection[int]
    corpus_size: PCollection[int]
    survey: PCollection[Survey]
    proposed: PCollection[ProposedTag]
    names: PCollection[dict[str, str]]
    addressed: PCollection[TextBlock | Block]
    blocks: PCollection[Block]
    named: PCollection[Block]
    encodings: PCollection[Encoding]
    links: PCollection[Links]
    links_by_block: PCollection[tuple[int, tuple[Links, ...]]]
    unresolved: PCollection[UnresolvedLink]
    rejected: PCollection[Rejected]
    skipped: PCollection[Skipped]
    notes: PCollection[Note]
    collisions: PCollection[Collision]
    others: PCollection[tuple[str, int]]
    tagging: PCollection[Tagging]
    texts: PCollection[TextBlock] | None = None
    resolved: Resolved | None = None


def posts_of(
    pipeline: beam.Pipeline,
    config: Config,
    encoder: SettledEncoder,
    staging: str,
    views: Mapping[str, int] | None = None,
    site: Site = PLAIN_SITE,
) -> Intake:
    """Read posts and encode them, by a model that is fitted to them unless one is given."""
    spec, model_folder = encoder
    read = pipeline | "Read" >> ReadArticles(
        config.source.input,
        config.source.fields,
        as_of=config.source.as_of,
        include=frozenset(config.source.include),
        outside=tuple(folder for folder in (config.output, config.previous) if folder),
        generator=site.generator,
    )
    articles = read.articles | "OnSite" >> beam.Map(on_site, site)
    shared = articles | "SharedAddresses" >> FindSharedAddresses(site)
    if views is not None:
        page_views = pipeline | "PageViews" >> beam.Create([views], reshuffle=False)
        nobodys = shared | "Addresses" >> beam.Map(_address) | "Nobodys" >> Gather(frozenset)
        articles |= "Views" >> beam.Map(_with_views, AsSingleton(page_views), site, AsIter(nobodys))
    files = as_singleton(read.total, "files read")
    grouped, renamed = articles | "Blocks" >> GroupIntoBlocks(config.encoding.parts, files)
    posts = grouped | "CorpusSize" >> CountArticles()
    corpus_size = as_singleton(posts, "posts")
    texts, tagging = grouped | "Categories" >> StandIn(allowed=not config.source.names_tags)
    survey = texts | "Survey" >> SurveyTexts(corpus_size)
    names = survey | "Names" >> beam.Map(_names)
    if model_folder is None:
        fitted = texts | "FitEncoder" >> FitEncoder(spec, f"{staging}/model", corpus_size)
    else:
        fitted = pipeline | "Model" >> beam.Create([model_in(model_folder)])
    noted = texts | "Notes" >> TakeNotes(as_singleton(survey, "survey of texts"))
    encoded = encode(noted, names, EncodeArticles(spec, fitted))
    named, blocks = encoded | "ByKind" >> beam.Partition(is_of_articles, 2)
    resolved = texts | "Links" >> ResolveLinks(files, site, read.skipped)
    proposed = texts | "ProposeTags" >> ProposeTags(
        as_singleton(survey, "survey for tags"), corpus_size, config.propose_tags
    )
    return Intake(
        files=read.total,
        corpus_size=posts,
        survey=survey,
        proposed=proposed,
        names=names,
        addressed=texts,
        blocks=blocks,
        named=named,
        encodings=encoded | "Encodings" >> beam.Map(_encoding),
        links=resolved.links,
        links_by_block=resolved.by_block,
        unresolved=resolved.unresolved,
        rejected=read.rejected,
        skipped=read.skipped,
        notes=read.notes,
        collisions=(renamed, shared) | "Collisions" >> beam.Flatten(),
        others=read.others,
        tagging=tagging,
        texts=texts,
        resolved=resolved,
    )


def given_vectors(pipeline: beam.Pipeline, config: Config) -> Intake:
    """Read vectors instead of posts: nothing is encoded, linked or skipped."""
    read = pipeline | "Read" >> ReadVectors(config.source.vectors)
    return Intake(
        files=read.total,
        corpus_size=read.blocks | "CorpusSize" >> CountArticles(),
        survey=read.survey,
        proposed=pipeline | "Proposed" >> beam.Create([], reshuffle=False),
        names=read.survey | "Names" >> beam.Map(_names),
        addressed=read.blocks,
        blocks=read.blocks,
        named=pipeline | "Named" >> beam.Create([], reshuffle=False),
        encodings=read.blocks | "Encodings" >> beam.Map(_encoding),
        links=pipeline | "Links" >> beam.Create([], reshuffle=False),
        links_by_block=pipeline | "LinksByBlock" >> beam.Create([], reshuffle=False),
        unresolved=pipeline | "Unresolved" >> beam.Create([], reshuffle=False),
        rejected=read.rejected,
        skipped=pipeline | "Skipped" >> beam.Create([], reshuffle=False),
        notes=pipeline | "NotesOnPosts" >> beam.Create([], reshuffle=False),
        collisions=read.collisions,
        others=pipeline | "Others" >> beam.Create([], reshuffle=False),
        tagging=pipeline | "Tagging" >> beam.Create([], reshuffle=False),
    )


def _address(collision: Collision) -> str:
    return collision.wanted.strip("/")


def _with_views(article: Article, views: Mapping[str, int], site: Site, nobodys: Iterable[frozenset[str]]) -> Article:
    return with_views(article, views, site, next(iter(nobodys), frozenset()))


def _names(survey: Survey) -> dict[str, str]:
    return tag_names(survey.spellings)


def _encoding(block: Block) -> Encoding:
    return Encoding(block.encoder, len(block), block.cut, block.cached)
