"""All articles of a corpus as arrays, in the order of their ids."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy import sparse

from transforms.corpus.chronology import ages
from transforms.corpus.languages import blog_languages, kinship
from transforms.corpus.tag_spelling import tag_matrix
from transforms.numerics.arrays import NOBODY, Floats, Ints, Mask, Vectors, leading
from transforms.records import Article, Block
from transforms.results import Links
from transforms.sampling import key_of
from transforms.search.candidates import CANDIDATES, GroupedIndex, Searcher, leave_out
from transforms.site.link_keys import LinkKeys, link_keys


@dataclass(frozen=True, eq=False)
class Corpus:
    """Articles (bodies emptied) and their digests [n], with what is known of them.

    `vectors` float32 [n, dim], of which neighbours compare `near` [n, neighbor_dim]; `carriers` csr [n, tags], 1 where
    an article carries a tag of `keys`; `in_title` and `in_text` csr [n, tags], how often a tag's name stands there;
    `words` [n], each article's rare words, `title` and `named` csr [n, terms], what titles say, as in Notes; `age`
    float64 [n], years before the newest article, NaN without a date; the `links` of all.
    """

    articles: Sequence[Article]
    digests: Sequence[str]
    keys: tuple[str, ...]
    vectors: Vectors
    near: Vectors
    carriers: sparse.csr_matrix
    in_title: sparse.csr_matrix
    in_text: sparse.csr_matrix
    words: Sequence[tuple[str, ...]]
    title: sparse.csr_matrix
    named: sparse.csr_matrix
    age: Floats
    links: LinkKeys

    def __len__(self) -> int:
        return len(self.articles)

    @property
    def ids(self) -> list[str]:
        """Every article's id, sorted."""
        return [article.id for article in self.articles]

    @cached_property
    def article_keys(self) -> Ints:
        """The key of every article: int64 [n]."""
        return np.array([key_of(article.id) for article in self.articles], np.int64)

    @property
    def tagged(self) -> Mask:
        """Which articles carry a tag [n]."""
        return np.asarray(np.diff(self.carriers.indptr) > 0, np.bool_)

    def part(self, rows: Ints) -> Corpus:
        """Return the corpus of some rows alone."""
        return Corpus(
            [self.articles[row] for row in rows],
            [self.digests[row] for row in rows],
            self.keys,
            self.vectors[rows],
            self.near[rows],
            self.carriers[rows],
            self.in_title[rows],
            self.in_text[rows],
            [self.words[row] for row in rows],
            self.title[rows],
            self.named[rows],
            self.age[rows],
            self.links.part(rows),
        )

    def without_tags(self, rows: Ints) -> Corpus:
        """Return the corpus as it were if these rows had no tags; tags that nobody else carries go."""
        kept = np.ones(len(self))
        kept[rows] = 0
        carriers = sparse.csr_matrix(sparse.diags(kept) @ self.carriers)
        carriers.eliminate_zeros()
        known = np.flatnonzero(np.bincount(carriers.indices, minlength=len(self.keys)))
        hidden = set(rows.tolist())
        return dataclasses.replace(
            self,
            articles=[
                dataclasses.replace(article, tags=()) if row in hidden else article
                for row, article in enumerate(self.articles)
            ],
            keys=tuple(self.keys[column] for column in known),
            carriers=carriers[:, known],
            in_title=self.in_title[:, known],
            in_text=self.in_text[:, known],
        )


def gather_corpus(blocks: Iterable[Block], keys: Sequence[str], links: Iterable[Links] = ()) -> Corpus:
    """Lay out blocks and Links, in any order, as one corpus; `keys` are all tags', sorted, as in the blocks' notes."""
    blocks = sorted(blocks, key=lambda block: block.articles[0].id)
    articles = [article for block in blocks for article in block.articles]
    order = np.array(sorted(range(len(articles)), key=lambda row: articles[row].id), np.int64)
    vectors = np.concatenate([block.vectors for block in blocks])[order]
    digests = [digest for block in blocks for digest in block.digests]
    words = [words for block in blocks for words in block.notes.words]
    ordered = [articles[row] for row in order]
    return Corpus(
        ordered,
        [digests[row] for row in order],
        tuple(keys),
        vectors,
        leading(vectors, blocks[0].encoder.neighbor_dim),
        tag_matrix(ordered, keys),
        sparse.vstack([block.notes.in_title for block in blocks], format="csr")[order],
        sparse.vstack([block.notes.in_text for block in blocks], format="csr")[order],
        [words[row] for row in order],
        sparse.vstack([block.notes.title for block in blocks], format="csr")[order],
        sparse.vstack([block.notes.named for block in blocks], format="csr")[order],
        ages(ordered),
        link_keys([article.id for article in ordered], links),
    )


def candidates_of(
    corpus: Corpus, make: Callable[[Vectors], Searcher], count: int = CANDIDATES, *, any_language: bool = False
) -> tuple[Ints, Floats]:
    """Find every article's candidates, as rows of the corpus, and their cosines: both [n, count].

    A text's copies are no candidates for it, nor are articles in other languages of the blog, unless `any_language`, or
    translations; ties go to the lower key, as in a search by shards. `make` makes an index of vectors.
    """
    languages = blog_languages(Counter(article.language for article in corpus.articles), any_language=any_language)
    kin = kinship(corpus.articles, languages)
    order = np.argsort([key_of(id_) for id_ in corpus.ids], kind="stable")
    texts = np.unique(corpus.digests, return_inverse=True)[1][order]
    found, cosines = np.empty((len(corpus), count), np.int64), np.empty((len(corpus), count))
    near = corpus.near[order]
    groups = kin.groups[order]
    hits, scores = GroupedIndex(near, groups, make).candidates(texts, near, texts, groups, count)
    found[order], cosines[order] = np.where(hits == NOBODY, NOBODY, order[hits]), scores
    return leave_out(found, cosines, kin.translations(found, kin))
