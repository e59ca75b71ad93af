"""Notes on an article's text while it is at hand: the tags that it names, and its rare words."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from scipy import sparse

from transforms.corpus.languages import Languages
from transforms.corpus.tag_finder import TagFinder, count_tokens
from transforms.corpus.tag_spelling import Spellings
from transforms.corpus.tokens import BREAK, tokenize
from transforms.records import Notes

WORDS = 30
"""How many rare words of an article are noted."""
RARE = 0.1
"""A word is rare that stands in no more than this share of the articles, in two at least."""
MAX_RARE_WORDS = 200_000


RareWords = Mapping[str, float]
"""The corpus's rare words, each with its inverse document frequency."""


def count_words(texts: Iterable[str]) -> Counter[str]:
    """Count in how many texts each word stands."""
    counts: Counter[str] = Counter()
    for text in texts:
        counts.update(set(tokenize(text)))
    del counts[BREAK]
    return counts


def rare_words(counted: Iterable[Counter[str]], texts: int) -> dict[str, float]:
    """Add up counts of words and keep the rare ones, at most `MAX_RARE_WORDS`, the most frequent of them.

    Each has its inverse document frequency, ln(texts / count).
    """
    total: Counter[str] = Counter()
    for counts in counted:
        total.update(counts)
    most = max(2, int(RARE * texts))
    rare = [(-count, word) for word, count in total.items() if 2 <= count <= most and _says_something(word)]
    return {word: math.log(texts / -count) for count, word in sorted(rare)[:MAX_RARE_WORDS]}


def _says_something(word: str) -> bool:
    """Tell words from numbers and from what contractions leave behind."""
    return not word.isdigit() and (len(word) > 2 or not word.isascii())


def telling_words(tokens: Counter[str], rare: RareWords, count: int = WORDS) -> tuple[str, ...]:
    """Choose the words that tell most about a text, of the highest TF-IDF, ties in alphabetical order."""
    known = tokens.keys() & rare.keys()
    return tuple(sorted(known, key=lambda word: (-(1 + math.log(tokens[word])) * rare[word], word))[:count])


def take_notes(titles: Sequence[str], texts: Sequence[str], finder: TagFinder, rare: RareWords) -> Notes:
    """Take notes of articles by their titles and whole texts."""
    in_title, in_text, words = [], [], []
    for title, text in zip(titles, texts, strict=True):
        of_title = tokenize.__wrapped__(title)  # titles would push whole texts out of the tokenizer's cache
        tokens = tokenize(text)
        counts = count_tokens(tokens)
        in_title.append(finder.count(title, of_title, count_tokens(of_title)))
        in_text.append(finder.count(text, tokens, counts))
        words.append(telling_words(counts, rare))
    return Notes(_matrix(in_title, len(finder.keys)), _matrix(in_text, len(finder.keys)), tuple(words))


def _matrix(rows: Sequence[Mapping[int, int]], columns: int) -> sparse.csr_matrix:
    ends = np.cumsum([0, *map(len, rows)])
    ordered = [sorted(row.items()) for row in rows]
    indices = [column for row in ordered for column, _ in row]
    counts = [count for row in ordered for _, count in row]
    return sparse.csr_matrix((np.array(counts, np.float64), np.array(indices, np.int64), ends), (len(rows), columns))


@dataclass(frozen=True)
class Survey:
    """What must be known of all texts before notes are taken of one.

    How tags are spelled, which words are rare, and how many posts are in each language.
    """

    spellings: Spellings
    rare: RareWords
    languages: Languages = field(default_factory=dict)
