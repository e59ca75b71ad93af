"""What an editor does first: the kinds of work that make most posts better, with their effort."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from reports.sections.linking import Linking
from reports.views import Action, ArticleLink, Start
from reports.words.format import number
from reports.words.language import ENGLISH, Language, to_say
from transforms.results import TagIssue

FIRST = 5
BATCH = 10
"""So much of one kind is done at once."""
NEW = 3
"""A new post counts as so many others: it is read the most, and nobody has worked on it yet."""


@dataclass(frozen=True)
class Kind:
    """A kind of work: what to do and why, what it is work on, the minutes that one piece takes, and its worth.

    The minutes are assumed. The worth of a post made better is 1, of one that was wrong for its readers 2.
    """

    title: str
    why: str
    on: str
    minutes: float
    worth: float = 1


KINDS: Mapping[str, Kind] = {
    "new-posts": Kind(
        to_say("Link to the new posts that nothing links to"),
        to_say("Readers find them only as long as they are new. Posts to link from are named."),
        to_say("new posts that nothing links to"),
        2,
        NEW,
    ),
    "broken": Kind(
        to_say("Mend links that lead nowhere"),
        to_say("Whoever follows them sees an error."),
        to_say("links that lead nowhere"),
        1,
        2,
    ),
    "contradiction": Kind(
        to_say("Correct the tags of posts"),
        to_say("Each has a tag that does not fit its text, and lacks one that does."),
        to_say("posts with tags that do not fit"),
        1,
        2,
    ),
    "synonym": Kind(
        to_say("Merge tags that mean the same"),
        to_say("The page of each tag shows only a part of the posts."),
        to_say("tags that mean the same"),
        2,
    ),
    "variant": Kind(
        to_say("Spell tags alike"),
        to_say("The page of each spelling shows only a part of the posts."),
        to_say("tags in several spellings"),
        1,
    ),
    "untagged": Kind(
        to_say("Give tags to posts that have none"),
        to_say("Readers who follow a tag never meet them."),
        to_say("posts without tags"),
        1,
    ),
    "missing": Kind(
        to_say("Add tags that posts lack"),
        to_say("Posts like them have the tag, and its page lacks them."),
        to_say("posts that lack a tag"),
        0.5,
    ),
    "unlinked": Kind(
        to_say("Link posts that belong together"),
        to_say("Neither of the two leads its readers to the other."),
        to_say("related posts without a link"),
        2,
    ),
    "orphans": Kind(
        to_say("Link to older posts that nothing links to"),
        to_say("No other post leads to them."),
        to_say("older posts that nothing links to"),
        2,
    ),
    "duplicates": Kind(
        to_say("Keep one of posts that say the same"),
        to_say("Readers and search engines cannot tell which one counts."),
        to_say("posts that say the same"),
        5,
    ),
    "proposed": Kind(
        to_say("Introduce tags for what several posts are about"),
        to_say("No tag leads to all of them."),
        to_say("tags to introduce"),
        3,
    ),
    "misfit": Kind(
        to_say("Narrow down or drop vague tags"),
        to_say("The posts on the page of each have little in common."),
        to_say("vague tags"),
        5,
        0.25,
    ),
    "once": Kind(
        to_say("Use tags of a single post again, or drop them"),
        to_say("Their pages lead nowhere else."),
        to_say("tags of a single post"),
        0.5,
        0.25,
    ),
}
"""The kinds by the anchors of their lists, the most urgent first."""


@dataclass(frozen=True)
class Work:
    """How much there is to do of a kind, and how many posts the first `BATCH` of it make better."""

    total: int
    posts: int


def count_issues(issues: Sequence[TagIssue]) -> dict[str, Work]:
    """The work on tags that is shown, by kind."""
    posts: dict[str, list[int]] = {
        kind: [] for kind in ("synonym", "variant", "contradiction", "missing", "misfit", "once")
    }
    for issue in sorted(issues, key=lambda issue: issue.rank):
        if issue.shown:
            posts[issue.kind].append(issue.posts)
    return {kind: Work(len(counts), sum(counts[:BATCH])) for kind, counts in posts.items()}


def count_links(linking: Linking, lonely: int) -> dict[str, Work]:
    """The work on links, of which that many new posts have none; none where no post links to another."""
    older = linking.orphans.total - lonely if linking.linked else 0
    return {"unlinked": each(linking.unlinked.total), "orphans": each(older)}


def each(total: int) -> Work:
    """Work that makes one post better for each piece."""
    return Work(total, min(total, BATCH))


def start(work: Mapping[str, Work], newest: Sequence[ArticleLink] = (), say: Language = ENGLISH) -> Start:
    """The `FIRST` kinds of work by the worth of what can be done at once, ties by urgency, and the kinds without any.

    Kinds that are not in `work` were not looked for.
    """
    worth = {kind: KINDS[kind].worth * done.posts for kind, done in work.items() if done.total}
    order = list(KINDS)
    first = sorted(worth, key=lambda kind: (-worth[kind], order.index(kind)))[:FIRST]
    idle = [kind for kind in KINDS if kind in work and not work[kind].total]
    return Start(
        actions=tuple(_action(kind, work[kind], say) for kind in first),
        effort=_minutes(sum(_effort(kind, work[kind]) for kind in first), say),
        idle=tuple(say(KINDS[kind].on) for kind in idle),
        newest=tuple(newest),
    )


def _action(kind: str, work: Work, say: Language) -> Action:
    done = min(work.total, BATCH)
    return Action(
        anchor=f"{kind}-title",
        title=say(KINDS[kind].title),
        why=say(KINDS[kind].why),
        count=number(done) if done == work.total else say("{n} of {total}", n=number(done), total=number(work.total)),
        gain=say.count("{n} post", "{n} posts", work.posts),
        effort=_minutes(_effort(kind, work), say),
    )


def _effort(kind: str, work: Work) -> int:
    return max(1, round(KINDS[kind].minutes * min(work.total, BATCH)))


def _minutes(minutes: int, say: Language) -> str:
    return say("{n} min", n=number(minutes))
