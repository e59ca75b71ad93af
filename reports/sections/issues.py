"""What to mend in the tags, kind by kind."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from reports.views import ArticleLinks, Issue, IssueGroup
from reports.words.commands import merge_command
from reports.words.explanations import explain_issue
from reports.words.format import number
from reports.words.language import ENGLISH, Language, to_say
from transforms.results import ISSUES_PER_KIND, IssueKind, TagIssue

FIRST = 4
MAX_ISSUES = 100


@dataclass(frozen=True)
class Advice:
    """What to do about a kind of issue, why, and how many issues stand unfolded."""

    title: str
    note: str
    first: int = FIRST


ADVICE: Mapping[IssueKind, Advice] = {
    "synonym": Advice(
        to_say("Merge these tags"),
        to_say(
            "By their names or their posts these may be two tags for one thing: if so, keep one for the posts of both."
        ),
    ),
    "variant": Advice(
        to_say("Spell these tags alike"),
        to_say(
            "One tag in several spellings, or names that differ by no more than punctuation, a space or a plural; "
            "the most used stands first."
        ),
    ),
    "misfit": Advice(
        to_say("Narrow down or drop these tags"),
        to_say(
            "By their texts, the posts that carry these tags are hardly likelier to do so than any other post: say "
            "what the tag is for, or do without it."
        ),
    ),
    "contradiction": Advice(
        to_say("Look again at the tags of these posts"),
        to_say("The text of the post speaks against a tag that it carries, and for a tag that it lacks."),
    ),
    "missing": Advice(
        to_say("Give these posts a tag that they lack"),
        to_say("By the text of the post it is all but sure that it should carry the tag, as similar posts do."),
    ),
    "once": Advice(
        to_say("Use these tags again or drop them"),
        to_say("Tags of a single post lead its readers nowhere. This is the least urgent."),
        first=0,
    ),
}
"""The kinds in the order in which they are shown, the most urgent first."""
MERGED: tuple[IssueKind, ...] = ("synonym", "variant")
"""The kinds of which the first tag may stand for the others."""


def issue_groups(
    issues: Sequence[TagIssue], links: ArticleLinks, say: Language = ENGLISH, fixed_with: Sequence[str] = ()
) -> Mapping[IssueKind, IssueGroup]:
    """The issues that are shown by kind, each kind's in the order of their ranks; a kind without any has no group.

    `fixed_with` are the paths and flags by which `postkin fix` finds the posts.
    """
    by_kind: dict[IssueKind, list[TagIssue]] = {kind: [] for kind in ADVICE}
    for issue in sorted(issues, key=lambda issue: issue.rank):
        if issue.shown:
            by_kind[issue.kind].append(issue)
    return {kind: _group(ADVICE[kind], found, links, say, fixed_with) for kind, found in by_kind.items() if found}


def _group(
    advice: Advice, issues: Sequence[TagIssue], links: ArticleLinks, say: Language, fixed_with: Sequence[str]
) -> IssueGroup:
    first, rest = issues[: advice.first], issues[advice.first : MAX_ISSUES]
    left = max(0, len(issues) - MAX_ISSUES)
    return IssueGroup(
        title=say(advice.title),
        advice=say(advice.note),
        count=say("{n} or more", n=number(len(issues))) if len(issues) >= ISSUES_PER_KIND else number(len(issues)),
        first=_issues(first, links, say, fixed_with),
        rest=_issues(rest, links, say, fixed_with),
        folded=say("{n} more", n=number(len(rest))) if first else say("Show them"),
        more=number(left) if left else "",
        total=len(issues),
    )


def _issues(
    issues: Iterable[TagIssue], links: ArticleLinks, say: Language, fixed_with: Sequence[str]
) -> tuple[Issue, ...]:
    return tuple(
        Issue(
            tags=issue.tags,
            posts=say.count("{n} post", "{n} posts", issue.posts) if issue.posts > 1 else "",
            explanation=explain_issue(issue, say),
            articles=tuple(links[id_] for id_ in issue.articles),
            command=merge_command(issue.tags, fixed_with) if issue.kind in MERGED else "",
        )
        for issue in issues
    )
