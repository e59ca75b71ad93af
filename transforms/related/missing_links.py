"""Which links between related posts are missing: those of one to another that nothing links to, and of close pairs."""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import NamedTuple

from transforms.results import Links, LinkToSet, Related, RelatedArticle, SureOf

MUTUAL = 2
"""A close pair is among each other's first so many related articles."""
LINKERS = 2
"""So many articles that could link to one are looked at."""
LEAST_CONFIDENCE: Mapping[SureOf | None, float] = {"tags": 0.5, "link": 0.2, None: 0.5}
"""Less sure ones are not worth an editor's look, where that is known, by what they are sure of."""
LISTED = 1_000
"""So many missing links are looked at, those between the articles that are most alike."""
LINKS_TO_ONE = 2
"""So many links are set to one article at once."""

Pair = tuple[str, str]


class MissingLink(NamedTuple):
    """A link that `source` does not have to `target`; `first` if nothing links to that. `score` is how alike they are.

    One that is `half` counts only if the other way round is missing too.
    """

    score: float
    source: str
    target: str
    first: bool
    half: bool = False

    @property
    def pair(self) -> Pair:
        """Both articles in the order of their ids."""
        return (self.source, self.target) if self.source < self.target else (self.target, self.source)


def is_sure(other: RelatedArticle) -> bool:
    """Tell whether a related article is sure enough to ask an editor to link it."""
    return other.confidence is None or other.confidence >= LEAST_CONFIDENCE[other.sure_of]


def missing_links(related: Iterable[Related], links: Iterable[Links]) -> Iterator[MissingLink]:
    """The links that some articles may lack, by what they and no others link to and are linked by.

    Articles whose Links are not given have none.
    """
    known = {row.id: row for row in links}
    for row in related:
        own = known.get(row.id, Links(row.id, (), 0))
        near = [other for other in row.related if other.kind == "similar"]
        if not own.linked_by:
            for other in [other for other in near if is_sure(other)][:LINKERS]:
                yield MissingLink(other.score, other.id, row.id, first=True)
        for other in near[:MUTUAL]:
            if other.id not in own.links and is_sure(other):
                yield MissingLink(other.score, row.id, other.id, first=False, half=True)


def choose_links(
    found: Iterable[MissingLink], copies: Collection[Pair] = frozenset(), limit: int = LISTED
) -> list[MissingLink]:
    """Choose the surest of the links that some pairs of articles lack, given all that is missing of these pairs.

    The `copies` among the pairs need no link. The most alike come first, ties by id.
    """
    of_pairs: dict[Pair, list[MissingLink]] = {}
    for link in found:
        if link.pair not in copies:
            of_pairs.setdefault(link.pair, []).append(link)
    return best_links((link for links in of_pairs.values() for link in _of_pair(links)), limit)


def best_links(links: Iterable[MissingLink], limit: int = LISTED) -> list[MissingLink]:
    """The links between the articles that are most alike, ties by id."""
    return heapq.nsmallest(limit, links, key=lambda link: (-link.score, link.source, link.target))


def _of_pair(links: list[MissingLink]) -> Iterator[MissingLink]:
    """The links that a pair lacks, each once: those to an article that nothing links to, and both of a close pair."""
    firsts = {link.target: link for link in links if link.first}
    halves = [link for link in links if link.half]
    chosen = dict(firsts)
    if len(halves) > 1:
        for link in halves:
            chosen.setdefault(link.target, link._replace(half=False))
    score = max(link.score for link in links)
    yield from (link._replace(score=score) for link in chosen.values())


def spread_links(found: Iterable[LinkToSet]) -> list[LinkToSet]:
    """Keep of links with their places those that can be set together, the best first, ties by id.

    A pair gets one link, a sentence as well, and an article no more than `LINKS_TO_ONE`; one that nothing links to
    comes before others.
    """
    kept: list[LinkToSet] = []
    pairs: set[frozenset[str]] = set()
    sentences: set[Pair] = set()
    to_one: Counter[str] = Counter()
    for link in sorted(found, key=lambda link: (not link.first, -link.score, link.id, link.target)):
        pair, sentence = frozenset((link.id, link.target)), (link.id, link.sentence)
        if pair not in pairs and sentence not in sentences and to_one[link.target] < LINKS_TO_ONE:
            kept.append(link)
            pairs.add(pair)
            sentences.add(sentence)
            to_one[link.target] += 1
    return kept
