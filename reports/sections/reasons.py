"""How articles are mentioned, and why they are related."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from reports.views import ArticleLinks, RelatedLink
from reports.words.format import chance, decimal
from reports.words.language import ENGLISH, Language, to_say
from transforms.results import Related, RelatedArticle, RelatedKind, SureOf, Why

FEATURED: Mapping[RelatedKind, str] = {
    "newest_in_cluster": to_say("newest other post of the theme"),
    "popular_in_cluster": to_say("most read other post of the theme"),
}
"""How related articles are called that are not among the nearest."""
BELOW: Mapping[SureOf | None, str] = {
    "link": to_say("Below it stand how likely it is that an author would link the two, and what they share."),
    "tags": to_say("Below it stand how sure it is that both belong under a common tag, and what they share."),
    None: to_say("Below it stands what they share."),
}
"""What stands below a related article's score, by what the run's confidence is of."""
NAMED_IN_A_SENTENCE = 3
"""So many tags or words that two articles share are named in a sentence."""
NAMED = 0.5
"""A text names a title from this share of it on; below, it has a few of its words."""


def related_links(
    related: Iterable[RelatedArticle], links: ArticleLinks, say: Language = ENGLISH
) -> tuple[RelatedLink, ...]:
    """Related articles with their scores and reasons, in the order given, each once."""
    return tuple(RelatedLink(links[other.id], shown_score(other), reasons(other, say)) for other in once(related))


def once(related: Iterable[RelatedArticle]) -> tuple[RelatedArticle, ...]:
    """Related articles in the order given, each where it stands first: a theme may feature a similar one."""
    first: dict[str, RelatedArticle] = {}
    for other in related:
        first.setdefault(other.id, other)
    return tuple(first.values())


def shown_score(related: RelatedArticle) -> str:
    """The score of a similar article; empty for one that its theme features, whose cosine is no such score."""
    return decimal(related.score) if related.kind == "similar" else ""


def reasons(related: RelatedArticle, say: Language = ENGLISH) -> str:
    """How sure it is that the other fits, and what they share, in one line."""
    if related.kind != "similar":
        return " · ".join([say(FEATURED[related.kind]), *_shared(replace(related.why, text=None), say)])
    return " · ".join([*_sure(related, say), *_shared(related.why, say)])


def plain_reasons(related: RelatedArticle, say: Language = ENGLISH) -> str:
    """What two articles have in common, in a sentence without figures."""
    why = related.why
    if len(why.shared_tags) == 1:
        return say("Both have the tag {tag}.", tag=why.shared_tags[0])
    if why.shared_tags:
        return say("Both have the tags {tags}.", tags=", ".join(why.shared_tags[:NAMED_IN_A_SENTENCE]))
    if why.shared_words:
        return say("Both write of {words}.", words=", ".join(why.shared_words[:NAMED_IN_A_SENTENCE]))
    if "readers" in why.counted:
        return say("The same readers read both.")
    return say("Their texts are much alike.")


def say_below(related: Iterable[Related], say: Language = ENGLISH) -> str:
    """Say what stands below the scores of related articles, whose confidence is of one kind in all of a run."""
    kinds = (other.sure_of or "tags" for row in related for other in row.related if other.confidence is not None)
    return say(BELOW[next(kinds, None)])


def _sure(related: RelatedArticle, say: Language) -> Iterator[str]:
    if related.confidence is not None:
        sure = chance(related.confidence)
        yield (
            say("{chance} likely to be linked", chance=sure)
            if related.sure_of == "link"
            else say("{chance} sure", chance=sure)
        )


def _shared(why: Why, say: Language) -> Iterator[str]:
    """What was found; the overlap of tags speaks where none is shared: tags may be expected of a text.

    What else there is to compare is told where it counted.
    """
    if why.shared_tags:
        yield say("tags: {tags}", tags=", ".join(why.shared_tags))
    elif why.tags:
        yield say("expected tags {score}", score=decimal(why.tags))
    if why.shared_words:
        yield say("words: {words}", words=", ".join(why.shared_words))
    if why.text is not None:
        yield say("text {score}", score=decimal(why.text))
    if why.recent is not None:
        yield say("newness {score}", score=decimal(why.recent))
    yield from _counted(why, say)


def _counted(why: Why, say: Language) -> Iterator[str]:
    for part in why.counted:
        if part == "titles":
            yield say("names its title") if (why.titles or 0.0) >= NAMED else say("shares words of its title")
        elif part == "dates":
            yield say("from about the same time")
        elif part == "links" and why.links:
            yield say.count("{n} post links to it", "{n} posts link to it", why.links)
        elif part == "readers":
            yield say("read by the same readers")
