"""The rule on passages that another post has: sketches say which posts may have one, and their texts prove it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from pathlib import PurePosixPath
from typing import NamedTuple

import numpy as np
from scipy import sparse

from transforms.checks.bodies import Bodies, Body
from transforms.checks.copies import runs_among
from transforms.checks.findings import Finding, Repeated
from transforms.checks.models import Models
from transforms.checks.posts import ReadPost, finding
from transforms.corpus.languages import are_translations
from transforms.corpus.passages import Passage, Runs, find_passages, read_runs
from transforms.corpus.runs import HASHES, UNIQUE, runs_of
from transforms.corpus.text_parts import WHOLE_TEXT, article_text
from transforms.numerics.arrays import Ints32
from transforms.reading.errors import LimitError
from transforms.reading.prose import prose
from transforms.records import Article
from transforms.search.overlap import RunIndex, are_series, complete_to

READ = 5
"""So many other posts are read for each that changes."""
TOLD = 3
"""So many passages of a post are told, the longest ones."""
SAMPLED = 2
"""Another post is read if so many of its sampled runs, and of all as far as the sample tells, are those of the post."""
LIKELY = 8
HABIT = 2
"""So many posts of a blog have what it repeats on purpose, as what it says of its author."""


class FoundPassage(NamedTuple):
    """A passage of a post: its lines, the post that has it too, its lines there, and whether the change brings it."""

    lines: tuple[int, int]
    article: Article
    there: tuple[int, int]
    new: bool


class _Shared(NamedTuple):
    """A passage that a text shares with another post, and the runs of that one."""

    passage: Passage
    article: Article
    other: Runs


class PassageFinder:
    """Finds the passages of changed posts, by path, that other posts have, changed or not.

    `before` are the posts as they were, and `path_of` tells the path of any post below the repository.
    """

    def __init__(
        self,
        posts: Mapping[str, ReadPost],
        before: Mapping[str, ReadPost],
        path_of: Callable[[Article], str],
        bodies: Bodies,
        models: Models,
    ) -> None:
        self._posts, self._path_of = posts, path_of
        self._known, self._common = models.row_of, models.learned.common_runs
        self._models = models
        self._runs = cache(lambda path: _read_runs(bodies.read(path), path))
        self._runs_before = cache(lambda path: _read_runs(Body(before[path].matter.body), path))
        self._before = before

    def find(self, copies: Mapping[str, Collection[str]]) -> dict[str, list[FoundPassage]]:
        """Find passages in the order of their lines, but for those of a post's `copies`, which are ids by path.

        What parts of a series have in common is left out, too, and so is what `HABIT` posts of the blog have already.
        """
        changed = {path: post.article for path, post in self._posts.items() if post.article}
        found: dict[str, list[FoundPassage]] = {}
        if not changed:
            return found
        for (path, article), others in zip(changed.items(), _likely(list(changed.values()), self._models), strict=True):
            asked = [
                other
                for other in others
                if other.id not in copies.get(path, ())
                and not are_translations(article, other)
                and article.title != other.title
                and not are_series(article.title, other.title)
            ]
            if asked:
                found[path] = self._of_post(path, asked[:READ])
        return found

    def _of_post(self, path: str, others: Iterable[Article]) -> list[FoundPassage]:
        text = self._runs(path)
        shared = [
            _Shared(passage, other, runs)
            for other in others
            if len((runs := self._runs(self._path_of(other))).hashes)
            for passage in find_passages(text, runs, self._common)
        ]
        return sorted((self._found(path, text, one) for one in _told(shared, self._known)), key=lambda one: one.lines)

    def _found(self, path: str, text: Runs, one: _Shared) -> FoundPassage:
        there = self._path_of(one.article)
        new = self._is_new(path, text, one.passage.here)
        if there in self._posts and path < there:  # it is told once, of the post that is last
            new = new and not self._is_new(there, one.other, one.passage.there)
        return FoundPassage(text.lines_of(*one.passage.here), one.article, one.other.lines_of(*one.passage.there), new)

    def _is_new(self, path: str, text: Runs, passage: tuple[int, int]) -> bool:
        """Tell whether less than half of a passage stood in the post before the change."""
        if path not in self._before:
            return True
        first, last = passage
        return bool(np.isin(text.hashes[first : last + 1], self._runs_before(path).hashes).mean() < 0.5)


def check_passages(post: ReadPost, passages: Iterable[tuple[FoundPassage, str]]) -> Iterator[Finding]:
    """Tell the passages of a post that others have, each given with the other's path below the repository."""
    for passage, path in passages:
        details = Repeated(path, passage.article.title, passage.lines, passage.there, passage.new)
        yield finding("passage-copied", post, passage.lines[0], path, details)


def _likely(articles: Sequence[Article], models: Models) -> list[list[Article]]:
    """For each changed post, with its body, the others that seem to share a passage with it, the likeliest first."""
    learned, changed = models.learned, {article.id for article in articles}
    rows = [row for row, article in enumerate(learned.articles) if article.id not in changed]
    everybody = [*(learned.articles[row] for row in rows), *articles]
    mine = _own_runs(articles, learned.common_runs)
    theirs = sparse.vstack([learned.runs[rows], mine], format="csr")
    row, other, shared = RunIndex(_as_own(runs_among(theirs, mine))).counts(mine)
    of_all = shared * (HASHES / complete_to(theirs)[other])
    likely = (other != row + len(rows)) & (shared >= SAMPLED) & (of_all >= LIKELY)
    found: list[list[Article]] = [[] for _ in articles]
    for pair in np.lexsort((other, -of_all)).tolist():
        if likely[pair]:
            found[row[pair]].append(everybody[other[pair]])
    return found


def _own_runs(articles: Sequence[Article], common: Ints32) -> sparse.csr_matrix:
    """All runs of some posts but the common ones: csr int8 [posts, HASHES]."""
    runs = [
        np.setdiff1d(runs_of(replace(article, body=""), article_text(article, WHOLE_TEXT)), common, assume_unique=True)
        for article in articles
    ]
    indices = np.concatenate(runs)
    values = np.full(len(indices), UNIQUE, np.int8)
    return sparse.csr_matrix((values, indices, np.cumsum([0, *map(len, runs)])), (len(runs), HASHES))


def _as_own(sketches: sparse.csr_matrix) -> sparse.csr_matrix:
    """Sketches whose runs all count as a post's own."""
    values = np.full(sketches.nnz, UNIQUE, np.int8)
    return sparse.csr_matrix((values, sketches.indices, sketches.indptr), sketches.shape)


def _read_runs(body: Body, path: str) -> Runs:
    try:
        return read_runs(prose(*body, mdx=PurePosixPath(path).suffix.lower() == ".mdx"))
    except (LimitError, RecursionError):
        return read_runs([])


def _told(shared: Sequence[_Shared], known: Container[str]) -> list[_Shared]:
    """Those of a post's passages that are told: the rare ones, each with one other post, the longest first.

    Posts of the blog that are `known`, by id, go before those that are new.
    """
    rare = [one for one in shared if len(_others(one, shared, known)) < HABIT]
    rare.sort(key=lambda one: (one.article.id not in known, -one.passage.columns, one.passage, one.article.id))
    told: list[_Shared] = []
    for one in rare:
        if len(told) < TOLD and not any(_overlap(one, other) for other in told):
            told.append(one)
    return told


def _others(one: _Shared, shared: Iterable[_Shared], known: Container[str]) -> set[str]:
    """The ids, of those `known`, of the posts that have some of a passage."""
    return {other.article.id for other in shared if other.article.id in known and _overlap(one, other)}


def _overlap(one: _Shared, other: _Shared) -> bool:
    here, there = one.passage.here, other.passage.here
    return here[0] <= there[1] and there[0] <= here[1]
