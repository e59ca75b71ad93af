"""Reading a blog's posts in a pipeline."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import KW_ONLY, dataclass, field
from typing import NamedTuple

import apache_beam as beam
from apache_beam.pvalue import PBegin, PCollection, TaggedOutput

from transforms.generators.generator import Generator
from transforms.generators.registry import COMMON
from transforms.plumbing.composite import Composite
from transforms.plumbing.metrics import count, log, measured
from transforms.plumbing.printable import printable
from transforms.reading.fields import FIELDS
from transforms.reading.files import list_files
from transforms.reading.parse import read_article
from transforms.records import Article, PostFile
from transforms.results import Note, Rejected, Skipped


class Reading(NamedTuple):
    """What came of the files: each is an article, rejected or skipped; `total` is their number.

    `notes` are about articles, `others` say of each suffix how many files of other kinds there are.
    """

    total: PCollection[int]
    articles: PCollection[Article]
    rejected: PCollection[Rejected]
    skipped: PCollection[Skipped]
    notes: PCollection[Note]
    others: PCollection[tuple[str, int]]


@dataclass(eq=False, repr=False)
class ReadArticles(Composite):
    """The start of a pipeline -> a Reading of the posts that `patterns` name, without those in folders `outside`.

    `generator` is that of their site. Without `link_texts` the texts of links are left out.

    A pattern that names nothing stops the run with FileNotFoundError; a post that cannot be read does not.
    """

    patterns: Sequence[str]
    fields: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: FIELDS)
    _: KW_ONLY
    as_of: str
    include: frozenset[str] = frozenset()
    outside: Sequence[str] = ()
    generator: Generator = COMMON
    link_texts: bool = True

    def expand(self, begin: PBegin) -> Reading:
        """List, spread over the workers, read."""
        listed = (
            begin
            | "Patterns" >> beam.Create([tuple(self.patterns)])
            | "ListPosts" >> beam.FlatMap(_list, self.outside).with_outputs("total", "others", main="files")
        )
        read = (
            listed.files
            | "Spread" >> beam.Reshuffle()
            | "ReadPosts"
            >> beam.ParDo(_route, self.fields, self.as_of, self.include, self.generator, self.link_texts).with_outputs(
                "rejected", "skipped", "notes", main="articles"
            )
        )
        return Reading(listed.total, read.articles, read.rejected, read.skipped, read.notes, listed.others)


def _list(patterns: Sequence[str], outside: Sequence[str]) -> Iterator[PostFile | TaggedOutput]:
    files = list_files(patterns, outside)
    yield from files.posts
    yield TaggedOutput("total", len(files.posts))
    yield from (TaggedOutput("others", item) for item in files.others.items())


def _route(
    file: PostFile,
    fields: Mapping[str, tuple[str, ...]],
    as_of: str,
    include: frozenset[str],
    generator: Generator,
    link_texts: bool,
) -> Iterator[Article | TaggedOutput]:
    notes: list[Note] = []
    with measured("read"):
        post = read_article(
            file, fields, as_of=as_of, include=include, notes=notes, generator=generator, link_texts=link_texts
        )
    if isinstance(post, Article):
        count("posts_parsed")
        yield post
        yield from (TaggedOutput("notes", note) for note in notes)
    else:
        tag = "rejected" if isinstance(post, Rejected) else "skipped"
        log.info("%s: %s", tag, printable(post.path))
        count(f"posts_{tag}")
        yield TaggedOutput(tag, post)
