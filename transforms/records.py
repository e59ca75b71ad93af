"""The records that travel through the pipeline, and the rows of its result tables.

Every record is a frozen dataclass without behaviour, so that any stage, runner or test can make one by hand.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

Vectors = npt.NDArray[np.float32]
"""A float32 matrix, one unit-length row an article; a zero row stands for a text that has no vector."""


@dataclass(frozen=True)
class PostFile:
    """A post as a file: `root` and `path` below it (POSIX), and its size in bytes."""

    root: str
    path: str
    size: int


@dataclass(frozen=True)
class Article:
    """One post, read and cleaned.

    `path` is below the input's root; `date` is ISO 8601 with the zone that the post gave, or None; `tags` are spelled
    as the post spells them; `body` is plain text (headings and code blocks taken out) and is emptied once encoded.
    """

    id: str
    path: str
    title: str
    date: str | None = None
    tags: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    lede: str = ""
    headings: tuple[str, ...] = ()
    language: str | None = None
    url: str | None = None
    thumbnail: str | None = None
    body: str = ""


@dataclass(frozen=True)
class Rejected:
    """A file that could not be read as a post; `line` is 1-based, None where the fault has no line."""

    path: str
    line: int | None
    reason: str


@dataclass(frozen=True)
class Skipped:
    """A post that was left out on purpose; `kind` is draft, hidden, future, empty or page."""

    path: str
    kind: str
    reason: str


@dataclass(frozen=True)
class Collision:
    """A post whose id another post already has, and the id that tells it apart."""

    path: str
    wanted: str
    given: str


@dataclass(frozen=True)
class EncoderInfo:
    """An encoder's identity, as run.json and the report give it.

    `digest` is a content hash of the model. Neighbours and clusters compare the leading `neighbor_dim` of the `dim`
    dimensions, tags compare them all.
    """

    name: str
    version: str
    digest: str
    dim: int
    neighbor_dim: int

    @property
    def id(self) -> str:
        """Name, version and the head of the digest, in one word."""
        return f"{self.name}-{self.version}-{self.digest[:12]}"


@dataclass(frozen=True)
class Encoding:
    """How many texts an encoder has encoded, cut as too long, and found in its cache."""

    encoder: EncoderInfo
    texts: int
    cut: int
    cached: int


BlockKind = Literal["articles", "tags"]
"""What a block's rows are: posts, or the names of tags (an `Article` each, with its folded tag as id)."""


@dataclass(frozen=True)
class TextBlock:
    """Up to 256 articles (bodies emptied) in the order of their ids, with the text to encode for each."""

    kind: BlockKind
    articles: tuple[Article, ...]
    texts: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.articles)


@dataclass(frozen=True, eq=False)
class Block:
    """Up to 256 articles in the order of their ids, with their vectors and a digest of each one's text.

    `cut` counts the texts that were too long for the encoder, `cached` those whose vectors were known.
    """

    kind: BlockKind
    encoder: EncoderInfo
    articles: tuple[Article, ...]
    vectors: Vectors
    digests: tuple[str, ...]
    cut: int = 0
    cached: int = 0

    def __len__(self) -> int:
        return len(self.articles)


@dataclass(frozen=True)
class Neighbor:
    """A near article and its cosine, rounded."""

    id: str
    score: float


@dataclass(frozen=True)
class Related:
    """An article's neighbours, nearest first."""

    id: str
    related: tuple[Neighbor, ...]


@dataclass(frozen=True)
class Duplicate:
    """Two articles, left < right, whose texts are nearly (or `exact`ly) the same."""

    left: str
    right: str
    score: float
    exact: bool


TagVectors = Literal["means", "names"]
"""What an article is compared with to score a tag: the mean of the tag's articles, or the tag's encoded name."""


@dataclass(frozen=True)
class TagScore:
    """A recommended tag, its cosine to the article, and whether the article has it already."""

    tag: str
    score: float
    present: bool


@dataclass(frozen=True)
class Recommended:
    """The tags recommended for an article, best first."""

    id: str
    recommended: tuple[TagScore, ...]


@dataclass(frozen=True)
class ScoredTag:
    """A tag and its cosine to a centroid."""

    tag: str
    score: float


@dataclass(frozen=True)
class Cluster:
    """One cluster: members and representatives nearest first; `name` is unique in its run."""

    number: int
    name: str
    size: int
    tags: tuple[ScoredTag, ...]
    articles: tuple[Neighbor, ...]
    members: tuple[Neighbor, ...]


@dataclass(frozen=True)
class Merge:
    """One row of a linkage: `left` and `right` are leaves (below the leaf count) or earlier merges, as in scipy."""

    left: int
    right: int
    height: float
    size: int


@dataclass(frozen=True)
class Dendrogram:
    """A linkage over clusters: leaf i is cluster number `clusters[i]`; `leaf_order` lists leaves as drawn."""

    clusters: tuple[int, ...]
    merges: tuple[Merge, ...]
    leaf_order: tuple[int, ...]


@dataclass(frozen=True)
class Metric:
    """A measure's value for one method, in use or beside it, and the number of articles judged.

    The value is None when there were none.
    """

    measure: str
    method: str
    value: float | None
    judged: int
    in_use: bool = False


def as_row(record: Any) -> Any:
    """Turn a record into the dict that its JSON holds, nested records included; other values stay as they are."""
    if isinstance(record, tuple):
        return [as_row(value) for value in record]
    if hasattr(record, "__dataclass_fields__"):  # dataclasses.asdict also copies every value, at ten times the cost
        return {name: as_row(value) for name, value in vars(record).items()}
    return record
