"""What the evidence of an issue says, in words: figures in, clauses of a sentence out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from reports.words.format import chance, decimal, number
from reports.words.language import ENGLISH, Language, to_say
from transforms.results import NameLikeness, PostSimilarity, ProposedTag, TagFigures, TagIssue, TextFit

LIKENESSES: Mapping[NameLikeness, str] = {
    "spelling": to_say("one tag in several spellings: {uses}"),
    "form": to_say("the names differ by no more than capitals, punctuation, space or plural: {uses}"),
    "abbreviation": to_say("one name abbreviates the other"),
    "misspelling": to_say("the names differ by a letter or two"),
    "initials": to_say("one name is the initials of the other"),
    "words": to_say("one name has all words of the other"),
    "part": to_say("one name is part of the other"),
    "letters": to_say("one name is two letters of the other"),
    "unlike": to_say("of all tags with 5 posts or more, each has the posts most like the other’s"),
}


def explain_issue(issue: TagIssue, say: Language = ENGLISH) -> tuple[str, ...]:
    """Say clause by clause what shows that tags are to be mended; names of tags stand there as they are, unescaped.

    Of tags that a post lacks it is no more than the probability of each, in their order.
    """
    evidence, clauses = issue.evidence, list[str]()
    if evidence.likeness:
        uses = ", ".join(f"{tag.tag} ({number(tag.posts)})" for tag in evidence.tags)
        clauses.append(say(LIKENESSES[evidence.likeness], uses=uses))
    if evidence.similarity and len(evidence.tags) == 2:
        clauses += _similarity(evidence.similarity, *evidence.tags, issue.score or 0, say)
    if evidence.fit:
        clauses += _fit(evidence.fit, issue.posts, say)
    if issue.kind == "once":
        clauses += _used_once(evidence.lacking, say)
    elif issue.kind == "missing":
        clauses.append(", ".join(chance(tag.probability or 0) for tag in evidence.tags))
    elif evidence.lacking:
        clauses.append(say("unlikely: {tags}", tags=_probabilities(evidence.tags)))
        clauses.append(say("likely, but missing: {tags}", tags=_probabilities(evidence.lacking)))
    return tuple(clauses)


def explain_proposal(tag: ProposedTag, say: Language = ENGLISH) -> tuple[str, ...]:
    """Say clause by clause why a tag is proposed; phrases stand there as they are, unescaped."""
    clauses = [
        say(
            "{posts} of the {mentions} posts that mention it are about it",
            posts=number(tag.posts),
            mentions=number(tag.mentions),
        )
    ]
    if tag.titles:
        clauses.append(say("it stands in {titles}", titles=say.count("{n} title", "{n} titles", tag.titles)))
    if tag.also:
        clauses.append(say("much the same posts are about: {phrases}", phrases=", ".join(tag.also)))
    return tuple(clauses)


def _similarity(
    similarity: PostSimilarity, first: TagFigures, second: TagFigures, score: float, say: Language
) -> Iterator[str]:
    cosines = {name: decimal(getattr(similarity, name)) for name in ("across", "within", "chance")}
    if similarity.across < similarity.within:
        yield say(
            "their posts are {share} as alike as those of one tag "
            "(mean cosine {across} between them, {within} expected within one tag, {chance} between any two posts)",
            share=f"{100 * score:.0f}%",
            **cosines,
        )
    else:
        yield say(
            "their posts are as alike as those of one tag "
            "(mean cosine {across} between them, {within} expected within one tag, {chance} between any two posts)",
            **cosines,
        )
    counts = {"first": number(first.posts), "second": number(second.posts)}
    if similarity.both:
        yield say("{first} and {second} posts, {both} with both", both=number(similarity.both), **counts)
    else:
        yield say("{first} and {second} posts, none with both", **counts)


def _fit(fit: TextFit, posts: int, say: Language) -> Iterator[str]:
    values = {"posts": number(posts), "mean": f"{fit.mean:.1%}", "rate": f"{fit.rate:.1%}"}
    if fit.judged == posts:
        yield say(
            "by their texts its {posts} posts would carry it with a probability of {mean} on average, "
            "a post picked at random with {rate}",
            **values,
        )
    else:
        yield say(
            "by their texts {judged} of its {posts} posts would carry it with a probability of {mean} on average, "
            "a post picked at random with {rate}",
            judged=number(fit.judged),
            **values,
        )
    yield say("the post that it fits best with {best}", best=f"{fit.best:.1%}")


def _used_once(lacking: Iterable[TagFigures], say: Language) -> Iterator[str]:
    yield say("no other post has it")
    for tag in lacking:
        yield say(
            "its post could carry {tag} ({posts} posts), probability {probability}",
            tag=tag.tag,
            posts=number(tag.posts),
            probability=chance(tag.probability or 0),
        )


def _probabilities(tags: Iterable[TagFigures]) -> str:
    return ", ".join(f"{tag.tag} {chance(tag.probability or 0)}" for tag in tags)
