"""Tags that mean the same: how alike the posts of two tags are, from the sums of their vectors."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import combinations

import numpy as np
from scipy import sparse

from transforms.corpus.tag_table import FIXED_POINT, TagTable
from transforms.hygiene.issues import TaggedPosts, strongest
from transforms.hygiene.names import Likeness, alike_names, variant_groups
from transforms.numerics.arrays import Floats, Ints, Mask
from transforms.numerics.rounding import rounded
from transforms.results import IssueEvidence, PostSimilarity, TagIssue

UNLIKE_NAMES = Likeness("unlike", 0.8)
SHOWN_UNLIKE_NAMES = Likeness("unlike", 0.8, 0.9)
"""Asks for posts about as alike as those of one tag: below, any two broad tags pass for synonyms."""
UNLIKE_NAMES_POSTS = 5
"""Posts that each tag of such a pair needs: with fewer, a series of posts makes synonyms of all its tags."""
UNLIKE_NAMES_LEAD = 0.1
"""Similarity that such a pair has ahead of any that either tag has with a third, if it is shown."""
UNLIKE_NAMES_COHERENCE = 0.3
"""Of the usual coherence: the posts of each tag of such a pair have so much in common, if it is shown."""
MOST_TOGETHER = 0.1
SLIP = 0.5
"""Share of the rarer tag's posts, and posts beside it (one of five), that may carry both tags of a pair: who puts two
tags on one post means two things."""

PRIOR_PAIRS = 6
"""Ordered pairs of posts, as three posts have, that a tag of usual coherence is thought to have besides its own."""
LEAST_COHERENCE = 0.25
"""Of the usual coherence: a tag whose posts have less in common is no measure for others."""
CHUNK_ROWS = 512
"""Rows of tags compared with all others at a time, which bounds the memory."""


def find_synonyms(posts: TaggedPosts, *, by_name: bool = False) -> list[TagIssue]:
    """Find pairs of tags, the more used first, whose posts are alike and which are rarely together.

    The names are alike too, or else no other tag is as similar to either. The score is the mean cosine between the
    posts of the two tags over that expected within one, both beyond that of any two posts, and at most 1; the articles
    are those of the rarer tag. Pairs of alike names come first; there are no others if it is asked for these `by_name`.
    """
    similarity = TagSimilarity(posts.table, posts.totals.together)
    likenesses = _candidates(posts, similarity, by_name=by_name)
    if not likenesses:
        return []
    lefts, rights = np.array(sorted(likenesses), np.int64).T
    rarer = np.minimum(posts.table.counts[lefts], posts.table.counts[rights])
    shared = similarity.shared(lefts, rights)
    across, within = similarity.across(lefts, rights), similarity.within(lefts, rights)
    scores = rounded(across / within)
    cosines = rounded(np.array([across, within]) + similarity.chance)
    chance = float(rounded(np.array(similarity.chance)))
    issues = []
    for place in np.flatnonzero(shared <= MOST_TOGETHER * rarer + SLIP).tolist():
        pair = (int(lefts[place]), int(rights[place]))
        likeness = likenesses[pair]
        if scores[place] >= likeness.least:
            tags = posts.by_use(pair)
            used, other = posts.table.counts[tags].tolist()
            both = int(shared[place])
            alike = PostSimilarity(float(cosines[0, place]), float(cosines[1, place]), chance, both)
            evidence = IssueEvidence(tuple(map(posts.figures, tags)), likeness.name, alike)
            count = used + other - both
            score = min(float(scores[place]), 1.0)
            rows, shown = posts.posts_of(tags[1:]), bool(scores[place] >= likeness.shown)
            issues.append(posts.issue("synonym", tags, count, score, rows, evidence, shown=shown))
    return strongest(issues, lambda issue: (issue.score or 0) - (issue.evidence.likeness == UNLIKE_NAMES.name))


class TagSimilarity:
    """Compares the posts of tags two by two, every post with every other but never with itself.

    The cosine of two mean vectors grows with the posts they share and shrinks with few posts; this does neither.
    A post with itself has cosine 1, so that the sums and counts are enough to leave those pairs out. `together` is a
    sparse [tags, tags] matrix of the posts that carry both; posts without a vector count as unlike any other. All mean
    cosines are told beyond `chance`, that of any two posts: posts of a tag of a genre have no more than that.
    """

    def __init__(self, table: TagTable, together: sparse.csr_matrix) -> None:
        self.counts = table.counts.astype(np.float64)
        self.sums = table.sums / FIXED_POINT
        self.together = sparse.csr_matrix(together, dtype=np.float64)
        self.chance = _chance(table)
        self.coherence, self.usual = _coherence(self.sums, self.counts, self.chance)

    def across(self, left: Ints, right: Ints) -> Floats:
        """Return the mean cosine [pairs] between the posts of the tags `left` and those of `right` [pairs]."""
        dots = np.einsum("pd,pd->p", self.sums[left], self.sums[right])
        return _mean_cosines(dots, self.counts[left] * self.counts[right], self.shared(left, right)) - self.chance

    def within(self, left: Ints, right: Ints) -> Floats:
        """Return the mean cosine [pairs] to expect between posts of `left` and `right` [pairs] if they were one tag."""
        expected: Floats = np.sqrt(self.coherence[left] * self.coherence[right])
        return expected

    def shared(self, left: Ints, right: Ints) -> Floats:
        """Return how many posts [pairs] carry both tags."""
        if not len(left):  # for which SciPy gives a matrix
            return np.zeros(0)
        return np.asarray(self.together[left, right], np.float64).ravel()

    def mutual_best(self, least_posts: int) -> tuple[Ints, Ints, Floats]:
        """Pair the tags of at least so many posts that are each other's most similar, ties by row; left < right.

        Returns the left and right rows [pairs], and how far the two are ahead of what is next most similar to either.
        """
        rows = np.flatnonzero(self.counts >= least_posts)
        if len(rows) < 2:
            return rows[:0], rows[:0], np.zeros(0)
        firsts = [(block.argmax(axis=1), _first_two(block)) for block in self._similarities(rows)]
        best = np.concatenate([places for places, _ in firsts])
        first, second = np.concatenate([values for _, values in firsts]).T
        mutual = np.flatnonzero((best[best] == np.arange(len(best))) & (best > np.arange(len(best))))
        leads: Floats = first[mutual] - np.maximum(second[mutual], second[best[mutual]])
        return rows[mutual], rows[best[mutual]], leads

    def is_coherent(self, tags: Ints) -> Mask:
        """Tell which tags' posts have in common `UNLIKE_NAMES_COHERENCE` of what those of a tag usually have."""
        return np.asarray(self.coherence[tags] >= UNLIKE_NAMES_COHERENCE * self.usual, np.bool_)

    def _similarities(self, rows: Ints) -> Iterator[Floats]:
        shared = self.together[rows][:, rows]
        for start in range(0, len(rows), CHUNK_ROWS):
            block = rows[start : start + CHUNK_ROWS]
            places = np.arange(len(block))
            dots = self.sums[block] @ self.sums[rows].T
            pairs = np.outer(self.counts[block], self.counts[rows])
            cosines = _mean_cosines(dots, pairs, shared[start : start + CHUNK_ROWS].toarray()) - self.chance
            similar = cosines / np.sqrt(np.outer(self.coherence[block], self.coherence[rows]))
            similar[places, start + places] = -np.inf
            yield np.round(similar, 9)  # equal tags tie whatever the last bits


def _candidates(posts: TaggedPosts, similarity: TagSimilarity, *, by_name: bool) -> dict[tuple[int, int], Likeness]:
    keys = posts.table.keys
    found = dict(alike_names(keys))
    if not by_name:
        found = _add_unlike_names(found, posts, similarity)
    for group in variant_groups(keys):
        for pair in combinations(group, 2):
            found.pop(pair, None)
    return found


def _add_unlike_names(
    alike: Mapping[tuple[int, int], Likeness], posts: TaggedPosts, similarity: TagSimilarity
) -> dict[tuple[int, int], Likeness]:
    """Add the pairs of tags that are each other's most similar to those of alike names."""
    found = dict(alike)
    lefts, rights, leads = similarity.mutual_best(UNLIKE_NAMES_POSTS)
    clear = (leads >= UNLIKE_NAMES_LEAD) & posts.told[lefts] & posts.told[rights]
    clear &= similarity.is_coherent(lefts) & similarity.is_coherent(rights) & (similarity.shared(lefts, rights) == 0)
    for left, right, shown in zip(lefts.tolist(), rights.tolist(), clear.tolist(), strict=True):
        found.setdefault((left, right), SHOWN_UNLIKE_NAMES if shown else UNLIKE_NAMES)
    return found


def _first_two(similarities: Floats) -> Floats:
    """The highest and the second highest value [rows, 2] of each row, in this order."""
    if similarities.shape[1] < 3:
        return np.sort(similarities, axis=1)[:, ::-1]
    return np.partition(similarities, -2, axis=1)[:, :-3:-1]


def _mean_cosines(dots: Floats, pairs: Floats, shared: Floats) -> Floats:
    return (dots - shared) / np.maximum(pairs - shared, 1)


def _chance(table: TagTable) -> float:
    """Mean cosine between any two of the tagged posts."""
    total = table.total / FIXED_POINT
    pairs = table.posts * (table.posts - 1)
    return float((total @ total - np.trace(table.gram) / FIXED_POINT) / pairs) if pairs else 0.0


def _coherence(sums: Floats, counts: Floats, chance: float) -> tuple[Floats, float]:
    """Mean cosine [tags] between two posts of a tag, beyond chance, and what is usual in the corpus.

    That of few posts is nearer to what is usual.
    """
    pairs = counts * (counts - 1)
    dots = np.einsum("td,td->t", sums, sums) - counts - chance * pairs
    several = pairs > 0
    usual = float(np.median(dots[several] / pairs[several])) if several.any() else 0.0
    usual = max(usual, np.finfo(np.float64).eps)
    coherence: Floats = (dots + PRIOR_PAIRS * usual) / (pairs + PRIOR_PAIRS)
    return np.clip(coherence, LEAST_COHERENCE * usual, None), usual
