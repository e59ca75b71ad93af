"""Tag hygiene: what an editor should mend in the tags of a blog, each finding with its evidence."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

import apache_beam as beam
import numpy as np
from apache_beam.pvalue import AsSingleton, PCollection
from scipy import sparse

from transforms.corpus.notes import Survey
from transforms.corpus.tag_spelling import Spellings
from transforms.corpus.tag_table import TagTable
from transforms.hygiene.fit import find_contradictions, find_misfits, find_used_once
from transforms.hygiene.issues import Matrix, TaggedPosts, Totals, add_totals, count_together, strongest
from transforms.hygiene.names import variant_groups
from transforms.hygiene.synonyms import find_synonyms
from transforms.numerics.arrays import Ints
from transforms.plumbing.bundles import JoinFn
from transforms.plumbing.gather import Gather
from transforms.plumbing.metrics import measured
from transforms.recommend import Expected
from transforms.results import TagIssue
from transforms.sampling import FIT_ARTICLES, sampled

POSTS_OF_A_TAG = 20
"""Of each tag's posts about so many are looked at, and all of a tag that has no more, however large the corpus is."""


def find_tag_issues(
    ids: Sequence[str],
    table: TagTable,
    spellings: Spellings,
    carriers: Matrix,
    probabilities: Matrix,
    totals: Totals | None = None,
) -> list[TagIssue]:
    """Find what to mend in the tags: kind by kind, at most 200 of each, the strongest evidence first, ties by tags.

    `ids` [n] are sorted, `carriers` [n, tags] is other than 0 where a post has a tag. `probabilities` [n, tags] are
    those that a post carries a tag as judged from all other posts: the post's own tags and its most probable ones
    suffice, others may be 0. Where all are 0 nothing can be said of texts: there are no misfits or contradictions.

    Where the posts are but a sample, `totals` are those of all, by which posts are counted; contradictions are found,
    misfits judged and articles named in the sample.
    """
    posts = TaggedPosts(ids, table, carriers, probabilities, totals)
    issues = [*find_synonyms(posts), *find_variants(posts, spellings), *find_used_once(posts)]
    if posts.probabilities.nnz:
        issues += [*find_misfits(posts), *find_contradictions(posts)]
    return issues


def find_variants(posts: TaggedPosts, spellings: Spellings) -> list[TagIssue]:
    """Find tags with several spellings, and tags that differ by no more than punctuation, space or plural.

    The most used is named first; the articles of the latter are those that carry one of the others.
    """
    return strongest([*_spelled_variously(posts, spellings), *_near_names(posts)], lambda issue: issue.posts)


def _spelled_variously(posts: TaggedPosts, spellings: Spellings) -> list[TagIssue]:
    counted: defaultdict[str, list[tuple[int, str]]] = defaultdict(list)
    for (key, spelling), count in spellings.items():
        counted[key].append((-count, spelling))
    issues = []
    for tag, key in enumerate(posts.table.keys):
        if len(counted[key]) > 1:
            uses = sorted(counted[key])
            evidence = "one tag in several spellings: " + ", ".join(
                f"{spelling} ({-count})" for count, spelling in uses
            )
            issue = posts.issue("variant", [], posts.count_any([tag]), None, posts.posts_of([tag]), evidence)
            issues.append(replace(issue, tags=tuple(spelling for _, spelling in uses)))
    return issues


def _near_names(posts: TaggedPosts) -> list[TagIssue]:
    issues = []
    names, counts = posts.table.names, posts.table.counts
    for group in variant_groups(posts.table.keys):
        tags = posts.by_use(group)
        uses = ", ".join(f"{names[tag]} ({counts[tag]})" for tag in tags)
        evidence = f"the names differ by no more than punctuation, space or plural: {uses}"
        issues.append(posts.issue("variant", tags, posts.count_any(tags), None, posts.posts_of(tags[1:]), evidence))
    return issues


@dataclass(frozen=True, eq=False)
class Lean:
    """Of some posts, those that are looked at, and the totals of all.

    `ids` [n]; csr [n, tags] what they carry, and the probabilities of that and of the tags expected of them.
    """

    ids: tuple[str, ...]
    carriers: sparse.csr_matrix
    probabilities: sparse.csr_matrix
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


def lean(expected: Expected, table: TagTable, total: int, limit: int = FIT_ARTICLES) -> Lean:
    """Take from a block of a corpus of `total` articles what is looked at, and count the rest."""
    ids, carriers = [article.id for article in expected.found.articles], expected.found.dossier.carriers
    rows = chosen_posts(ids, carriers, table, total, limit)
    probabilities = expected.tags.maximum(expected.own)
    return Lean(tuple(ids[row] for row in rows), carriers[rows], probabilities[rows], count_together(carriers))


def join_lean(parts: Sequence[Lean]) -> Lean:
    """Join parts, in any order, in the order of their ids."""
    ids = [id_ for part in parts for id_ in part.ids]
    order = np.array(sorted(range(len(ids)), key=ids.__getitem__), np.int64)
    return Lean(
        tuple(ids[row] for row in order),
        sparse.vstack([part.carriers for part in parts], format="csr")[order],
        sparse.vstack([part.probabilities for part in parts], format="csr")[order],
        add_totals([part.totals for part in parts]),
    )


class FindTagIssues(beam.PTransform):
    """Expected -> TagIssues, of a large corpus from all counts and a sample of the posts.

    `table` is the TagTable, `survey` the corpus's Survey, `files` the number of files in it.
    """

    def __init__(self, table: AsSingleton, survey: AsSingleton, files: AsSingleton) -> None:
        super().__init__()
        self.table = table
        self.survey = survey
        self.files = files

    def expand(self, expected: PCollection[Expected]) -> PCollection[TagIssue]:
        """Gather what is expected of each article, bundle by bundle, and look for issues."""
        return (
            expected
            | "Lean" >> beam.Map(_lean, self.table, self.files)
            | "Join" >> beam.ParDo(JoinFn(join_lean))
            | "Look" >> Gather(_look, self.table, self.survey)
            | "Issues" >> beam.FlatMap(iter)
        )


def _lean(expected: Expected, table: TagTable, files: int) -> Lean:
    return lean(expected, table, files, FIT_ARTICLES)


def _look(parts: Sequence[Lean], table: TagTable, survey: Survey) -> list[TagIssue]:
    posts = join_lean(parts)
    with measured("tag issues", posts.totals.posts):
        return find_tag_issues(posts.ids, table, survey.spellings, posts.carriers, posts.probabilities, posts.totals)
