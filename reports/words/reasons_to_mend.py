"""Why tags are to be mended, in a sentence for somebody who knows no statistics."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from reports.words.format import number
from reports.words.language import ENGLISH, Language, to_say
from transforms.results import NameLikeness, TagIssue

Neighbors = Sequence[Collection[str]]
"""The tags of each of the posts most like one."""

LIKENESSES: Mapping[NameLikeness, str] = {
    "spelling": to_say("One tag in several spellings: {uses}."),
    "form": to_say("The names differ in no more than capitals, punctuation, a space or a plural: {uses}."),
    "abbreviation": to_say("One name is short for the other, and their posts are about the same."),
    "misspelling": to_say("The names differ by a letter or two, and their posts are about the same."),
    "initials": to_say("One name is the initials of the other, and their posts are about the same."),
    "words": to_say("One name has all words of the other, and their posts are about the same."),
    "part": to_say("One name is part of the other, and their posts are about the same."),
    "letters": to_say("One name is two letters of the other, and their posts are about the same."),
    "unlike": to_say("The names differ, but the posts of one are about the same as those of the other."),
}


def say_why(issue: TagIssue, neighbors: Neighbors = (), say: Language = ENGLISH) -> str:
    """Say why tags are to be mended; names of tags stand there as they are, unescaped.

    Where the issue is of one post, `neighbors` are of that.
    """
    if issue.kind in ("synonym", "variant"):
        return _why_merge(issue, say)
    if issue.kind == "misfit":
        return say("The posts with this tag have little in common that other posts lack.")
    if issue.kind == "once":
        return _why_once(issue, say)
    return _why_change(issue, neighbors, say)


def _why_merge(issue: TagIssue, say: Language) -> str:
    evidence = issue.evidence
    uses = ", ".join(say("{tag} ({n})", tag=tag.tag, n=number(tag.posts)) for tag in evidence.tags)
    sentences = [say(LIKENESSES[evidence.likeness], uses=uses)] if evidence.likeness else []
    if evidence.similarity and len(evidence.tags) == 2:
        one, other = evidence.tags
        told = {"one": one.tag, "first": number(one.posts), "other": other.tag, "second": number(other.posts)}
        both = evidence.similarity.both
        sentences.append(
            say("Posts with “{one}”: {first}, with “{other}”: {second}, with both: {both}.", both=number(both), **told)
            if both
            else say("Posts with “{one}”: {first}, with “{other}”: {second}, with both: none.", **told)
        )
    return say.join(sentences)


def _why_once(issue: TagIssue, say: Language) -> str:
    sentences = [say("No other post has it.")]
    sentences += [
        say("“{tag}”, which {n} posts have, would suit its post too.", tag=tag.tag, n=number(tag.posts))
        for tag in issue.evidence.lacking
    ]
    return say.join(sentences)


def _why_change(issue: TagIssue, neighbors: Neighbors, say: Language) -> str:
    """Say what the posts most like it have, if most of them have the tag to add, else that the text speaks for it."""
    evidence = issue.evidence
    to_add = evidence.tags if issue.kind == "missing" else evidence.lacking
    if not (to_add and evidence.tags):
        return ""
    add = to_add[0].tag
    having = sum(add in tags for tags in neighbors)
    told = {"n": number(having), "of": number(len(neighbors)), "add": add}
    if issue.kind == "missing":
        if 2 * having > len(neighbors):
            return say("{n} of the {of} posts most like it are tagged “{add}”.", **told)
        return say("It reads like posts tagged “{add}”.", add=add)
    remove = evidence.tags[0].tag
    others = sum(remove in tags for tags in neighbors)
    if 2 * having > len(neighbors) and others < having:
        if others:
            return say(
                "{n} of the {of} posts most like it are tagged “{add}”, {others} “{remove}”.",
                others=number(others),
                remove=remove,
                **told,
            )
        return say("{n} of the {of} posts most like it are tagged “{add}”, none “{remove}”.", remove=remove, **told)
    return say("It reads like posts tagged “{add}”, and not like those tagged “{remove}”.", add=add, remove=remove)
