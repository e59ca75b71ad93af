"""Tags held against the texts of their posts, by the probabilities that all other posts give them."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np

from transforms.hygiene.issues import TaggedPosts, log_odds, strongest
from transforms.numerics.rounding import rounded
from transforms.results import IssueEvidence, TagIssue, TextFit

JUDGED_POSTS = 3
"""Posts of the rarest tag that is held against a text: with fewer, nothing shows what the tag means."""
MISFIT_BEST = 0.3
"""Probability that a misfit reaches in none of its posts."""
MISFIT_LIFT = 5.0
"""Times its rate in all posts that a misfit's mean probability stays below; half of the tags have about 15 or more."""
SHOWN_MISFIT_LIFT = 0.5
SHOWN_MISFIT_POSTS = range(5, 10)
"""A misfit is shown if it has so many posts: fewer show little, and what is used often is used on purpose."""
DOUBT = 3.0
"""Log odds against a tag from which it is in doubt."""
FITTING = 0.7
"""Probability from which a text is said to ask for a tag that its post lacks."""
FITTING_TAGS = 3
"""Fitting tags named for a post."""
SHOWN_CONTRADICTION = 12.0
"""Log odds, for tags that a post lacks and against those that it has, from which a contradiction is shown."""
SHOWN_MISSING = 0.95
"""Probability from which a missing tag is shown."""
ALTERNATIVE = 0.8
"""Probability from which a tag is named in place of one used once."""


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
    is the strongest. Those are shown that even a post at random would rather carry, and that no post says by name:
    an interview says so, what is merely tagged does not.
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
            is_named = any(tag in posts.named_by(row) for row in rows)
            shown = count in SHOWN_MISFIT_POSTS and score < SHOWN_MISFIT_LIFT and not is_named
            issues.append(posts.issue("misfit", [tag], count, score, rows, evidence, shown=shown))
    return strongest(issues, lambda issue: -(issue.score or 0))


def find_contradictions(posts: TaggedPosts) -> list[TagIssue]:
    """Find posts whose text speaks against some of their tags and asks for others.

    The tags are those in doubt, the most doubtful first. A tag is in doubt that texts tell, and whose name the post
    does not say, if its odds by the text are low beside those of the tag's other posts and those of any post. The
    score is the sum of these two log odds ratios, and of twice the log odds of the best tag that the post lacks.
    """
    issues = []
    judged = posts.told & (posts.table.counts >= JUDGED_POSTS)
    rates = log_odds(posts.rates)
    for row in _asking(posts):
        fitting = posts.lacking(row, FITTING)[:FITTING_TAGS]
        probable, named = posts.probable(row), posts.named_by(row)
        own = [tag for tag in posts.tags_of(row) if judged[tag] and tag not in named]
        odds = log_odds(np.array([probable.get(tag, 0.0) for tag in own]))
        against = rounded(posts.usual[own] + rates[own] - 2 * odds)
        doubts = sorted((-doubt, tag) for doubt, tag in zip(against.tolist(), own, strict=True) if doubt >= DOUBT)
        if doubts and fitting:
            evidence = IssueEvidence(
                tuple(posts.figures(tag, probable.get(tag, 0.0)) for _, tag in doubts),
                lacking=tuple(posts.figures(tag, probability) for tag, probability in fitting),
            )
            asked = float(log_odds(np.array(fitting[0][1])))
            score = float(rounded(np.array(2 * asked - doubts[0][0])))
            tags = [tag for _, tag in doubts]
            shown = score >= SHOWN_CONTRADICTION
            issues.append(posts.issue("contradiction", tags, 1, score, [row], evidence, shown=shown))
    return strongest(issues, lambda issue: issue.score or 0)


def find_missing(posts: TaggedPosts, contradicted: Collection[str] = ()) -> list[TagIssue]:
    """Find tagged posts whose text asks for tags that they lack; the score is the probability of the best of these.

    Of a post whose best is shown only such are named. Posts that are `contradicted`, given by id, are left out.
    """
    issues = []
    for row in _asking(posts):
        fitting = [pair for pair in posts.lacking(row, FITTING) if posts.table.counts[pair[0]] >= JUDGED_POSTS]
        if fitting and posts.tags_of(row) and posts.ids[row] not in contradicted:
            shown = fitting[0][1] >= SHOWN_MISSING
            named = [pair for pair in fitting if pair[1] >= SHOWN_MISSING or not shown][:FITTING_TAGS]
            evidence = IssueEvidence(tuple(posts.figures(*pair) for pair in named))
            tags = [tag for tag, _ in named]
            issues.append(posts.issue("missing", tags, 1, fitting[0][1], [row], evidence, shown=shown))
    return strongest(issues, lambda issue: issue.score or 0)


def _asking(posts: TaggedPosts) -> list[int]:
    """The rows of posts whose text asks for any tag."""
    if not posts.table.keys:
        return []
    rows: list[int] = np.flatnonzero(posts.probabilities.max(axis=1).toarray().ravel() >= FITTING).tolist()
    return rows
