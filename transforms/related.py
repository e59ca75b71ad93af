"""Related articles: exact nearest neighbours by cosine, and texts that stand twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

import apache_beam as beam
import faiss
import numpy as np
import numpy.typing as npt
from apache_beam.pvalue import AsIter, PCollection, TaggedOutput
from threadpoolctl import threadpool_limits

from transforms.encoders import leading
from transforms.observe import measured
from transforms.records import Block, Duplicate, Neighbor, Related, Vectors
from transforms.scores import rounded

NEAR_DUPLICATE = 0.98
MARGIN = 16
"""How many neighbours beyond those asked for are fetched at first, for ties and near-duplicates."""

Rows = npt.NDArray[np.int64]
Scores = npt.NDArray[np.float64]


def nearest(vectors: Vectors, queries: Vectors, count: int) -> tuple[Rows, Scores]:
    """Find the nearest vectors of each query by inner product, exactly.

    For unit rows [n, dim] and [q, dim], returns rows int64 [q, min(count, n)] and their rounded scores, highest first
    and ties by row.
    """
    return _search(_index(vectors), vectors, queries, count)


def _index(vectors: Vectors) -> faiss.IndexFlatIP:
    index = faiss.IndexFlatIP(vectors.shape[1])
    index.add(vectors)
    return index


def _search(index: faiss.IndexFlatIP, vectors: Vectors, queries: Vectors, count: int) -> tuple[Rows, Scores]:
    """Fetch more than `count`, score again in float64, and widen the search while a tie may reach past its end."""
    total = len(vectors)
    count = min(count, total)
    rows = np.zeros((len(queries), count), np.int64)
    scores = np.zeros((len(queries), count))
    pending = np.arange(len(queries))
    fetch = min(total, count + MARGIN)
    while len(pending) and count:
        with threadpool_limits(1):
            found = np.sort(index.search(queries[pending], fetch)[1], axis=1)
        precise = np.einsum("qkd,qd->qk", vectors[found], queries[pending], dtype=np.float64)
        found_scores = rounded(precise)
        order = np.argsort(-found_scores, axis=1, kind="stable")
        rows[pending] = np.take_along_axis(found, order, 1)[:, :count]
        ranked = np.take_along_axis(found_scores, order, 1)
        scores[pending] = ranked[:, :count]
        if fetch == total:
            break
        pending = pending[ranked[:, count - 1] <= ranked[:, -1]]
        fetch = min(total, 2 * fetch)
    return rows, scores


class Corpus:
    """All articles' vectors in the order of their ids, ready to be searched.

    `ids` [n], `vectors` float32 [n, dim], `digests` [n]; neighbours compare the encoder's leading dimensions, `near`.
    """

    def __init__(self, blocks: Sequence[Block]) -> None:
        ids = [article.id for block in blocks for article in block.articles]
        digests = [digest for block in blocks for digest in block.digests]
        order = sorted(range(len(ids)), key=ids.__getitem__)
        self.ids = [ids[row] for row in order]
        self.digests = [digests[row] for row in order]
        self.vectors = np.concatenate([block.vectors for block in blocks])[order]
        self.near = leading(self.vectors, blocks[0].encoder.neighbor_dim)
        self._index = _index(self.near)
        self._row = {id_: row for row, id_ in enumerate(self.ids)}
        self._copies = Counter(self.digests)
        self._first: dict[str, str] = {}
        for id_, digest in zip(self.ids, self.digests, strict=True):
            self._first.setdefault(digest, id_)

    def related(
        self, ids: Sequence[str], count: int, *, exact_duplicates: bool = False
    ) -> Iterator[tuple[Related, list[Duplicate]]]:
        """Yield each article's `count` neighbours of positive score, and the duplicates seen beside it.

        Texts equal to the article's own are left out of its neighbours unless `exact_duplicates`.
        """
        queries = np.array([self._row[id_] for id_ in ids])
        reach = count + max((self._copies[self.digests[row]] for row in queries), default=0)
        found, scores = _search(self._index, self.near, self.near[queries], reach + MARGIN)
        for query, rows, near in zip(queries, found, scores, strict=True):
            neighbors = [
                Neighbor(self.ids[row], float(score))
                for row, score in zip(rows, near, strict=True)
                if row != query and score > 0 and (exact_duplicates or self.digests[row] != self.digests[query])
            ]
            yield Related(self.ids[query], tuple(neighbors[:count])), self._duplicates(query, rows)

    def _duplicates(self, query: int, rows: Rows) -> list[Duplicate]:
        """List the article's copies (each paired with the first of them) and its near-duplicates among `rows`."""
        me, digest = self.ids[query], self.digests[query]
        first = self._first[digest]
        duplicates = [Duplicate(first, me, 1.0, exact=True)] if first != me else []
        cosines = rounded(self.vectors[rows].astype(np.float64) @ self.vectors[query])
        for row, cosine in zip(rows, cosines, strict=True):
            if cosine > NEAR_DUPLICATE and self.digests[row] != digest:
                left, right = sorted((me, self.ids[row]))
                duplicates.append(Duplicate(left, right, min(float(cosine), 1.0), exact=False))
        return duplicates


class FindRelated(beam.PTransform):
    """Blocks -> Related, and Duplicates under the tag `duplicates` (the same pair may come twice).

    `corpus` are the Blocks that are searched.
    """

    DUPLICATES = "duplicates"

    def __init__(self, corpus: AsIter, count: int, *, exact_duplicates: bool = False) -> None:
        super().__init__()
        self.corpus = corpus
        self.count = count
        self.exact_duplicates = exact_duplicates

    def expand(self, blocks: PCollection[Block]) -> beam.pvalue.DoOutputsTuple:
        """Search every block in the index of all blocks."""
        return blocks | beam.ParDo(_FindRelatedFn(self.count, self.exact_duplicates), self.corpus).with_outputs(
            self.DUPLICATES, main="related"
        )


class _FindRelatedFn(beam.DoFn):
    """Builds the index of all blocks once, and searches it block by block."""

    def __init__(self, count: int, exact_duplicates: bool) -> None:
        self.count = count
        self.exact_duplicates = exact_duplicates
        self.corpus: Corpus | None = None

    def process(self, block: Block, blocks: Iterable[Block]) -> Iterator[Related | TaggedOutput]:
        """Yield the block's Related, and its Duplicates tagged."""
        if self.corpus is None:
            with measured("index", 0):
                self.corpus = Corpus(list(blocks))
        ids = [article.id for article in block.articles]
        with measured("related", len(ids)):
            found = list(self.corpus.related(ids, self.count, exact_duplicates=self.exact_duplicates))
        for related, duplicates in found:
            yield related
            for duplicate in duplicates:
                yield TaggedOutput(FindRelated.DUPLICATES, duplicate)
