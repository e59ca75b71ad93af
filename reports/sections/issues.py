"""What to mend in the tags, kind by kind."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from reports.views import ArticleLinks, Issue, IssueGroup
from reports.words.commands import change_command, merge_command
from reports.words.explanations import explain_issue
from reports.words.format import number
from reports.words.language import ENGLISH, Language, to_say
from reports.words.reasons_to_mend import say_why
from transforms.records import Article
from transforms.results import ISSUES_PER_KIND, IssueKind, Related, TagIssue

FIRST = 2
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
            "The posts with these tags have little in common that other posts lack: say what the tag is for, or do "
            "without it."
        ),
    ),
    "contradiction": Advice(
        to_say("Look again at the tags of these posts"),
        to_say(
            "The text of the post speaks against a tag that it carries, and for a tag that it lacks. Read the post "
            "before you change it: a tag that says what kind of post it is may stay."
        ),
    ),
    "missing": Advice(
        to_say("Give these posts a tag that they lack"),
        to_say("Posts that are much like these have the tag, and by their texts these should have it too."),
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
OF_A_POST: tuple[IssueKind, ...] = ("contradiction", "missing")
"""The kinds that are of one post each."""


@dataclass(frozen=True)
class Fixable:
    """How `postkin fix` finds the posts: by the paths and flags that are `named`; and the `files` of articles, by id.

    Of what it cannot find, nothing is named.
    """

    named: Sequence[str] = ()
    files: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class TagsNearby:
    """The tags of each article, and the articles most like each."""

    tags: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    near: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def of_neighbors(self, id_: str) -> list[tuple[str, ...]]:
        """The tags of each of the articles most like one that are known."""
        return [self.tags[other] for other in self.near.get(id_, ()) if other in self.tags]


def tags_nearby(articles: Iterable[Article], related: Iterable[Related]) -> TagsNearby:
    """Gather the tags of articles and of their similar ones."""
    near = {row.id: tuple(other.id for other in row.related if other.kind == "similar") for row in related}
    return TagsNearby({article.id: article.tags for article in articles}, near)


def fixable_posts(articles: Iterable[Article], named: Sequence[str], folder: str) -> Fixable:
    """How `postkin fix` finds articles that lie below a folder; without one, it can find no single one of them."""
    below = folder and f"{folder.rstrip('/')}/"
    if not below or [article.path for article in articles] == [posixpath.basename(folder)]:  # or the folder is a post
        return Fixable(named)
    return Fixable(named, {article.id: below + article.path for article in articles})


def issue_groups(
    issues: Sequence[TagIssue],
    links: ArticleLinks,
    say: Language = ENGLISH,
    fixable: Fixable | None = None,
    nearby: TagsNearby | None = None,
) -> Mapping[IssueKind, IssueGroup]:
    """The issues that are shown by kind, each kind's in the order of their ranks; a kind without any has no group."""
    fixable = fixable or Fixable()
    nearby = nearby or TagsNearby()
    by_kind: dict[IssueKind, list[TagIssue]] = {kind: [] for kind in ADVICE}
    for issue in sorted(issues, key=lambda issue: issue.rank):
        if issue.shown:
            by_kind[issue.kind].append(issue)
    rows = {
        kind: tuple(_issue(issue, links, say, fixable, nearby) for issue in found)
        for kind, found in by_kind.items()
        if found
    }
    return {kind: _group(ADVICE[kind], found, say) for kind, found in rows.items()}


def _group(advice: Advice, issues: tuple[Issue, ...], say: Language) -> IssueGroup:
    first, rest = issues[: advice.first], issues[advice.first : MAX_ISSUES]
    left = max(0, len(issues) - MAX_ISSUES)
    return IssueGroup(
        title=say(advice.title),
        advice=say(advice.note),
        count=say("{n} or more", n=number(len(issues))) if len(issues) >= ISSUES_PER_KIND else number(len(issues)),
        first=first,
        rest=rest,
        folded=say("{n} more", n=number(len(rest))) if first else say("Show them"),
        more=number(left) if left else "",
        total=len(issues),
        whole=issues,
    )


def _issue(issue: TagIssue, links: ArticleLinks, say: Language, fixable: Fixable, nearby: TagsNearby) -> Issue:
    post = issue.articles[0] if issue.kind in OF_A_POST and issue.articles else ""
    remove, add, keep = _changes(issue, nearby.tags.get(post, ()))
    command, *commands = _commands(issue, fixable, fixable.files.get(post, ""), remove, add)
    return Issue(
        tags=issue.tags,
        posts=say.count("{n} post", "{n} posts", issue.posts) if issue.posts > 1 else "",
        reason=say_why(issue, nearby.of_neighbors(post), say),
        articles=tuple(links[id_] for id_ in issue.articles),
        command=command,
        commands=tuple(commands),
        remove=remove,
        add=add,
        keep=keep,
        figures=explain_issue(issue, say),
    )


def _commands(
    issue: TagIssue, fixable: Fixable, file: str, remove: tuple[str, ...], add: tuple[str, ...]
) -> tuple[str, ...]:
    """The command that mends all tags of an issue, then those for a tag each; empty where there is none."""
    named = fixable.named
    if issue.kind in MERGED:
        return merge_command(issue.tags, named), *(merge_command((issue.tags[0], tag), named) for tag in remove)
    return (
        change_command(file, named, add, remove),
        *(change_command(file, named, remove=(tag,)) for tag in remove),
        *(change_command(file, named, add=(tag,)) for tag in add),
    )


def _changes(issue: TagIssue, own: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """The tags to remove, to add and to keep, given those that the post has."""
    lacking = tuple(tag.tag for tag in issue.evidence.lacking)
    if issue.kind in MERGED:
        return issue.tags[1:], (), issue.tags[:1]
    if issue.kind == "contradiction":
        return issue.tags, lacking, tuple(tag for tag in own if tag not in issue.tags)
    if issue.kind == "missing":
        return (), issue.tags, own
    return (), (), ()
