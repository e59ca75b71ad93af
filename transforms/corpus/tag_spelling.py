"""The spellings of tags: compared folded, shown as most posts spell them."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np
from scipy import sparse

from transforms.limits import CORPUS_TAGS, USES_OF_A_TAG
from transforms.reading.fields import tag_key
from transforms.records import Article, TextBlock

Spellings = Counter[tuple[str, str]]
"""How often each (key, spelling) stands."""


def article_tags(article: Article) -> list[str]:
    """Return the folded keys of an article's tags, sorted, each once."""
    return sorted({tag_key(tag) for tag in article.tags})


def count_spellings(articles: Iterable[Article]) -> Spellings:
    """Count the spellings of the articles' tags."""
    return Counter((tag_key(tag), tag) for article in articles for tag in article.tags)


def add_spellings(counted: Iterable[Spellings]) -> Spellings:
    """Add up counts of spellings."""
    total: Spellings = Counter()
    for spellings in counted:
        total.update(spellings)
    return total


def tag_names(total: Spellings) -> dict[str, str]:
    """Choose for each key the spelling used most, the first in code-point order of those used equally often.

    Of more keys than CORPUS_TAGS, and than a USES_OF_A_TAG-th of their uses, those used most are kept, ties by key:
    everything else of a corpus grows with its tags times its posts.
    """
    names: dict[str, str] = {}
    uses: Counter[str] = Counter()
    for key, spelling in sorted(total, key=lambda pair: (-total[pair], pair)):
        names.setdefault(key, spelling)
        uses[key] += total[key, spelling]
    most = max(CORPUS_TAGS, uses.total() // USES_OF_A_TAG)
    if len(names) <= most:
        return names
    return {key: names[key] for key in sorted(uses, key=lambda key: (-uses[key], key))[:most]}


def respell(article: Article, names: Mapping[str, str]) -> Article:
    """Return the article with its tags as shown, in the order it gives them; those without a name as spelled."""
    return dataclasses.replace(article, tags=tuple(dict.fromkeys(names.get(tag_key(tag), tag) for tag in article.tags)))


def tag_blocks(names: Mapping[str, str], rows: int) -> Iterator[TextBlock]:
    """Make blocks of at most `rows` that hold the tags' names as texts, in the order of the keys."""
    keys = sorted(names)
    for start in range(0, len(keys), rows):
        chunk: Sequence[str] = keys[start : start + rows]
        articles = tuple(Article(id=key, path="", title=names[key]) for key in chunk)
        yield TextBlock("tags", articles, tuple(names[key] for key in chunk))


def tag_matrix(articles: Sequence[Article], keys: Sequence[str]) -> sparse.csr_matrix:
    """Tell which articles carry which tags of `keys`: float64 csr [articles, keys] of ones."""
    column_of: Mapping[str, int] = {key: column for column, key in enumerate(keys)}
    columns = [[column_of[key] for key in article_tags(article) if key in column_of] for article in articles]
    indptr = np.cumsum([0, *map(len, columns)])
    indices = np.array([column for row in columns for column in row], np.int64)
    return sparse.csr_matrix((np.ones(len(indices)), indices, indptr), (len(articles), len(keys)))
