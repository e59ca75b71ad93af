"""Tag hygiene: what an editor should mend in the tags of a blog, each finding with its evidence."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from transforms.corpus.tag_spelling import Spellings
from transforms.corpus.tag_table import TagTable
from transforms.hygiene.issues import Matrix, TaggedPosts, Totals, strongest
from transforms.hygiene.misfits import find_contradictions, find_misfits, find_missing, find_used_once
from transforms.hygiene.names import variant_groups
from transforms.hygiene.synonyms import find_synonyms
from transforms.results import IssueEvidence, TagFigures, TagIssue


def find_tag_issues(
    ids: Sequence[str],
    table: TagTable,
    spellings: Spellings,
    carriers: Matrix,
    probabilities: Matrix,
    named: Matrix,
    totals: Totals | None = None,
) -> list[TagIssue]:
    """Find what to mend in the tags: kind by kind, at most 200 of each, the strongest evidence first, ties by tags.

    Those are shown of which by planted faults (docs/evaluation.md) four in five are right.

    `ids` [n] are sorted, `carriers` [n, tags] is other than 0 where a post has a tag. `probabilities` [n, tags] are
    those that a post carries a tag as judged from all other posts: the post's own tags and its most probable ones
    suffice, others may be 0. Where all are 0 nothing can be said of texts: there are no misfits, contradictions or
    missing tags. `named` [n, tags] is other than 0 where a post that has a tag says its name.

    Where the posts are but a sample, `totals` are those of all, by which posts are counted; contradictions are found,
    misfits judged and articles named in the sample.
    """
    posts = TaggedPosts(ids, table, carriers, probabilities, named, totals)
    issues = [*find_synonyms(posts), *find_variants(posts, spellings), *find_used_once(posts)]
    if posts.probabilities.nnz:
        contradictions = find_contradictions(posts)
        shown = {issue.articles[0] for issue in contradictions if issue.shown}
        issues += [*find_misfits(posts), *contradictions, *find_missing(posts, shown)]
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
            evidence = IssueEvidence(tuple(TagFigures(spelling, -count) for count, spelling in uses), "spelling")
            issue = posts.issue("variant", [], posts.count_any([tag]), None, posts.posts_of([tag]), evidence)
            issues.append(replace(issue, tags=tuple(spelling for _, spelling in uses)))
    return issues


def _near_names(posts: TaggedPosts) -> list[TagIssue]:
    issues = []
    for group in variant_groups(posts.table.keys):
        tags = posts.by_use(group)
        evidence = IssueEvidence(tuple(map(posts.figures, tags)), "form")
        issues.append(posts.issue("variant", tags, posts.count_any(tags), None, posts.posts_of(tags[1:]), evidence))
    return issues
