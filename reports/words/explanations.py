"""By which figures tags are to be mended or introduced: evidence in, clauses of a sentence out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from reports.words.format import chance, decimal, number
from reports.words.language import ENGLISH, Language
from transforms.results import PostSimilarity, ProposedTag, TagFigures, TagIssue, TextFit


def explain_issue(issue: TagIssue, say: Language = ENGLISH) -> tuple[str, ...]:
    """Say clause by clause by which figures tags are to be mended; names of tags stand there unescaped."""
    evidence, clauses = issue.evidence, list[str]()
    if evidence.similarity and len(evidence.tags) == 2:
        clauses.append(_similarity(evidence.similarity, issue.score or 0, say))
    if evidence.fit:
        clauses += _fit(evidence.fit, issue.posts, say)
    if issue.kind == "missing":
        clauses.append(say("probable: {tags}", tags=_probabilities(evidence.tags)))
    elif issue.kind == "once" and evidence.lacking:
        clauses.append(say("probable: {tags}", tags=_probabilities(evidence.lacking)))
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


def _similarity(similarity: PostSimilarity, score: float, say: Language) -> str:
    cosines = {name: decimal(getattr(similarity, name)) for name in ("across", "within", "chance")}
    if similarity.across < similarity.within:
        return say(
            "their posts are {share} as alike as those of one tag "
            "(mean cosine {across} between them, {within} expected within one tag, {chance} between any two posts)",
            share=f"{100 * score:.0f}%",
            **cosines,
        )
    return say(
        "their posts are as alike as those of one tag "
        "(mean cosine {across} between them, {within} expected within one tag, {chance} between any two posts)",
        **cosines,
    )


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


def _probabilities(tags: Iterable[TagFigures]) -> str:
    return ", ".join(f"{tag.tag} {chance(tag.probability or 0)}" for tag in tags)
