"""Tag hygiene in a pipeline: what is looked at of each block, gathered and looked through."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import apache_beam as beam
import numpy as np
from apache_beam.pvalue import AsSingleton, PCollection
from scipy import sparse

from transforms.corpus.notes import Survey
from transforms.corpus.tag_table import TagTable
from transforms.hygiene.audit import find_tag_issues
from transforms.hygiene.issues import Matrix, Totals, add_totals, count_together, named_tags
from transforms.numerics.arrays import Ints
from transforms.plumbing.bundles import JoinFn
from transforms.plumbing.composite import Composite
from transforms.plumbing.gather import GatherEach
from transforms.plumbing.metrics import measured
from transforms.results import TagIssue
from transforms.sampling import FIT_ARTICLES, sampled
from transforms.tags.expected import Expected

POSTS_OF_A_TAG = 20
"""Of each tag's posts about so many are looked at, and all of a tag that has no more, however large the corpus is."""


@dataclass(frozen=True, eq=False)
class TagAuditInput:
    """Of some posts, those that are looked at, and the totals of all.

    `ids` [n]; csr [n, tags] what they carry, the probabilities of that and of the tags expected of them, and what they
    carry and say by name.
    """

    ids: tuple[str, ...]
    carriers: sparse.csr_matrix
    probabilities: sparse.csr_matrix
    named: sparse.csr_matrix
    totals: Totals


def chosen_posts(ids: Sequence[str], carriers: Matrix, table: TagTable, total: int, limit: int) -> Ints:
    """Return the rows of the posts to look at: a sample of about `limit` of `total`, and `POSTS_OF_A_TAG` of each tag.

    `carriers` [n, tags] is other than 0 where a post has a tag. All posts of a tag with no more are looked at.
    """
    posts, tags = sparse.csr_matrix(carriers).nonzero()
    rarest = np.full(len(ids), np.iinfo(np.int64).max)
    np.minimum.at(rarest, posts, table.counts[tags])
    return np.array(
        [
            row
            for row, id_ in enumerate(ids)
            if sampled(id_, total, limit) or sampled(id_, int(rarest[row]), POSTS_OF_A_TAG)
        ],
        np.int64,
    )


def audit_input(expected: Expected, table: TagTable, total: int, limit: int = FIT_ARTICLES) -> TagAuditInput:
    """Take from a block of a corpus of `total` articles what is looked at, and count the rest."""
    ids, evidence = [article.id for article in expected.found.articles], expected.found.evidence
    rows = chosen_posts(ids, evidence.carriers, table, total, limit)
    return TagAuditInput(
        tuple(ids[row] for row in rows),
        evidence.carriers[rows],
        expected.tags.maximum(expected.own)[rows],
        named_tags(evidence.carriers, evidence.in_title, evidence.in_text)[rows],
        count_together(evidence.carriers),
    )


def join_audit_inputs(parts: Sequence[TagAuditInput]) -> TagAuditInput:
    """Join parts, in any order, in the order of their ids."""
    ids = [id_ for part in parts for id_ in part.ids]
    order = np.array(sorted(range(len(ids)), key=ids.__getitem__), np.int64)
    return TagAuditInput(
        tuple(ids[row] for row in order),
        sparse.vstack([part.carriers for part in parts], format="csr")[order],
        sparse.vstack([part.probabilities for part in parts], format="csr")[order],
        sparse.vstack([part.named for part in parts], format="csr")[order],
        add_totals([part.totals for part in parts]),
    )


@dataclass(eq=False, repr=False)
class FindTagIssues(Composite):
    """Expected -> TagIssues, of a large corpus from all counts and a sample of the posts.

    `table` is the TagTable, `survey` the corpus's Survey, `corpus_size` the number of its files.
    """

    table: AsSingleton
    survey: AsSingleton
    corpus_size: AsSingleton

    def expand(self, expected: PCollection[Expected]) -> PCollection[TagIssue]:
        """Gather what is expected of each article, bundle by bundle, and look for issues."""
        return (
            expected
            | "Input" >> beam.Map(_audit_input, self.table, self.corpus_size)
            | "Join" >> beam.ParDo(JoinFn(join_audit_inputs, _count_posts))
            | "Look" >> GatherEach(_look, self.table, self.survey)
        )


def _count_posts(part: TagAuditInput) -> int:
    return len(part.ids)


def _audit_input(expected: Expected, table: TagTable, corpus_size: int) -> TagAuditInput:
    return audit_input(expected, table, corpus_size, FIT_ARTICLES)


def _look(parts: Sequence[TagAuditInput], table: TagTable, survey: Survey) -> list[TagIssue]:
    posts = join_audit_inputs(parts)
    with measured("tag issues", posts.totals.posts):
        return find_tag_issues(
            posts.ids, table, survey.spellings, posts.carriers, posts.probabilities, posts.named, posts.totals
        )
