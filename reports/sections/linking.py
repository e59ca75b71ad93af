"""How the posts link to each other: related ones that do not, and those that nothing links to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from reports.sections.reasons import plain_reasons, related_links
from reports.views import ArticleLink, ArticleLinks, Listing, RelatedLink
from reports.words.format import number
from reports.words.language import ENGLISH, Language
from transforms.output.totals import Totals
from transforms.results import Duplicate, Links, Related, RelatedArticle, SureOf

MUTUAL = 2
"""Strongly related articles are among each other's first so many."""
STRONG = 0.75
"""The share of all scores of similar articles that theirs is not below."""
LEAST_CONFIDENCE: Mapping[SureOf | None, float] = {"tags": 0.5, "link": 0.2, None: 0.5}
"""Less sure ones are not worth an editor's look, where that is known, by what they are sure of."""
MAX_LINKERS = 2

_Pair = tuple[str, str]


@dataclass(frozen=True)
class UnlinkedPair:
    """Two strongly related articles without a link from either to the other, and in plain words what they share."""

    left: ArticleLink
    right: ArticleLink
    why: str


@dataclass(frozen=True)
class Orphan:
    """An article that nothing links to, and those that could, the nearest first."""

    article: ArticleLink
    linkers: tuple[RelatedLink, ...]


@dataclass(frozen=True)
class Linking:
    """How the posts link to each other, the whole in a sentence.

    Where no post links to another (`linked` is false), `orphans` shows none and counts them all. Pairs are counted
    among the articles that are listed.
    """

    sentence: str
    linked: bool
    unlinked: Listing[UnlinkedPair]
    orphans: Listing[Orphan]

    def first(self, limit: int) -> Linking:
        """The same, showing no more than the first `limit` of either list."""
        return replace(self, unlinked=self.unlinked.first(limit), orphans=self.orphans.first(limit))


def linking(
    related: Sequence[Related],
    links: Sequence[Links],
    duplicates: Iterable[Duplicate],
    titles: ArticleLinks,
    totals: Totals,
    say: Language = ENGLISH,
) -> Linking:
    """What an editor should know about the links between posts; a pair of duplicates needs none."""
    copies = {(pair.left, pair.right) for pair in duplicates}
    lonely = orphans(related, links, copies, titles, totals.counts["orphans"], say)
    linked = totals.counts["linking"] > 0
    return Linking(
        sentence=_sentence(lonely.total, totals.posts, linked=linked, say=say),
        linked=linked,
        unlinked=unlinked_pairs(related, links, copies, titles, say),
        orphans=lonely if linked else Listing((), lonely.total),
    )


def unlinked_pairs(
    related: Sequence[Related],
    links: Iterable[Links],
    copies: set[_Pair],
    titles: ArticleLinks,
    say: Language = ENGLISH,
) -> Listing[UnlinkedPair]:
    """The strongly related pairs that do not link to each other, each once, the strongest first, ties by id."""
    linked = {_pair(row.id, other) for row in links for other in row.links} | copies
    pairs = [item for item in _strong_pairs(related).items() if item[0] not in linked]
    pairs.sort(key=lambda item: (-item[1].score, item[0]))
    shown = (UnlinkedPair(titles[left], titles[right], plain_reasons(other, say)) for (left, right), other in pairs)
    return Listing(tuple(shown), len(pairs))


def orphans(
    related: Iterable[Related],
    links: Iterable[Links],
    copies: set[_Pair],
    titles: ArticleLinks,
    total: int,
    say: Language = ENGLISH,
) -> Listing[Orphan]:
    """The articles that nothing links to, those with the nearest article to link from first, ties by id.

    `total` counts those of the whole corpus.
    """
    lonely = {row.id: list[RelatedArticle]() for row in links if not row.linked_by}
    for row in related:
        if row.id in lonely:
            near = [other for other in _similar(row) if _sure(other) and _pair(row.id, other.id) not in copies]
            lonely[row.id] = near[:MAX_LINKERS]
    ordered = sorted(lonely.items(), key=lambda item: (-item[1][0].score if item[1] else 1.0, item[0]))
    shown = (Orphan(titles[id_], related_links(near, titles, say)) for id_, near in ordered)
    return Listing(tuple(shown), total)


def _strong_pairs(related: Sequence[Related]) -> dict[_Pair, RelatedArticle]:
    """The pairs, each in the order of its ids, with the better of the two views of it."""
    scores = sorted(other.score for row in related for other in _similar(row))
    strong = scores[int(STRONG * len(scores))] if scores else 0.0
    first = {(row.id, other.id): other for row in related for other in _similar(row)[:MUTUAL]}
    pairs: dict[_Pair, RelatedArticle] = {}
    for (left, right), forth in first.items():
        back = first.get((right, left))
        if left < right and back:
            best = back if back.score > forth.score else forth
            if best.score >= strong and _sure(best):
                pairs[left, right] = best
    return pairs


def _similar(row: Related) -> list[RelatedArticle]:
    return [other for other in row.related if other.kind == "similar"]


def _sure(other: RelatedArticle) -> bool:
    return other.confidence is None or other.confidence >= LEAST_CONFIDENCE[other.sure_of]


def _pair(one: str, other: str) -> _Pair:
    return (one, other) if one < other else (other, one)


def _sentence(lonely: int, posts: int, *, linked: bool, say: Language) -> str:
    if not linked:
        return say("No post links to another.")
    if not lonely:
        return say("Every post is linked to by another.")
    return say.count(
        "{n} post of {posts} is linked to by no other.",
        "{n} posts of {posts} are linked to by no other.",
        lonely,
        posts=number(posts),
    )
