"""Tags held against the texts of their posts, by the probabilities that all other posts give them."""

from __future__ import annotations

import numpy as np

from transforms.hygiene.issues import TaggedPosts, strongest
from transforms.numerics.rounding import rounded
from transforms.results import IssueEvidence, TagIssue, TextFit

JUDGED_POSTS = 3
"""Posts of the rarest tag that is held against a text: with fewer, nothing shows what the tag means."""
MISFIT_BEST = 0.3
"""Probability that a misfit reaches in none of its posts."""
MISFIT_LIFT = 5.0
"""Times its rate in all posts that a misfit's mean probability stays below; half of the tags have about 15 or more."""
DOUBTFUL = 0.05
DOUBTFUL_LIFT = 0.5
"""A tag is in doubt below both: improbable, and half as probable as in a post taken at random."""
FITTING = 0.7
"""Probability from which a text is said to ask for a tag that its post lacks."""
FITTING_TAGS = 3
"""Fitting tags named for a post."""
ALTERNATIVE = 0.5
"""Probability from which a tag is named in place of one used once: it fits rather than not."""


def find_used_once(posts: TaggedPosts) -> list[TagIssue]:
    """Find tags that one post carries; the score is the probability of a more used tag that the post lacks, if any."""
    issues = []
    for tag in np.flatnonzero(posts.table.counts == 1).tolist():
        rows = posts.posts_of([tag])
        better = [pair for row in rows for pair in posts.lacking(row, ALTERNATIVE)][:1]
        evidence = IssueEvidence((posts.figures(tag),), lacking=tuple(posts.figures(*pair) for pair in better))
        score = better[0][1] if better else None
        issues.append(posts.issue("once", [tag], 1, score, rows, evidence))
    return strongest(issues, lambda issue: issue.score or 0)


def find_misfits(posts: TaggedPosts) -> list[TagIssue]:
    """Find tags that the text of none of their posts makes probable; the score is their mean probability's lift.

    The lift is the mean over the tag's posts at hand, in units of the share of all posts that carry the tag; the lowest
    is the strongest.
    """
    issues = []
    own = posts.probabilities.multiply(posts.by_post).tocsc()
    for tag in np.flatnonzero(posts.table.counts >= JUDGED_POSTS).tolist():
        rows, count = posts.posts_of([tag]), int(posts.table.counts[tag])
        if len(rows) < JUDGED_POSTS:  # of a sample
            continue
        probabilities = own[:, [tag]].toarray().ravel()[rows]
        best, mean, rate = int(probabilities.argmax()), float(probabilities.mean()), float(posts.rates[tag])
        if probabilities[best] < MISFIT_BEST and mean < MISFIT_LIFT * rate:
            figures = rounded(np.array([mean, probabilities[best], rate])).tolist()
            evidence = IssueEvidence((posts.figures(tag),), fit=TextFit(len(rows), *figures))
            score = float(rounded(np.array(mean / rate)))
            issues.append(posts.issue("misfit", [tag], count, score, rows, evidence))
    return strongest(issues, lambda issue: -(issue.score or 0))


def find_contradictions(posts: TaggedPosts) -> list[TagIssue]:
    """Find posts whose text speaks against some of their tags and asks for others.

    The tags are those in doubt, the most doubtful first; the score is the probability of the best tag that the post
    lacks.
    """
    issues = []
    limits = np.minimum(DOUBTFUL, DOUBTFUL_LIFT * posts.rates) * (posts.table.counts >= JUDGED_POSTS)
    promising = posts.probabilities.max(axis=1).toarray().ravel() >= FITTING if posts.table.keys else []
    for row in np.flatnonzero(promising).tolist():
        probable = posts.probable(row)
        doubts = [(probable.get(tag, 0.0), tag) for tag in posts.tags_of(row) if probable.get(tag, 0.0) < limits[tag]]
        fitting = posts.lacking(row, FITTING)[:FITTING_TAGS]
        if doubts and fitting:
            doubts.sort()
            evidence = IssueEvidence(
                tuple(posts.figures(tag, probability) for probability, tag in doubts),
                lacking=tuple(posts.figures(tag, probability) for tag, probability in fitting),
            )
            tags = [tag for _, tag in doubts]
            issues.append(posts.issue("contradiction", tags, 1, fitting[0][1], [row], evidence))
    return strongest(issues, lambda issue: issue.score or 0)
