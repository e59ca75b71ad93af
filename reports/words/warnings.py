"""Warnings of a run in words: what is so, and what to do about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from reports.words.format import number
from reports.words.language import ENGLISH, Language, to_say
from transforms.plumbing.printable import printable
from transforms.results import RunWarning, WarningCode

LISTED = to_say("The report lists them.")
ANEW = to_say("This run starts anew, and the next one can follow it.")
RENUMBERED = to_say("They are found anew, with new numbers and names.")
REFIT = to_say("To find them anew, with new numbers and names, give --refit-themes once.")
SAID: Mapping[WarningCode, tuple[str, str]] = {
    "undated": (
        to_say("{n} of {of} posts have no date."),
        to_say("If front matter has one, give --field date=NAME."),
    ),
    "untagged": (
        to_say("{n} of {of} posts have no tag."),
        to_say("If front matter has tags, give --field tags=NAME."),
    ),
    "categories_as_tags": (
        to_say("Categories are taken for tags: {n} of {of} posts have tags."),
        to_say("For tags alone, give --field tags=tags."),
    ),
    "unresolved_links": (
        to_say("{n} of {of} links within the blog lead to no post."),
        to_say("If they should, give --site URL or --site-generator NAME."),
    ),
    "broken_links": (to_say("{n} of {of} links within the blog lead nowhere."), LISTED),
    "shared_addresses": (to_say("{n} of {of} posts give themselves another post’s address."), LISTED),
    "rejected_files": (
        to_say("{n} of {of} files cannot be read."),
        to_say("The report lists the first of them, with the reasons."),
    ),
    "other_files": (
        to_say("{n} files of other kinds are not read: {names}."),
        to_say("Posts are .md, .markdown, .mdx and .qmd."),
    ),
    "previous_missing": (to_say("The folder of --previous holds no earlier run."), ANEW),
    "previous_format": (to_say("The earlier run was written by another version of Postkin."), ANEW),
    "themes_refitted": (to_say("--themes asks for {n} themes, and the earlier run has {of}."), RENUMBERED),
    "themes_unshared": (to_say("None of the posts of the {of} earlier themes is left."), RENUMBERED),
    "themes_outgrown": (to_say("The {n} themes that go on are too few, or too many, for {of} posts."), REFIT),
    "themes_worse": (to_say("Themes found anew would fit the posts {n} % better."), REFIT),
    "previous_damaged": (to_say("The earlier run cannot be read: files are missing or were changed."), ANEW),
    "previous_state": (
        to_say("What the earlier run had learned of tags and related posts cannot be read."),
        to_say("It is learned anew."),
    ),
}
"""What each says, and what to do."""
SEEN: Mapping[WarningCode, str] = {
    "undated": to_say("If {name} is one, give --field date={name}."),
    "untagged": to_say("If {name} are tags, give --field tags={name}."),
}
"""What to do where a field of front matter looks like what is missing."""


@dataclass(frozen=True)
class SaidWarning:
    """A warning in two sentences: what is so, and what to do."""

    said: str
    advice: str


def say_warning(warning: RunWarning, say: Language = ENGLISH) -> SaidWarning:
    """Say a warning; names of fields and suffixes stand there as they are, unescaped."""
    said, advice = SAID[warning.code]
    names = [printable(name) for name in warning.names]
    values = {"n": number(warning.count), "of": number(warning.of), "names": ", ".join(names)}
    seen = SEEN.get(warning.code) if names else None
    return SaidWarning(say(said, **values), say(seen, name=names[0]) if seen else say(advice))
