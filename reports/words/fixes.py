"""What `postkin fix` does in words, and why it leaves a post as it is."""

from __future__ import annotations

from collections.abc import Mapping

from reports.words.language import ENGLISH, Language, to_say
from transforms.editing.written import RefusalKind
from transforms.plumbing.printable import printable

REFUSED: Mapping[RefusalKind, str] = {
    "unreadable": to_say("The post cannot be read: {detail}."),
    "no_front_matter": to_say("There is no front matter."),
    "lone_cr": to_say("A line ends in CR alone. Save the file with LF or CRLF."),
    "dots": to_say("The front matter closes with “...”, which not all generators take. Close it with “---”."),
    "alias": to_say(
        "The tags are those of another key, by an alias or a merge. Change them there, or write them here."
    ),
    "anchor": to_say("The tags have an anchor, so that other keys may have them too. Change them by hand."),
    "tagged": to_say("The tags have a type written before them (“!…”). Change them by hand."),
    "block_scalar": to_say("The tag is a text of several lines. Write it on one line."),
    "duplicate_key": to_say("The key “{detail}” stands twice. Leave one."),
    "nested": to_say("The tags are a list in a list. Write one list."),
    "mapping": to_say("The tag is a mapping with a name in it. Change it by hand."),
    "string": to_say("The tags are one string, which site generators part in different ways. Write a list."),
    "separator": to_say("“{detail}” has a sign that parts tags, and the tags are one string. Write a list."),
    "comment": to_say("A comment stands between the tags, and might go with one of them. Change them by hand."),
    "character": to_say("“{detail}” has a sign that no tag can have."),
    "layout": to_say("The tags are written in a way that is not known. Change them by hand."),
    "link": to_say("This is a link to a file that is no post of the blog. Change that file by hand."),
    "field": to_say("The field “{detail}” could not be renamed without a change to others. Rename it by hand."),
    "unproven": to_say("It could not be proved that nothing else would change. Change the tags by hand."),
}
"""Why a post is left as it is, and what to do."""
RULES: Mapping[str | None, str] = {
    None: to_say("asked for"),
    "tag-synonym": to_say("a synonym in postkin.toml"),
    "tag-variant": to_say("another spelling"),
    "tag-misspelt": to_say("misspelt"),
    "field-misspelt": to_say("a misspelt field"),
}
"""Why a tag is merged into another."""


def say_refusal(kind: RefusalKind, detail: str, say: Language = ENGLISH) -> str:
    """Say why a post is left as it is."""
    return say(REFUSED[kind], detail=printable(detail))


def say_failure(reason: str, say: Language = ENGLISH) -> str:
    """Say why a file could not be written."""
    return say("The file cannot be written: {reason}.", reason=printable(reason))


def say_merge(old: str, new: str, rule: str | None, posts: int, say: Language = ENGLISH) -> str:
    """Say what a tag becomes, why, and in how many posts."""
    in_posts = say.count("{n} post", "{n} posts", posts)
    names = {"old": printable(old), "new": printable(new)}
    return say("“{old}” → “{new}” in {posts} ({why})", posts=in_posts, why=say(RULES[rule]), **names)


def say_addition(tag: str, posts: int, say: Language = ENGLISH) -> str:
    """Say to how many posts a tag is added."""
    return say("“{tag}” added to {posts}", tag=printable(tag), posts=say.count("{n} post", "{n} posts", posts))


def say_removal(tag: str, posts: int, say: Language = ENGLISH) -> str:
    """Say from how many posts a tag is removed."""
    return say("“{tag}” removed from {posts}", tag=printable(tag), posts=say.count("{n} post", "{n} posts", posts))


def say_unknown(tag: str, meant: str, say: Language = ENGLISH) -> str:
    """Say that no post has a tag, and which one may be meant, "" for none."""
    if meant:
        return say("No post has the tag “{tag}”; is “{meant}” meant?", tag=printable(tag), meant=printable(meant))
    return say("No post has the tag “{tag}”.", tag=printable(tag))


def say_closing(changed: int, refused: int, say: Language = ENGLISH, *, done: bool = False) -> str:
    """Say how many posts are changed, or would be, and how many are left as they are."""
    if done:
        first = say.count("{n} post changed", "{n} posts changed", changed)
    else:
        first = say.count("{n} post to change", "{n} posts to change", changed)
    left = say.count("{n} post left as it is", "{n} posts left as they are", refused)
    return say("{first}, {left}.", first=first, left=left) if refused else say("{first}.", first=first)
