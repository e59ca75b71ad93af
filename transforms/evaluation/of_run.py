"""The measures that every run takes of itself, each beside its baselines."""

from __future__ import annotations

import functools
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import KW_ONLY, dataclass

import apache_beam as beam
import numpy as np
from apache_beam.pvalue import AsSingleton, PCollection

from transforms.corpus.tag_table import TagTable
from transforms.evaluation.baselines import random_related
from transforms.evaluation.clusterings import judge_clusterings
from transforms.evaluation.corpus import Corpus, gather_corpus
from transforms.evaluation.linked import judge_lessons
from transforms.evaluation.names import LEARNED, MAP, ONLY_LEARNED, RANDOM, RELATED, TEXT
from transforms.evaluation.protocols import JUDGED, judge_related, judge_tags, newest, true_tags
from transforms.evaluation.search import search_corpus
from transforms.evaluation.study import study_of
from transforms.numerics.arrays import NOBODY, Floats, Ints
from transforms.numerics.rounding import rounded
from transforms.plumbing.composite import Composite
from transforms.plumbing.gather import GatherEach
from transforms.plumbing.metrics import measured
from transforms.plumbing.side_inputs import as_iter, as_singleton
from transforms.records import Block
from transforms.related.lessons import Lessons
from transforms.related.rank import Ranks
from transforms.related.shards import Ranked
from transforms.related.weights import RankWeights
from transforms.results import PARTS, Metric, TagMethod
from transforms.sampling import EVALUATED_ARTICLES, key_of, sampled
from transforms.search.shards import Candidates
from transforms.themes.clusters import ClusterModel

RelatedIds = Mapping[str, Sequence[str]]
"""The ids related to each article, by its id, as if it had no tags."""


def rows_of_candidates(ids: Sequence[str], parts: Iterable[Candidates]) -> tuple[Ints, Floats]:
    """Lay out all articles' candidates, in the order of their ids, as rows of the corpus, and their cosines [n, c]."""
    keys = np.array([key_of(id_) for id_ in ids], np.int64)
    by_key = np.argsort(keys, kind="stable")
    rows, found, cosines = (
        np.concatenate(arrays)
        for arrays in zip(*((part.keys, part.found, part.cosines) for part in _padded(list(parts))), strict=True)
    )
    order = by_key[np.searchsorted(keys[by_key], rows)]
    places = by_key[np.minimum(np.searchsorted(keys[by_key], found), len(keys) - 1)]
    found_rows, found_cosines = np.empty_like(found), np.empty(cosines.shape)
    found_rows[order], found_cosines[order] = np.where(found == NOBODY, NOBODY, places), rounded(cosines)
    return found_rows, found_cosines


def rows_of_related(ids: Sequence[str], related: RelatedIds, count: int = JUDGED) -> Ints:
    """Lay out `count` ids related to each article as rows of the corpus: int64 [n, count]."""
    row_of = {id_: row for row, id_ in enumerate(ids)}
    rows = np.full((len(ids), count), NOBODY)
    for row, id_ in enumerate(ids):
        others = [row_of[other] for other in related[id_][:count]]
        rows[row, : len(others)] = others
    return rows


def evaluate(
    corpus: Corpus,
    table: TagTable,
    found: Ints,
    cosines: Floats,
    related: Ints | None,
    *,
    tags: TagMethod,
    parts: Collection[str],
    clusters: int,
) -> list[Metric]:
    """Judge the related rows [n, k] that are found without an article's own tags, and the tags of the newest articles.

    The articles have the candidates `found` [n, c]; `tags` is the method in use, and `related` were found by `parts`,
    or are found here where none are given. Without any tag nothing is judged but `clusters`, the number in use beside
    others.
    """
    clusterings = judge_clusterings(corpus, clusters)
    tagged = np.flatnonzero(corpus.tagged)
    if not len(tagged):
        return clusterings
    in_use = method_of(parts)
    if in_use and related is None:
        related = np.full((len(corpus), JUDGED), NOBODY)
        related[tagged] = _first(study_of(corpus, found, cosines, table).related(tagged, frozenset(parts)), JUDGED)
    methods = {TEXT: found, RANDOM: random_related(len(corpus))}
    if in_use and related is not None:
        methods[in_use] = related
    by_method = {method: rows[tagged] for method, rows in methods.items()}
    held_back = newest(corpus)
    study = study_of(corpus.without_tags(held_back), found, cosines, table)
    return [
        *judge_related(corpus, by_method, RELATED, tagged, in_use),
        *judge_tags(study, held_back, true_tags(corpus, held_back), tags, [MAP]),
        *clusterings,
    ]


def method_of(parts: Collection[str]) -> str:
    """Name how articles are related without their own tags, by the parts in use; nothing where these need them."""
    known = [part for part in PARTS if part in parts and part != "tags"]
    names = {("text",): TEXT, ("learned",): ONLY_LEARNED, tuple(part for part in PARTS if part != "tags"): LEARNED}
    return names.get(tuple(known), " + ".join(known))


@dataclass(eq=False, repr=False)
class Evaluate(Composite):
    """Blocks -> Metrics: of related articles, of tags recommended anew to the newest articles, of clusterings.

    A corpus of up to `EVALUATED_ARTICLES` is judged by what was found and ranked, `candidates` and `ranks`, and by its
    links; of a larger one a sample is judged as if it were the whole. `table` is the TagTable, `model` the
    ClusterModel, `corpus_size` the number of articles.
    """

    candidates: PCollection[Candidates]
    ranks: Ranks
    table: AsSingleton
    model: AsSingleton
    corpus_size: AsSingleton
    _: KW_ONLY
    tags: TagMethod
    parts: tuple[str, ...]
    any_language: bool = False

    def expand(self, blocks: PCollection[Block]) -> PCollection[Metric]:
        """Take the articles that are judged and what was answered of them, gather, judge."""
        found = self.candidates | "Found" >> beam.FlatMap(if_whole, self.corpus_size)
        related = self.ranks.ranked | "Related" >> beam.FlatMap(_related_if_whole, self.corpus_size)
        judge = functools.partial(_evaluate, tags=self.tags, parts=self.parts, any_language=self.any_language)
        return (
            blocks
            | "Sample" >> beam.FlatMap(sample_block, self.corpus_size)
            | "Judge"
            >> GatherEach(
                judge,
                self.table,
                self.model,
                as_iter(found, "found"),
                as_iter(related, "related"),
                as_singleton(self.ranks.lessons, "lessons"),
                as_singleton(self.ranks.weights, "weights"),
            )
        )


def sample_block(block: Block, corpus_size: int, limit: int = EVALUATED_ARTICLES) -> Iterator[Block]:
    """Take of a block the articles that are judged, of about `limit` in a corpus of so many articles."""
    rows = [row for row, article in enumerate(block.articles) if sampled(article.id, corpus_size, limit)]
    if rows:
        yield block.part(rows)


def if_whole(candidates: Candidates, corpus_size: int) -> Iterator[Candidates]:
    """Take candidates where the whole corpus is judged: those of a sample are searched for anew."""
    if corpus_size <= EVALUATED_ARTICLES:
        yield candidates


def _related_if_whole(ranked: Ranked, corpus_size: int) -> Iterator[dict[str, tuple[str, ...]]]:
    if corpus_size <= EVALUATED_ARTICLES:
        yield {related.id: ids for related, ids in zip(ranked.related, ranked.without_tags, strict=True)}


def _evaluate(
    blocks: Sequence[Block],
    table: TagTable,
    model: ClusterModel,
    found: Iterable[Candidates],
    related: Iterable[RelatedIds],
    lessons: Lessons,
    weights: RankWeights,
    *,
    tags: TagMethod,
    parts: tuple[str, ...],
    any_language: bool,
) -> list[Metric]:
    with measured("evaluate"):
        corpus = gather_corpus(blocks, table.keys)
        answers = list(found)
        if answers:
            without_tags = {id_: ids for part in related for id_, ids in part.items()}
            given = (*rows_of_candidates(corpus.ids, answers), rows_of_related(corpus.ids, without_tags))
            return [
                *evaluate(corpus, table, *given, tags=tags, parts=parts, clusters=len(model.centroids)),
                *judge_lessons(corpus, lessons, weights, frozenset(parts)),
            ]
        sample = corpus.without_tags(np.zeros(0, np.int64))  # and without those that only others carry
        candidates = search_corpus(sample, any_language=any_language)
        return evaluate(sample, table, *candidates, None, tags=tags, parts=parts, clusters=len(model.centroids))


def _padded(parts: list[Candidates]) -> Iterator[Candidates]:
    width = max(part.found.shape[1] for part in parts)
    for part in parts:
        missing = ((0, 0), (0, width - part.found.shape[1]))
        yield Candidates(
            part.block,
            part.keys,
            np.pad(part.found, missing, constant_values=NOBODY),
            np.pad(part.cosines, missing),
            part.shards,
        )


def _first(rows: Ints, count: int) -> Ints:
    return np.pad(rows[:, :count], ((0, 0), (0, max(0, count - rows.shape[1]))), constant_values=NOBODY)
