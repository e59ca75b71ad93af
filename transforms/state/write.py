"""The state of a run, gathered in a pipeline and written to its staging folder."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any, NamedTuple

import apache_beam as beam
import numpy as np
from apache_beam.pvalue import AsSingleton, PCollection
from apache_beam.typehints.decorators import no_annotations
from scipy import sparse

from transforms.corpus.languages import main_language
from transforms.corpus.notes import Survey
from transforms.corpus.runs import HASHES
from transforms.corpus.tagging import by_categories
from transforms.encoders.coverage import usual
from transforms.numerics.arrays import Floats, Vectors
from transforms.plumbing.composite import Composite
from transforms.plumbing.group_on_disk import GroupOnDisk, StoredGroup
from transforms.plumbing.metrics import measured
from transforms.plumbing.side_inputs import as_iter
from transforms.plumbing.storage import write_bytes
from transforms.records import Block, EncoderInfo, Tagging, TextBlock
from transforms.related.confidence import Confidence
from transforms.related.weights import RankWeights
from transforms.results import Links, TagTrial
from transforms.site.hyperlinks import Hosts, own_hosts
from transforms.site.resolve import Resolved
from transforms.state.files import MAX_BYTES, MAX_POSTS, state_files
from transforms.state.posts import post_state, with_links
from transforms.state.records import PostState, Settings, SiteState, State
from transforms.tags.model import TagModel, TagWeights


class Learned(NamedTuple):
    """What a run has learned of a blog, each a side input: how it tags, and how it relates posts."""

    survey: AsSingleton
    tag_model: AsSingleton
    trial: AsSingleton
    ranking: AsSingleton
    confidence: AsSingleton


@dataclass(frozen=True, eq=False)
class _Rows:
    """Ids of posts, their vectors [n, dim] and coverage [n], and sketches csr [n, HASHES] of their runs of words."""

    ids: tuple[str, ...]
    encoder: EncoderInfo
    vectors: Vectors
    coverage: Floats | None
    runs: sparse.csr_matrix


_Part = tuple[PostState, ...] | tuple[Links, ...] | _Rows
_Keyed = tuple[None, _Part]
"""All parts have one key."""


@dataclass(eq=False, repr=False)
class WriteState(Composite):
    """TextBlocks whose articles still have their hrefs -> the files that were written below `folder`.

    `blocks` are the same articles' Blocks, `resolved` are their links, and `tagging` is the Tagging of all, if it was
    counted; `corpus_size` is the number of articles.
    Nothing is gathered of more than `MAX_POSTS`, and nothing written then.
    """

    folder: str
    postkin: str
    settings: Settings
    known_hosts: tuple[str, ...]
    blocks: PCollection[Block]
    resolved: Resolved
    tagging: PCollection[Tagging]
    learned: Learned
    corpus_size: AsSingleton

    def expand(self, texts: PCollection[TextBlock]) -> PCollection[str]:
        """Take what is needed of each block, gather, write."""
        parts = (
            texts | "Posts" >> beam.FlatMap(_posts, self.corpus_size),
            self.blocks | "Rows" >> beam.FlatMap(_rows, self.corpus_size),
            self.resolved.by_block | "Links" >> beam.FlatMap(_links, self.corpus_size),
        )
        write = partial(_write, self.folder, self.postkin, self.settings, self.known_hosts)
        gathered = parts | "Gather" >> GroupOnDisk()
        return gathered | "Write" >> beam.FlatMap(
            _call,
            write,
            *self.learned,
            as_iter(self.resolved.hosts | "Hosts" >> beam.Filter(_is_written, self.corpus_size), "hosts"),
            as_iter(self.resolved.shapes | "Shapes" >> beam.Filter(_is_written, self.corpus_size), "shapes"),
            as_iter(self.tagging, "tagging"),
        )


def _is_written(_: object, corpus_size: int) -> bool:
    return corpus_size <= MAX_POSTS


def _posts(block: TextBlock, corpus_size: int) -> Iterator[_Keyed]:
    if _is_written(block, corpus_size):
        yield None, tuple(map(post_state, block.articles))


def _rows(block: Block, corpus_size: int) -> Iterator[_Keyed]:
    if _is_written(block, corpus_size):
        runs = block.notes.runs if block.notes.runs is not None else sparse.csr_matrix((len(block), HASHES), np.int8)
        yield (
            None,
            _Rows(tuple(article.id for article in block.articles), block.encoder, block.vectors, block.coverage, runs),
        )


def _links(keyed: tuple[int, tuple[Links, ...]], corpus_size: int) -> Iterator[_Keyed]:
    if _is_written(keyed, corpus_size):
        yield None, tuple(row for row in keyed[1] if row.links)


@no_annotations  # Beam would take those of *learned for one argument's
def _call(group: tuple[None, StoredGroup], write: Callable[..., list[str]], *learned: Any) -> list[str]:
    return write(group[1], *learned)


def _write(
    folder: str,
    postkin: str,
    settings: Settings,
    known_hosts: tuple[str, ...],
    parts: Iterable[_Part],
    survey: Survey,
    tag_model: TagModel,
    trial: TagTrial,
    ranking: RankWeights,
    confidence: Confidence | None,
    hosts: Iterable[Hosts],
    shapes: Iterable[tuple[str, tuple[int, int]]],
    tagging: Iterable[Tagging],
) -> list[str]:
    with measured("write state"):
        rows: list[_Rows] = []
        records: list[PostState | Links] = []
        for part in parts:
            if isinstance(part, _Rows):
                rows.append(part)
            else:
                records += part
        posts = with_links(records, main_language(survey.languages))
        ids = [id_ for part in rows for id_ in part.ids]
        order = sorted(range(len(ids)), key=ids.__getitem__)
        encoder = max((part.encoder for part in rows), key=lambda encoder: encoder.dim)
        vectors = np.concatenate([part.vectors for part in rows])[order]
        runs = sparse.vstack([part.runs for part in rows], format="csr")
        coverage = usual([part.coverage for part in rows])
        rows.clear()  # of many posts they take much memory
        runs = runs[order]
        state = State(
            postkin,
            encoder,
            settings,
            posts,
            vectors,
            runs,
            survey.common_runs,
            TagWeights(tag_model.weights, tag_model.broad),
            trial,
            ranking,
            confidence,
            survey.titles,
            any(map(by_categories, tagging)),
            SiteState(tuple(sorted(own_hosts(hosts, known_hosts))), dict(sorted(shapes))),
            coverage,
        )
        files = state_files(state)
        if max(map(len, files.values())) > MAX_BYTES:
            return []
        for file, content in files.items():
            write_bytes(f"{folder}/{file}", content)
        return list(files)
