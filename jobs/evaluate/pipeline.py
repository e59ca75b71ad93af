"""The evaluation job's pipeline, run to its end: posts read once, encoded in several ways, each judged."""

from __future__ import annotations

import dataclasses
import functools
import json
import re
import sys
import uuid
from collections.abc import Sequence
from dataclasses import KW_ONLY, dataclass
from typing import Any

import apache_beam as beam
from apache_beam.pvalue import AsIter, AsSingleton, PCollection

from jobs.evaluate.config import Config
from jobs.options.encoder import EncoderFlags, SettledEncoder
from jobs.options.readings import Readings
from jobs.running.launch import launch
from jobs.running.runners import check_filesystems, is_submit_only, keep_parts, make_options
from jobs.version import __version__
from reports.assessment import assessment_markdown
from reports.render import NO_POSTS
from transforms.corpus.group import CountArticles, GroupIntoBlocks
from transforms.corpus.stand_in import StandIn
from transforms.corpus.survey import SurveyTexts, TakeNotes
from transforms.corpus.tag_means import TagMeans
from transforms.corpus.tag_spelling import tag_names
from transforms.encoders.encode import EncodeArticles, FitEncoder, encode, is_of_articles, model_in
from transforms.evaluation.names import NEXT_RECALL
from transforms.evaluation.of_encoder import Assess, AssessLinks
from transforms.evaluation.of_readings import AssessNextPosts, ReadPosts, ReadReaders
from transforms.evaluation.of_run import sample_block
from transforms.output.layout import MEASURES
from transforms.output.publish import staging_folder
from transforms.plumbing.composite import Composite
from transforms.plumbing.gather import Gather
from transforms.plumbing.side_inputs import as_iter, as_singleton
from transforms.plumbing.storage import move, read_bytes, write_bytes
from transforms.reading.read import ReadArticles
from transforms.readings.together import LEAST_JUDGED
from transforms.records import Article, TextBlock
from transforms.results import Assessed, Links, as_row
from transforms.sampling import LARGE, sampled
from transforms.site.resolve import ResolveLinks
from transforms.site.site_model import find_site

METRICS, TABLES = MEASURES


def run_evaluation(config: Config, settled: Sequence[SettledEncoder], posts: int | None) -> int:
    """Run the job on `posts` files (None: not counted), with an encoder for each encoding; returns the exit code."""
    options = make_options(config.beam_args)
    folders = [path for encoding in config.encodings for path in (encoding.model_dir, encoding.cache)]
    check_filesystems((*config.source.input, *config.readings.paths, config.output, *folders))
    staging = staging_folder(config.output, uuid.uuid4().hex[:12])
    keep_parts(options, staging)
    build = functools.partial(build_evaluation, config=config, settled=settled, staging=staging)
    result = launch(
        "postkin evaluate", build, options, staging=staging, posts=posts, quiet=config.quiet, verbose=config.verbose
    )
    if isinstance(result, int):
        return result
    if is_submit_only(options):
        line = f"postkin: submitted; the measures will be at {config.output}/{METRICS}\n"
    else:
        tables = read_bytes(f"{config.output}/{TABLES}").decode()
        line = f"{tables}\n{unjudged_line(config.readings, tables)}postkin: measures: {config.output}/{METRICS}\n"
    sys.stdout.write("" if config.quiet else line)
    return 0


def unjudged_line(readings: Readings, tables: str) -> str:
    """Say that logs were read and nothing is judged by them, if that is so."""
    if not readings.paths or NEXT_RECALL in tables:
        return ""
    few = f"fewer than {LEAST_JUDGED} readers of three posts are in the logs"
    return f"postkin: warning: {few}, so nothing is judged by what they read\n"


def build_evaluation(pipeline: beam.Pipeline, config: Config, settled: Sequence[SettledEncoder], staging: str) -> None:
    """Wire the job: read, then fit, encode and assess for every encoder and text, and write what was measured."""
    source = config.source
    site = find_site(source.input)
    read_posts = functools.partial(
        ReadArticles,
        source.input,
        source.fields,
        as_of=source.as_of,
        include=frozenset(source.include),
        outside=(config.output,),
        generator=site.generator,
    )
    read = pipeline | "Read" >> read_posts()
    unlinked = pipeline | "ReadUnlinked" >> read_posts(link_texts=False)
    readers = None
    if config.readings.paths:
        logs = ReadReaders(config.readings.paths, config.readings.reader(source.as_of), site)
        readers = read.articles | "Readings" >> logs
    assessed = []
    for number, (encoding, encoder) in enumerate(zip(config.encodings, settled, strict=True)):
        bare = config.ablation and bool(encoding.text)
        assess = functools.partial(
            AssessEncoding, encoding, encoder, AsSingleton(read.total), names_tags=source.names_tags, bare=bare
        )
        folder, baselines = f"{staging}/{number}", number == 0
        of_readers = None if bare else readers
        assessed.append(read.articles | f"Encoding {number}" >> assess(folder, baselines=baselines, readers=of_readers))
        if not bare:
            by_links = assess(f"{folder}/unlinked", baselines=baselines, by_links=True)
            assessed.append(unlinked.articles | f"Links {number}" >> by_links)
    begin = pipeline | "Begin" >> beam.Create([None], reshuffle=False)
    posts = read.articles | "Count" >> beam.combiners.Count.Globally()
    encodings = [encoding_names(encoding) for encoding in config.encodings]
    about = {"version": __version__, "input": list(source.input), "as_of": source.as_of, "encodings": encodings}
    _ = (
        (*assessed, begin)
        | beam.Flatten()
        | "Write" >> Gather(functools.partial(write_measures, about=about, output=config.output), AsSingleton(posts))
    )


def natural(text: str) -> list[str | int]:
    """Split a text at its whole numbers, to sort by them."""
    return [int(part) if part.isdigit() else part for part in re.split(r"(\d+)", text)]


def encoding_names(encoding: EncoderFlags) -> tuple[str, str]:
    """Name an encoding's encoder, and what of a post it reads."""
    return encoding.encoder, " + ".join(encoding.parts)


@dataclass(eq=False, repr=False)
class AssessEncoding(Composite):
    """Articles -> Assessed, of one encoder that reads what one set of flags says.

    `files` is the number of files, `folder` is for a fitted model; `baselines` are judged once. When `bare`,
    nothing is looked for in a post beyond what the encoder reads. Of articles without the texts of links it is judged
    `by_links` alone. By what `readers` read next it is judged too. With `names_tags`, no categories stand in for tags.
    """

    encoding: EncoderFlags
    encoder: SettledEncoder
    files: AsSingleton
    folder: str
    _: KW_ONLY
    names_tags: bool
    baselines: bool
    bare: bool
    by_links: bool = False
    readers: ReadPosts | None = None

    def expand(self, articles: PCollection[Article]) -> PCollection[Assessed]:
        """Group, fit, encode, assess."""
        spec, model_folder = self.encoder
        grouped = (articles | "Blocks" >> GroupIntoBlocks(self.encoding.parts, self.files)).blocks
        corpus_size = as_singleton(grouped | "CorpusSize" >> CountArticles(), "posts")
        texts = (grouped | "Categories" >> StandIn(allowed=not self.names_tags)).blocks
        links = (texts | "Links" >> ResolveLinks(corpus_size)).links
        if self.bare:
            texts = texts | "Bare" >> beam.Map(lambda block: dataclasses.replace(block, whole=block.texts))
        survey = texts | "Survey" >> SurveyTexts(corpus_size)
        names = survey | "Names" >> beam.Map(lambda survey: tag_names(survey.spellings))
        if model_folder is None:
            model = texts | "FitEncoder" >> FitEncoder(spec, self.folder, corpus_size)
        else:
            model = articles.pipeline | "Model" >> beam.Create([model_in(model_folder)])
        noted = texts | "Notes" >> TakeNotes(as_singleton(survey, "survey"))
        encoded = encode(noted, names, EncodeArticles(spec, model))
        named, blocks = encoded | "ByKind" >> beam.Partition(is_of_articles, 2)
        table = blocks | "TagMeans" >> TagMeans(names, AsIter(named))
        judged = blocks | "SampleBlocks" >> beam.FlatMap(sample_block, corpus_size, LARGE)
        linked = links | "SampleLinks" >> beam.Filter(_is_judged, corpus_size)
        whole = texts | "SampleTexts" >> beam.Map(_whole_texts, corpus_size)
        assess = AssessLinks if self.by_links else Assess
        names = encoding_names(self.encoding)
        assessed = table | assess(
            as_iter(judged, "blocks"),
            as_iter(linked, "links"),
            as_iter(whole, "texts") if self.baselines or self.by_links else None,
            *names,
        )
        if self.readers is None:
            return assessed
        sides = as_iter(self.readers.histories, "histories"), as_singleton(self.readers.addresses, "addresses")
        return (assessed, judged | "NextPosts" >> AssessNextPosts(*sides, *names)) | "All" >> beam.Flatten()


def _is_judged(row: Links, corpus_size: int) -> bool:
    return sampled(row.id, corpus_size, LARGE)


def _whole_texts(block: TextBlock, corpus_size: int) -> dict[str, str]:
    pairs = zip(block.articles, block.whole, strict=True)
    return {article.id: text for article, text in pairs if sampled(article.id, corpus_size, LARGE)}


def write_measures(rows: Sequence[Assessed | None], posts: int, about: dict[str, Any], output: str) -> None:
    """Write metrics.json and metrics.md into a folder, in place of earlier ones; raises RuntimeError for no posts."""
    if not posts:
        raise RuntimeError(f"{NO_POSTS} (postkin report lists why)")
    encodings = about["encodings"]
    assessed = sorted(
        (row for row in rows if row is not None),
        key=lambda row: (encodings.index((row.encoder, row.text)), row.measure, natural(row.method)),
    )
    metrics = {**about, "posts": posts, "metrics": [as_row(row) for row in assessed]}
    contents = {
        METRICS: json.dumps(metrics, ensure_ascii=False, indent=1) + "\n",
        TABLES: assessment_markdown(assessed, posts),
    }
    for name, content in contents.items():
        write_bytes(f"{output}/{name}.new", content.encode())
    for name in contents:
        move(f"{output}/{name}.new", f"{output}/{name}")
