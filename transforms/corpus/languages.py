"""The languages of a blog: which it has, and which of its posts are kept apart, or are one post in two languages."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np

from transforms.generators.languages import base, family, folded, standard
from transforms.numerics.arrays import NOBODY, Ints, Mask
from transforms.records import Article
from transforms.sampling import key_of

LEAST_POSTS = 3
"""A language of fewer posts is none of the blog's: they would have nothing to be related to."""

Languages = Mapping[str | None, int]
"""How many posts are in each language, by its code as written; None where nothing tells it."""


@dataclass(frozen=True)
class BlogLanguages:
    """The languages that posts are kept apart by.

    `apart` numbers the languages whose posts are related to each other alone, from 0, that of most posts; `listed` are
    codes, as compared, that the site tells apart although they are of one language, such as pt and pt-br.
    """

    apart: Mapping[str, int] = field(default_factory=dict, hash=False)
    listed: frozenset[str] = frozenset()

    @property
    def several(self) -> bool:
        """Whether posts are kept apart at all."""
        return len(self.apart) > 1

    def group(self, code: str | None) -> int:
        """The number of the posts that one in this language is kept with: 0 where that is no language of the blog's."""
        return self.apart.get(_name(code, self.listed), 0) if code and self.several else 0

    def group_name(self, code: str | None) -> str:
        """The language of those posts, as it is compared; "" where nobody is kept apart."""
        return next(name for name, number in self.apart.items() if number == self.group(code)) if self.several else ""


ONE_LANGUAGE = BlogLanguages()
"""Nobody is kept apart."""


def blog_languages(counted: Languages, listed: Collection[str] = (), *, any_language: bool = False) -> BlogLanguages:
    """The languages of a blog whose posts are counted, on a site that lists these; none is apart if `any_language`."""
    known = Counter({code: posts for code, posts in counted.items() if code})
    if not known:
        return ONE_LANGUAGE
    codes = Counter(base(code) for code in listed)
    told_apart = frozenset(folded(code) for code in listed if codes[base(code)] > 1)
    posts: Counter[str] = Counter()
    for code, times in known.items():
        posts[_name(code, told_apart)] += times
    ordered = sorted(posts, key=lambda name: (-posts[name], name))
    kept = [] if any_language else [name for name in ordered if posts[name] >= LEAST_POSTS]
    return BlogLanguages({name: number for number, name in enumerate(kept)}, told_apart)


def main_language(counted: Languages) -> str | None:
    """The code that most of the posts have whose language is known, the first by the alphabet of equals."""
    return min((code for code in counted if code), key=lambda code: (-counted[code], code), default=None)


def settled(article: Article, main: str | None) -> Article:
    """The article in the blog's main language where its own is not known."""
    return dataclasses.replace(article, language=main) if main and not article.language else article


def _name(code: str, listed: frozenset[str]) -> str:
    return folded(code) if folded(code) in listed else family(code)


@dataclass(frozen=True, eq=False)
class Kinship:
    """Of some articles [n] which may be related: those of one group, but for translations of each other.

    `groups` int64 [n] are numbers of `BlogLanguages`; `languages` int64 [n] are keys of their codes and `keys` int64
    [n, kinds] of what each has in common with its translations, NOBODY where it has nothing.
    """

    groups: Ints
    languages: Ints
    keys: Ints

    def __len__(self) -> int:
        return len(self.groups)

    def part(self, rows: Ints) -> Kinship:
        """Return what is known of some of the articles."""
        return Kinship(self.groups[rows], self.languages[rows], self.keys[rows])

    def translations(self, found: Ints, others: Kinship) -> Mask:
        """Tell which of those found, rows int64 [n, c] of `others` or NOBODY, are translations of each article."""
        shared = np.zeros(found.shape, np.bool_)
        if not found.size or not len(others) or len(np.union1d(self.languages, others.languages)) < 2:
            return shared
        for own, theirs in zip(self.keys.T, others.keys.T, strict=True):
            shared |= (theirs[found] == own[:, None]) & (own[:, None] != NOBODY)
        shared &= (found != NOBODY) & (others.languages[found] != self.languages[:, None])
        return shared


def kinship(articles: Sequence[Article], languages: BlogLanguages) -> Kinship:
    """What tells of each article which others may be related to it."""
    kinds = max((len(article.translation_keys) for article in articles), default=0)
    rows = [[_key(key) for key in (*article.translation_keys, *("",) * kinds)[:kinds]] for article in articles]
    return Kinship(
        np.array([languages.group(article.language) for article in articles], np.int64),
        np.array([_code_key(article.language) for article in articles], np.int64),
        np.array(rows, np.int64).reshape(len(articles), kinds),
    )


def join_kinship(parts: Sequence[Kinship]) -> Kinship:
    """Join what is known of some articles and of others."""
    kinds = max(part.keys.shape[1] for part in parts)
    padded = [np.pad(part.keys, ((0, 0), (0, kinds - part.keys.shape[1])), constant_values=NOBODY) for part in parts]
    return Kinship(
        np.concatenate([part.groups for part in parts]),
        np.concatenate([part.languages for part in parts]),
        np.concatenate(padded),
    )


def are_translations(one: Article, other: Article) -> bool:
    """Tell whether two articles are one post in two languages."""
    return same_post(one.language, one.translation_keys, other.language, other.translation_keys)


def same_post(one: str | None, keys: Sequence[str], other: str | None, other_keys: Sequence[str]) -> bool:
    """Tell whether two articles of these languages and keys are one post in two languages."""
    return _code_key(one) != _code_key(other) and any(key and key in other_keys for key in keys)


def _key(key: str) -> int:
    return key_of(key) if key else NOBODY


@lru_cache(maxsize=1 << 10)
def _code_key(code: str | None) -> int:
    return key_of(folded(standard(code))) if code else NOBODY
