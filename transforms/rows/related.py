"""Related posts."""

from __future__ import annotations

from dataclasses import dataclass

from transforms.rows.related_by import RelatedKind, SureOf


@dataclass(frozen=True)
class Neighbor:
    """A near article and its cosine, rounded."""

    id: str
    score: float


@dataclass(frozen=True)
class Why:
    """The parts of a related article's score, and what both articles share.

    `text` is the cosine of their vectors, `tags` the overlap of their tags, known or expected, `titles` how much of
    the other's title the article names (all 0 to 1), `years` how many are between them (None also where one has no
    date), `links` how many others link to the related one, and `recent` what is added for being new; None for a part
    that is switched off. `counted` names the parts that speak for it more than they usually do, the strongest first.
    `shared_tags` are those that both carry, the rarest first, `shared_words` rare words that stand in both.
    `readers` is how far the same readers read both, from 0 to 1, and `read_together` how many did, rounded down; None
    where this is not known.
    """

    text: float | None
    tags: float | None = None
    titles: float | None = None
    years: float | None = None
    links: int | None = None
    recent: float | None = None
    counted: tuple[str, ...] = ()
    shared_tags: tuple[str, ...] = ()
    shared_words: tuple[str, ...] = ()
    readers: float | None = None
    read_together: int | None = None


@dataclass(frozen=True)
class RelatedArticle:
    """A related article, its score, and the probability that it fits, as `sure_of` has it (both None: unknown).

    The score of one that is not `similar` is the cosine of the vectors, and its confidence is not known.
    """

    id: str
    score: float
    confidence: float | None
    why: Why
    kind: RelatedKind = "similar"
    sure_of: SureOf | None = None


@dataclass(frozen=True)
class Related:
    """An article's related articles: the similar ones, best first, then those of its cluster."""

    id: str
    related: tuple[RelatedArticle, ...]
