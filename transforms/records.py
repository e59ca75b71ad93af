"""The records that travel through the pipeline, and the rows of its result tables.

Every record is a frozen dataclass that does no more than hold values, so that any stage, runner or test can make one by
hand.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from scipy import sparse

from transforms.numerics.arrays import Floats, Vectors


@dataclass(frozen=True, slots=True)
class PostFile:
    """A post as a file: `root` and `path` below it (POSIX), and its size in bytes.

    `neighbors` of an index are how many other posts are beside it or in folders below. `bundled` tells a README that
    is alone in its folder, as most files of its blog are.
    """

    root: str
    path: str
    size: int
    neighbors: int = 0
    bundled: bool = False


@dataclass(frozen=True)
class Article:
    """One post, read and cleaned.

    `path` is below the input's root; `date` is ISO 8601 with the zone that the post gave, or None; `tags` are spelled
    as the post spells them; `body` is plain text (headings and code blocks taken out) and is emptied once encoded, and
    so are `hrefs`, where the body links to, as written there, `href_lines`, the line of the file for each (0: not
    known), and `address_fields`, the values of front matter that may say where it is on its site, each behind its
    field's name. `views` says how often it was read, None: not known. `updated` is when it was last changed, "" where
    the post does not say, and `translation_keys` are what it has in common with the same post in another language, each
    of its own kind and "" where there is none. `clues` are fields of its front matter that look like a date or tags
    that it lacks, each behind which of these it is. `keys` are those of its front matter, emptied as `hrefs` are, and
    `blob` is the name that git has for the file's content. `prose` has the number of each line of the body that is a
    paragraph, from 0, and what of it is the text of a link, of a picture, or code; it is emptied as `hrefs` are.
    `address` is where the post is on the live site, a whole web address, None where that is not known.
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
    views: int | None = None
    hrefs: tuple[str, ...] = ()
    href_lines: tuple[int, ...] = ()
    address_fields: tuple[tuple[str, str], ...] = ()
    updated: str = ""
    translation_keys: tuple[str, ...] = ()
    clues: tuple[tuple[str, str], ...] = ()
    keys: tuple[str, ...] = ()
    blob: str = ""
    prose: tuple[tuple[int, tuple[str, ...]], ...] = ()
    address: str | None = None
    body: str = ""


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


@dataclass(frozen=True)
class Tagging:
    """How many posts there are, and how many have tags and categories."""

    posts: int = 0
    tagged: int = 0
    categorised: int = 0


BlockKind = Literal["articles", "tags"]
"""What a block's rows are: posts, or the names of tags (an `Article` each, with its folded tag as id)."""


@dataclass(frozen=True, eq=False)
class Notes:
    """What was noted about each article of a block while its text was at hand.

    `in_title` and `in_text` csr float64 [rows, tags] say how often the name of each of the corpus's tags, in the order
    of their keys, stands there; `words` [rows] are the article's rare words, the most telling first. Of the terms of
    the corpus's titles, `title` csr float64 [rows, terms] has the share of the article's own title that each is, and
    `named` csr int8 [rows, terms] is 1 where one stands in its text. `runs` csr int8 [rows, hashes] are sketches of the
    runs of words in its body, None where nothing asks for them.
    """

    in_title: sparse.csr_matrix
    in_text: sparse.csr_matrix
    words: tuple[tuple[str, ...], ...]
    title: sparse.csr_matrix
    named: sparse.csr_matrix
    runs: sparse.csr_matrix | None = None

    def part(self, rows: Sequence[int]) -> Notes:
        """Return the notes of some rows."""
        of_titles = (self.title[rows], self.named[rows])
        runs = None if self.runs is None else self.runs[rows]
        return Notes(self.in_title[rows], self.in_text[rows], tuple(self.words[row] for row in rows), *of_titles, runs)


_NOTHING = sparse.csr_matrix((0, 0))
NO_NOTES = Notes(_NOTHING, _NOTHING, (), _NOTHING, _NOTHING)


@dataclass(frozen=True, eq=False)
class TextBlock:
    """Up to 256 articles (bodies emptied) in the order of their ids, with the text to encode for each.

    `whole` are the articles' whole texts until notes were taken of them.
    """

    kind: BlockKind
    articles: tuple[Article, ...]
    texts: tuple[str, ...]
    whole: tuple[str, ...] = ()
    notes: Notes = NO_NOTES

    def __len__(self) -> int:
        return len(self.articles)


@dataclass(frozen=True, eq=False)
class Block:
    """Up to 256 articles in the order of their ids, with their vectors and a digest of each one's text.

    `cut` counts the texts that were too long for the encoder, `cached` those whose vectors were known. `coverage`
    float64 [rows] says how much of each text the dimensions hold, None where that is not known.
    """

    kind: BlockKind
    encoder: EncoderInfo
    articles: tuple[Article, ...]
    vectors: Vectors
    digests: tuple[str, ...]
    cut: int = 0
    cached: int = 0
    notes: Notes = NO_NOTES
    coverage: Floats | None = None

    def __len__(self) -> int:
        return len(self.articles)

    def part(self, rows: Sequence[int]) -> Block:
        """Return the block of some of its rows."""
        return replace(
            self,
            articles=tuple(self.articles[row] for row in rows),
            vectors=self.vectors[rows],
            digests=tuple(self.digests[row] for row in rows),
            notes=self.notes.part(rows),
            coverage=None if self.coverage is None else self.coverage[rows],
        )
