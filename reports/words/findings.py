"""Findings of a check in words: what is so, and what to do about it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from reports.words.commands import merge_flag
from reports.words.format import chance, number, percent
from reports.words.language import ENGLISH, Language, to_say
from transforms.checks.findings import (
    BrokenLink,
    Copied,
    Dates,
    Details,
    Doubtful,
    Fault,
    Finding,
    Meant,
    Missing,
    Moved,
    NewTag,
    Outdated,
    RelatedPost,
    Repeated,
    Rule,
    Suggested,
    TagChance,
    Taken,
    Unlinked,
    UnreadDate,
    Unused,
)
from transforms.plumbing.printable import printable

Show = Callable[[str], str]
"""How text of others stands in a sentence: escaped for what the sentence is part of."""

NAMED = 3
"""So many of the posts that link to an old address are named."""
SAID: Mapping[Rule, tuple[str, str]] = {
    "front-matter-invalid": (
        to_say("The post cannot be read: {reason}."),
        to_say("Mend this; until then the site may not show it."),
    ),
    "text-missing": (
        to_say("There is no text and no heading, so that nothing else can be checked."),
        to_say("Write some; until then reports leave the post out."),
    ),
    "title-missing": (to_say("There is no title, which {share} posts have."), to_say("Add one to the front matter.")),
    "date-missing": (
        to_say("There is no date, which {share} posts have."),
        to_say("Add one to the front matter, as YYYY-MM-DD."),
    ),
    "date-invalid": (
        to_say("The date “{given}” cannot be read."),
        to_say("Write it as YYYY-MM-DD; some site generators stop at any other."),
    ),
    "date-name": (
        to_say("The front matter says {date}, the name of the file {other}."),
        to_say("Give both the same day."),
    ),
    "date-future": (
        to_say("The date {date} is in the future."),
        to_say("The site may leave the post out until then; change the date if that is not meant."),
    ),
    "draft-past": (
        to_say("This is still a draft, and its date {date} is past."),
        to_say("To publish it, take the draft mark out and set the date; else leave it."),
    ),
    "field-missing": (
        to_say("There is no “{subject}”, which {share} recent posts have."),
        to_say("Add it to the front matter."),
    ),
    "field-misspelt": (
        to_say("No other post has the field “{subject}”; “{name}” is in {posts}."),
        to_say("Write “{name}” if that is meant."),
    ),
    "tags-missing": (to_say("There are no tags, which {share} recent posts have."), to_say("Add those that fit.")),
    "tag-variant": (
        to_say("“{subject}” is another spelling of the tag “{name}” of {posts}."),
        to_say("Write “{name}”."),
    ),
    "tag-misspelt": (
        to_say("No other post has the tag “{subject}”; it is a letter or two from “{name}” of {posts}."),
        to_say("Write “{name}” if that is meant."),
    ),
    "tag-synonym": (
        to_say("The tag “{subject}” means the same as “{name}” of {posts}."),
        to_say("Write “{name}” if you agree."),
    ),
    "tag-new": (
        to_say("The tag “{subject}” is new to this blog."),
        to_say("Leave it if it is meant, else take a tag that the blog has."),
    ),
    "tag-suggest": (
        to_say("Posts like this one have tags that are not here: {tags}."),
        to_say("Add those that fit."),
    ),
    "tag-doubtful": (
        to_say("Hardly any post like this one has the tag “{subject}” ({chance})."),
        to_say("Take it out if it does not fit."),
    ),
    "duplicate": (to_say("The text is that of “{title}” ({path})."), to_say("Keep one of the two posts.")),
    "duplicate-near": (
        to_say("{score}% of the text stands in “{title}” too ({path})."),
        to_say("Say what is new, and link to the other for the rest."),
    ),
    "passage-copied": (
        to_say("This passage ({lines}) stands in “{title}” too ({path}, {there})."),
        to_say("Link to that post instead, or mark the passage as a quotation."),
    ),
    "slug-taken": (
        to_say("The address “{subject}” is that of {path} already."),
        to_say("Give this post another; the site can show only one of them."),
    ),
    "slug-changed": (
        to_say("The post was moved from {was}; {links} to its old address: {linking}."),
        to_say("Redirect the old address to the new one, or mend the links."),
    ),
    "link-broken": (to_say("The link “{subject}” leads to no post of this blog."), to_say("Mend it or take it out.")),
    "link-missing": (
        to_say("These related posts and this one do not link to each other: {related}."),
        to_say("Link to those that help its readers."),
    ),
    "ignore-unused": (
        to_say("Nothing is found here that “{subject}” could ignore."),
        to_say("Take it out of the comment."),
    ),
    "baseline-old": (
        to_say("{share} entries of the baseline are of things that are no longer found."),
        to_say("Write it anew: postkin check --all --write-baseline."),
    ),
    "state-old": (
        to_say("{share} posts have changed since the last report."),
        to_say("Run postkin report, so that checks are quick and know them."),
    ),
}
"""What each rule says, and what to do."""
SET_SYNONYM = (to_say("The settings of this blog have “{name}” for the tag “{subject}”."), to_say("Write “{name}”."))
AUDITED_SYNONYM = to_say("Write “{name}” if you agree; postkin fix {merge} --write does so in all posts.")
UNREAD_DATE = (
    to_say("{generator} cannot read the date “{given}”."),
    to_say("Write it as YYYY-MM-DD, or with a time as YYYY-MM-DD hh:mm:ss."),
)
TAKEN_NAME = to_say("The name “{subject}” is that of {path} already.")
DELETED = to_say("The link “{subject}” leads to {path}, which is deleted here.")
RENAMED = (
    to_say("The link “{subject}” leads to a post that is renamed here."),
    to_say("Link to {path} instead."),
)
UNLINKED = (
    to_say("The post was moved from {was}; no other post links to its old address."),
    to_say("Redirect the old address to the new one if others may have links to it."),
)
NEAREST_LINK = to_say("Mend it or take it out; is {path} meant?")
NEW_TAG = {
    (False, False): SAID["tag-new"][1],
    (False, True): to_say("Leave it if it is meant, else take one that the blog has, such as {tags}."),
    (True, False): to_say("Take one that the blog has, or list this one in postkin.toml as known."),
    (True, True): to_say("Take one that the blog has, such as {tags}, or list this one in postkin.toml as known."),
}
"""What to do about a new tag, by whether it fails the check, and whether others are near."""
NAMES_NONE = (to_say("This comment names no rule to ignore."), to_say("Name rules, or take it out."))
UNKNOWN_RULE = (to_say("There is no rule “{subject}” to ignore."), to_say("Correct its name, or take it out."))


@dataclass(frozen=True)
class SaidFinding:
    """A finding in two sentences: what is so, and what to do; `whole` is both, as its language joins them."""

    said: str
    advice: str
    whole: str

    def __str__(self) -> str:
        return self.whole


def say_finding(finding: Finding, say: Language = ENGLISH, show: Show = printable) -> SaidFinding:
    """Say a finding; whatever is not Postkin's own words stands there as `show` makes it."""
    said, advice = _texts(finding)
    values = {"subject": show(finding.subject), **_values(finding.details, say, show)}
    if isinstance(finding.details, Meant):
        values["merge"] = show(merge_flag(f"{finding.subject}={finding.details.name}"))
    sentences = {"said": say(said, **values), "advice": say(advice, **values)}
    return SaidFinding(**sentences, whole=say("{said} {advice}", **sentences))


def say_related(posts: Iterable[RelatedPost], say: Language = ENGLISH, show: Show = printable) -> str:
    """Say which posts are related, each by its title and path."""
    return ", ".join(say("“{title}” ({path})", title=show(post.title), path=show(post.path)) for post in posts)


def say_chances(tags: Iterable[TagChance], show: Show = printable) -> str:
    """Say tags with their probabilities."""
    return ", ".join(f"{show(tag.tag)} ({chance(tag.probability)})" for tag in tags)


def _texts(finding: Finding) -> tuple[str, str]:
    """The two texts that say a finding, by its rule and by what is known of it."""
    said, advice = SAID[finding.rule]
    match finding.details:
        case BrokenLink() as link:
            said, advice = _of_link(link)
        case Meant() if finding.rule == "tag-synonym" and finding.fix:
            said, advice = SET_SYNONYM
        case Meant() if finding.rule == "tag-synonym" and "=" not in finding.subject:
            advice = AUDITED_SYNONYM
        case UnreadDate():
            said, advice = UNREAD_DATE
        case Taken(kind="id"):
            said = TAKEN_NAME
        case Moved(linked_by=()):
            said, advice = UNLINKED
        case NewTag(nearest):
            advice = NEW_TAG[finding.severity == "error", bool(nearest)]
        case Unused(why="names-none"):
            said, advice = NAMES_NONE
        case Unused(why="unknown"):
            said, advice = UNKNOWN_RULE
    return said, advice


def _of_link(link: BrokenLink) -> tuple[str, str]:
    said, advice = SAID["link-broken"]
    if link.renamed:
        return RENAMED
    if link.nearest is None:
        return said, advice
    return (DELETED, advice) if link.deleted else (said, NEAREST_LINK)


def _values(details: Details | None, say: Language, show: Show) -> dict[str, Any]:  # noqa: C901  a line for each kind
    """What stands in the texts of a finding, by name."""
    match details:
        case Fault(given, reason):
            return {"given": show(given), "reason": show(reason.rstrip("."))}
        case UnreadDate(given, generator):
            return {"given": show(given), "generator": generator}
        case Missing(posts, of) | Outdated(posts, of):
            return {"share": say("{n} of {of}", n=number(posts), of=number(of))}
        case Dates(date, other):
            return {"date": show(date), "other": show(other)}
        case Meant(name, posts):
            return {"name": show(name), "posts": _posts(posts, say)}
        case NewTag(nearest):
            return {"tags": ", ".join(f"{show(tag.name)} ({_posts(tag.posts, say)})" for tag in nearest)}
        case Suggested(tags):
            return {"tags": say_chances(tags, show)}
        case Doubtful(probability):
            return {"chance": chance(probability)}
        case Copied(path, title, score):
            return {"path": show(path), "title": show(title), "score": percent(score)}
        case Repeated(path, title, lines, there):
            return {
                "path": show(path),
                "title": show(title),
                "lines": _lines(lines, say),
                "there": _lines(there, say),
            }
        case Taken(path):
            return {"path": show(path)}
        case Moved(was, linked_by):
            links = say.count("{n} post links", "{n} posts link", len(linked_by))
            return {"was": show(was), "links": links, "linking": _some(linked_by, say, show)}
        case BrokenLink(str() as path):
            return {"path": show(path)}
        case Unlinked(posts):
            return {"related": say_related(posts, say, show)}
    return {}


def _some(paths: Sequence[str], say: Language, show: Show) -> str:
    """The first of some paths, and how many more there are."""
    named = ", ".join(map(show, paths[:NAMED]))
    more = len(paths) - NAMED
    return say("{named} and {more} more", named=named, more=number(more)) if more > 0 else named


def _posts(count: int, say: Language) -> str:
    return say.count("{n} post", "{n} posts", count)


def _lines(lines: tuple[int, int], say: Language) -> str:
    first, last = lines
    return say("line {n}", n=first) if first == last else say("lines {first} to {last}", first=first, last=last)
