"""Tag hygiene: what an editor should mend in the tags of a blog, each finding with its evidence."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
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

    The most used is named first, each tag in all of its spellings; the articles of tags that differ are those that
    carry another than the most used.
    """
    spelled = _spelled_by_tag(posts, spellings)
    groups = variant_groups(posts.table.keys)
    near = [_variant(posts, posts.by_use(group), spelled) for group in groups]
    grouped = {tag for group in groups for tag in group}
    alone = [_variant(posts, [tag], spelled) for tag, uses in spelled.items() if len(uses) > 1 and tag not in grouped]
    return strongest([*near, *alone], lambda issue: issue.posts)


def _spelled_by_tag(posts: TaggedPosts, spellings: Spellings) -> dict[int, list[TagFigures]]:
    """The spellings of each tag, the most used first, ties by spelling; one alone is that of the table."""
    counted: defaultdict[str, list[tuple[int, str]]] = defaultdict(list)
    for (key, spelling), count in spellings.items():
        counted[key].append((-count, spelling))
    return {
        tag: [TagFigures(spelling, -count) for count, spelling in sorted(uses)]
        if len(uses := counted[key]) > 1
        else [posts.figures(tag)]
        for tag, key in enumerate(posts.table.keys)
    }


def _variant(posts: TaggedPosts, tags: Sequence[int], spelled: Mapping[int, Sequence[TagFigures]]) -> TagIssue:
    uses = tuple(use for tag in tags for use in spelled[tag])
    evidence = IssueEvidence(uses, "form" if len(tags) > 1 else "spelling")
    issue = posts.issue("variant", tags, posts.count_any(tags), None, posts.posts_of(tags[1:] or tags), evidence)
    return replace(issue, tags=tuple(use.tag for use in uses))
