"""What is wrong with a tag, and the posts that show it."""

from __future__ import annotations

import functools
import operator
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
from scipy import sparse

from transforms.corpus.tag_table import TagTable
from transforms.numerics.arrays import Floats
from transforms.numerics.rounding import rounded
from transforms.results import ISSUES_PER_KIND, IssueEvidence, IssueKind, TagFigures, TagIssue

ARTICLES_PER_ISSUE = 5
TOLD = 2.0
"""Times the odds of any post that those of a tag's own posts usually are, if texts tell the tag."""
LEAST_PROBABILITY = 1e-4
"""Probabilities are rounded to so much: a smaller one is no less."""

Matrix: TypeAlias = sparse.csr_matrix | npt.NDArray[np.floating]


@dataclass(frozen=True, eq=False)
class Totals:
    """What is counted in all posts: how many there are, and `together`, csr int64 [tags, tags], how many carry both."""

    posts: int
    together: sparse.csr_matrix


def count_together(carriers: Matrix) -> Totals:
    """Count posts by `carriers` [n, tags], which is other than 0 where a post has a tag."""
    has = _flags(carriers).astype(np.int64)
    return Totals(has.shape[0], sparse.csr_matrix(has.T @ has))


def named_tags(
    carriers: sparse.csr_matrix, in_title: sparse.csr_matrix, in_text: sparse.csr_matrix
) -> sparse.csr_matrix:
    """Tell which of its tags a post says by name: csr [n, tags], of what it carries and how often names stand in it."""
    return sparse.csr_matrix(carriers.multiply(in_title + in_text))


def add_totals(parts: Sequence[Totals]) -> Totals:
    """Add up what is counted in parts of the posts, in any order."""
    return Totals(sum(part.posts for part in parts), functools.reduce(operator.add, (part.together for part in parts)))


class TaggedPosts:
    """Posts by id, their tags, and how probable each tag is for each post.

    `ids` [n] are sorted. `carriers` [n, tags] is other than 0 where a post has a tag; `probabilities` [n, tags] are 0
    where unknown, and rounded here; `named` [n, tags] is other than 0 where a post that has a tag says its name. Where
    these are but a sample of the posts, `totals` are those of all.
    """

    def __init__(
        self,
        ids: Sequence[str],
        table: TagTable,
        carriers: Matrix,
        probabilities: Matrix,
        named: Matrix,
        totals: Totals | None = None,
    ) -> None:
        self.ids = ids
        self.table = table
        self.by_post = _flags(carriers)
        self.by_tag = self.by_post.tocsc()
        self.probabilities = sparse.csr_matrix(probabilities, dtype=np.float64, copy=True)
        self.probabilities.data = rounded(self.probabilities.data)
        self.named = _flags(named)
        self.totals = totals or count_together(self.by_post)

    @property
    def rates(self) -> Floats:
        """The share [tags] of all posts that carry a tag."""
        return self.table.counts / max(self.totals.posts, 1)

    @cached_property
    def usual(self) -> Floats:
        """The log odds [tags] that a tag's own posts usually have for it: their median, NaN for no post at hand."""
        own = sparse.csc_matrix(self.probabilities.multiply(self.by_post))
        usual = np.full(len(self.table.keys), np.nan)
        for tag in np.flatnonzero(np.diff(self.by_tag.indptr)).tolist():
            known = own.data[own.indptr[tag] : own.indptr[tag + 1]]
            unknown = self.by_tag.indptr[tag + 1] - self.by_tag.indptr[tag] - len(known)
            usual[tag] = np.median(log_odds(np.concatenate([known, np.zeros(unknown)])))
        return usual

    @cached_property
    def told(self) -> npt.NDArray[np.bool_]:
        """Which tags [tags] texts tell: the odds of the tag's own posts are usually `TOLD` times those of any post.

        The others are tags of a genre, a series or a year, or broad ones: their posts are spread over all subjects, so
        that texts say nothing for them or against them.
        """
        told: npt.NDArray[np.bool_] = self.usual - log_odds(self.rates) >= np.log(TOLD)
        return told

    def named_by(self, post: int) -> set[int]:
        """Return the rows of those of a post's tags that it says by name."""
        start, end = self.named.indptr[post : post + 2]
        return set(self.named.indices[start:end].tolist())

    def count_any(self, tags: Sequence[int]) -> int:
        """Count all posts that carry any of the tags.

        Of a sample's, those that carry three of the tags or more are left out: that is exact for two tags.
        """
        pairs = self.totals.together[tags][:, tags]
        twice = int(pairs.sum() - pairs.diagonal().sum()) // 2
        return max(int(self.table.counts[tags].sum()) - twice, len(self.posts_of(tags)))

    def posts_of(self, tags: Iterable[int]) -> list[int]:
        """Return the rows of the posts that carry any of the tags, in order."""
        starts, posts = self.by_tag.indptr, self.by_tag.indices
        return sorted({int(post) for tag in tags for post in posts[starts[tag] : starts[tag + 1]]})

    def tags_of(self, post: int) -> list[int]:
        """Return the rows of a post's tags, in order."""
        starts = self.by_post.indptr
        return sorted(map(int, self.by_post.indices[starts[post] : starts[post + 1]]))

    def probable(self, post: int) -> dict[int, float]:
        """Return what is known of a post's probabilities, by tag."""
        start, end = self.probabilities.indptr[post : post + 2]
        tags, values = self.probabilities.indices[start:end], self.probabilities.data[start:end]
        return dict(zip(tags.tolist(), values.tolist(), strict=True))

    def lacking(self, post: int, least: float) -> list[tuple[int, float]]:
        """Return the tags of several posts that a post lacks at no less a probability, best first, ties by key."""
        own, counts = set(self.tags_of(post)), self.table.counts
        found = [
            (tag, probability)
            for tag, probability in self.probable(post).items()
            if probability >= least and counts[tag] > 1 and tag not in own
        ]
        return sorted(found, key=lambda pair: (-pair[1], pair[0]))

    def by_use(self, tags: Iterable[int]) -> list[int]:
        """Return the tags' rows, the most used first, ties by key."""
        return sorted(tags, key=lambda tag: (-self.table.counts[tag], tag))

    def figures(self, tag: int, probability: float | None = None) -> TagFigures:
        """Return what evidence says of a tag given as a row."""
        return TagFigures(self.table.names[tag], int(self.table.counts[tag]), probability)

    def issue(
        self,
        kind: IssueKind,
        tags: Iterable[int],
        posts: int,
        score: float | None,
        rows: Sequence[int],
        evidence: IssueEvidence,
        *,
        shown: bool = True,
    ) -> TagIssue:
        """Make an issue of tags and posts given as rows."""
        names = tuple(self.table.names[tag] for tag in tags)
        return TagIssue(
            kind, 0, names, posts, score, shown, tuple(self.ids[row] for row in rows[:ARTICLES_PER_ISSUE]), evidence
        )


def _flags(carriers: Matrix) -> sparse.csr_matrix:
    flags = sparse.csr_matrix(carriers).astype(bool)
    flags.eliminate_zeros()
    return flags


def strongest(issues: Iterable[TagIssue], strength: Callable[[TagIssue], float]) -> list[TagIssue]:
    """Keep the `ISSUES_PER_KIND` strongest, those shown first, ties by tags and articles; number them from 1."""
    ordered = sorted(issues, key=lambda issue: (not issue.shown, -strength(issue), issue.tags, issue.articles))
    return [replace(issue, rank=rank) for rank, issue in enumerate(ordered[:ISSUES_PER_KIND], start=1)]


def log_odds(probabilities: Floats) -> Floats:
    """Turn probabilities into log odds, those beyond `LEAST_PROBABILITY` from 0 or 1 as if they were just there."""
    within = np.clip(probabilities, LEAST_PROBABILITY, 1 - LEAST_PROBABILITY)
    odds: Floats = np.log(within / (1 - within))
    return odds
