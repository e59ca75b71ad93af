"""Tag hygiene: what an editor should mend in the tags of a blog, each finding with its evidence."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

import apache_beam as beam
import numpy as np
from apache_beam.pvalue import AsSingleton, PCollection
from scipy import sparse

from transforms.annotate import Survey
from transforms.gather import Gather
from transforms.hygiene.fit import find_contradictions, find_misfits, find_used_once
from transforms.hygiene.issues import Matrix, TaggedPosts, strongest
from transforms.hygiene.names import variant_groups
from transforms.hygiene.synonyms import find_synonyms
from transforms.observe import measured
from transforms.recommend import Expected
from transforms.records import TagIssue
from transforms.spelling import Spellings
from transforms.tags import TagTable


def find_tag_issues(
    ids: Sequence[str], table: TagTable, spellings: Spellings, carriers: Matrix, probabilities: Matrix
) -> list[TagIssue]:
    """Find what to mend in the tags: kind by kind, at most 200 of each, the strongest evidence first, ties by tags.

    `ids` [n] are sorted, `carriers` [n, tags] is other than 0 where a post has a tag. `probabilities` [n, tags] are
    those that a post carries a tag as judged from all other posts: the post's own tags and its most probable ones
    suffice, others may be 0. Where all are 0 nothing can be said of texts: there are no misfits or contradictions.
    """
    posts = TaggedPosts(ids, table, carriers, probabilities)
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
            rows = posts.posts_of([tag])
            issue = posts.issue("variant", [], len(rows), None, rows, evidence)
            issues.append(replace(issue, tags=tuple(spelling for _, spelling in uses)))
    return issues


def _near_names(posts: TaggedPosts) -> list[TagIssue]:
    issues = []
    names, counts = posts.table.names, posts.table.counts
    for group in variant_groups(posts.table.keys):
        tags = posts.by_use(group)
        uses = ", ".join(f"{names[tag]} ({counts[tag]})" for tag in tags)
        evidence = f"the names differ by no more than punctuation, space or plural: {uses}"
        count = len(posts.posts_of(tags))
        issues.append(posts.issue("variant", tags, count, None, posts.posts_of(tags[1:]), evidence))
    return issues


class FindTagIssues(beam.PTransform):
    """Expected -> TagIssues; `table` is the TagTable, `survey` the corpus's Survey."""

    def __init__(self, table: AsSingleton, survey: AsSingleton) -> None:
        super().__init__()
        self.table = table
        self.survey = survey

    def expand(self, expected: PCollection[Expected]) -> PCollection[TagIssue]:
        """Gather what is expected of each article, look for issues."""
        return (
            expected
            | "Lean" >> beam.Map(_lean)
            | "Look" >> Gather(_look, self.table, self.survey)
            | "Issues" >> beam.FlatMap(iter)
        )


Lean = tuple[tuple[str, ...], sparse.csr_matrix, sparse.csr_matrix]
"""A block's ids, what its articles carry, and the probabilities of that and of the tags expected of them."""


def _lean(expected: Expected) -> Lean:
    ids = tuple(article.id for article in expected.found.articles)
    return ids, expected.found.dossier.carriers, expected.tags.maximum(expected.own)


def _look(parts: Sequence[Lean], table: TagTable, survey: Survey) -> list[TagIssue]:
    ids = [id_ for part in parts for id_ in part[0]]
    order = np.array(sorted(range(len(ids)), key=ids.__getitem__), np.int64)
    carriers, probabilities = (sparse.vstack([part[at] for part in parts], format="csr")[order] for at in (1, 2))
    with measured("tag issues", len(ids)):
        return find_tag_issues([ids[row] for row in order], table, survey.spellings, carriers, probabilities)
