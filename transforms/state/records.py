"""What a report knows of a blog that its tables do not hold, and that a check of changed posts needs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from scipy import sparse

from transforms.corpus.titles import NO_TITLES, TitleTerms
from transforms.numerics.arrays import Ints32, Vectors
from transforms.records import EncoderInfo
from transforms.related.confidence import Confidence
from transforms.related.weights import RankWeights
from transforms.results import TagTrial
from transforms.tags.model import TagWeights


@dataclass(frozen=True)
class PostState:
    """A post as it was when the report was made.

    `path`, `id`, `title`, `date`, `url`, `tags`, `address_fields`, `keys` and `blob` are as the Article has them, its
    categories behind its tags where these stand in for tags. `language` is the blog's main one where the post's own is
    not known. `links` are the ids of the posts that it links to, in their order.
    """

    path: str
    id: str
    blob: str
    title: str
    date: str | None = None
    language: str | None = None
    url: str | None = None
    tags: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()
    address_fields: tuple[tuple[str, str], ...] = ()
    links: tuple[str, ...] = ()


@dataclass(frozen=True)
class Settings:
    """How the posts were read, encoded and related: what flags asked for, or their defaults.

    `fields` are the front matter's names by field, `parts` what of a post is encoded and how many times each counts,
    and `related_by` what related posts are found by.
    """

    as_of: str
    fields: Mapping[str, tuple[str, ...]]
    include: tuple[str, ...] = ()
    parts: Mapping[str, int] = field(default_factory=dict)
    related_by: tuple[str, ...] = ()
    any_language: bool = False


@dataclass(frozen=True)
class SiteState:
    """What is known of the blog's links: its `hosts`, and by shape how many lead to a post and how many to none.

    The host "" is that of a link without one. Shapes are those of `transforms.site.hyperlinks`.
    """

    hosts: tuple[str, ...] = ()
    shapes: Mapping[str, tuple[int, int]] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class State:
    """What a report leaves for later commands.

    `posts` [n] are in the order of their ids, as are `vectors` float32 [n, dim] and `runs` csr int8 [n, HASHES], the
    sketches of their runs of words, to which `common_runs` do not belong. `tag_weights` are those of the evidence for a
    tag and `trial` is what corrects its probabilities; related posts are ranked by `ranking`, by titles too, whose
    `titles` are the terms, and are as sure as `confidence` says, None where nothing could be learned. `coverage` is the
    usual one of the posts' texts, None where the encoder was not fitted to any. `by_categories` says that categories
    stand in for tags.
    """

    postkin: str
    encoder: EncoderInfo
    settings: Settings
    posts: tuple[PostState, ...]
    vectors: Vectors
    runs: sparse.csr_matrix
    common_runs: Ints32
    tag_weights: TagWeights
    trial: TagTrial
    ranking: RankWeights
    confidence: Confidence | None = None
    titles: TitleTerms = NO_TITLES
    by_categories: bool = False
    site: SiteState = SiteState()
    coverage: float | None = None
