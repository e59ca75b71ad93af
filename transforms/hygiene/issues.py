"""What is wrong with a tag, and the posts that show it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
from scipy import sparse

from transforms.records import ISSUES_PER_KIND, IssueKind, TagIssue
from transforms.scores import rounded
from transforms.tags import TagTable

ARTICLES_PER_ISSUE = 5

Matrix: TypeAlias = sparse.csr_matrix | npt.NDArray[np.floating]


class TaggedPosts:
    """Posts by id, their tags, and how probable each tag is for each post.

    `ids` [n] are sorted. `carriers` [n, tags] is other than 0 where a post has a tag; `probabilities` [n, tags] are 0
    where unknown, and rounded here.
    """

    def __init__(self, ids: Sequence[str], table: TagTable, carriers: Matrix, probabilities: Matrix) -> None:
        self.ids = ids
        self.table = table
        self.by_post = sparse.csr_matrix(carriers).astype(bool)
        self.by_post.eliminate_zeros()
        self.by_tag = self.by_post.tocsc()
        self.probabilities = sparse.csr_matrix(probabilities, dtype=np.float64, copy=True)
        self.probabilities.data = rounded(self.probabilities.data)

    @property
    def rates(self) -> npt.NDArray[np.float64]:
        """The share [tags] of posts that carry a tag."""
        return self.table.counts / max(len(self.ids), 1)

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

    def issue(
        self, kind: IssueKind, tags: Iterable[int], posts: int, score: float | None, rows: Sequence[int], evidence: str
    ) -> TagIssue:
        """Make an issue of tags and posts given as rows."""
        names = tuple(self.table.names[tag] for tag in tags)
        return TagIssue(
            kind, 0, names, posts, score, tuple(self.ids[row] for row in rows[:ARTICLES_PER_ISSUE]), evidence
        )


def strongest(issues: Iterable[TagIssue], strength: Callable[[TagIssue], float]) -> list[TagIssue]:
    """Keep the `ISSUES_PER_KIND` strongest and number them from 1, ties by tags and articles."""
    ordered = sorted(issues, key=lambda issue: (-strength(issue), issue.tags, issue.articles))[:ISSUES_PER_KIND]
    return [replace(issue, rank=rank) for rank, issue in enumerate(ordered, start=1)]
