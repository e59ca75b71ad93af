"""Notes on an article's text while it is at hand: the tags that it names, and its rare words."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from scipy import sparse

from transforms.corpus.languages import Languages
from transforms.corpus.stop_words import stop_words
from transforms.corpus.tag_finder import TagFinder, count_tokens
from transforms.corpus.tag_spelling import Spellings as TagSpellings
from transforms.corpus.titles import NO_TITLES, TitleFinder, TitleTerms
from transforms.corpus.tokens import BREAK, is_spaced, normalize, tokenize
from transforms.corpus.word_spelling import Spellings, count_spellings, says_something
from transforms.numerics.arrays import Ints32
from transforms.records import Notes

WORDS = 30
"""How many rare words of an article are noted."""
TOKENS = 2 * WORDS
"""Of these several may be parts of one word."""
RARE = 0.1
"""A word is rare that stands in no more than this share of the articles, in two at least."""
MAX_RARE_WORDS = 200_000


RareWords = Mapping[str, float]
"""The corpus's rare words, as tokens, each with its inverse document frequency."""


@dataclass(frozen=True)
class WordCounts:
    """In how many texts each word stands, by the language of the texts, and how many texts there are of each."""

    words: Mapping[str, Counter[str]]
    texts: Counter[str]

    @property
    def total(self) -> Counter[str]:
        """In how many texts of any language each word stands."""
        total: Counter[str] = Counter()
        for words in self.words.values():
            total.update(words)
        return total


def count_words(texts: Iterable[str], languages: Iterable[str | None]) -> WordCounts:
    """Count in how many texts each word stands; `languages` are those of the texts."""
    words: defaultdict[str, Counter[str]] = defaultdict(Counter)
    counted: Counter[str] = Counter()
    for text, language in zip(texts, languages, strict=True):
        words[language or ""].update(set(tokenize(text)) - {BREAK})
        counted[language or ""] += 1
    return WordCounts(dict(words), counted)


def add_words(counted: Iterable[WordCounts]) -> WordCounts:
    """Add up counts of words."""
    words: defaultdict[str, Counter[str]] = defaultdict(Counter)
    texts: Counter[str] = Counter()
    for counts in counted:
        texts.update(counts.texts)
        for language, of_language in counts.words.items():
            words[language].update(of_language)
    return WordCounts(dict(words), texts)


def rare_words(counted: WordCounts) -> dict[str, float]:
    """Keep the words that are rare in all texts and in those of each language, and say something.

    Of more than `MAX_RARE_WORDS` these are the most frequent. Each has its inverse document frequency,
    ln(texts / count).
    """
    total = counted.total
    common = set(stop_words(counted.texts))
    for language, words in counted.words.items():
        common |= {word for word, count in words.items() if count > _most(counted.texts[language])}
    texts = counted.texts.total()
    most = _most(texts)
    rare = [(-count, word) for word, count in total.items() if 2 <= count <= most and says_something(word, common)]
    return {word: math.log(texts / -count) for count, word in sorted(rare)[:MAX_RARE_WORDS]}


def _most(texts: int) -> int:
    return max(2, int(RARE * texts))


def telling_tokens(tokens: Iterable[str], rare: RareWords) -> list[str]:
    """Choose the `TOKENS` tokens that tell most about a text, of the highest TF-IDF, ties in alphabetical order."""
    counts = Counter(token for token in tokens if token in rare)
    ordered = sorted(counts, key=lambda word: (-(1 + math.log(counts[word])) * rare[word], word))
    return ordered[:TOKENS]


def count_spelled(texts: Iterable[str], rare: RareWords) -> Spellings:
    """Count how texts spell the words that tell most about each."""
    return count_spellings((text, telling_tokens(tokenize(text), rare)) for text in texts)


def telling_words(text: str, rare: RareWords, spelled: Mapping[str, str]) -> tuple[str, ...]:
    """Name the `WORDS` words that tell most about a text, as the corpus spells them."""
    if not rare:
        return ()
    normal = normalize(text)
    words = (spelled[token] for token in telling_tokens(tokenize(text), rare) if token in spelled)
    return tuple(dict.fromkeys(word for word in words if is_spaced(word) or word in normal))[:WORDS]


def take_notes(
    titles: Sequence[str],
    texts: Sequence[str],
    finder: TagFinder,
    rare: RareWords,
    spelled: Mapping[str, str],
    of_titles: TitleFinder,
) -> Notes:
    """Take notes of articles by their titles and whole texts."""
    in_title, in_text, words, shares, named = [], [], [], [], []
    for title, text in zip(titles, texts, strict=True):
        of_title = tokenize.__wrapped__(title)  # titles would push whole texts out of the tokenizer's cache
        tokens = tokenize(text)
        in_title.append(finder.count(title, of_title, count_tokens(of_title)))
        in_text.append(finder.count(text, tokens, count_tokens(tokens)))
        words.append(telling_words(text, rare, spelled))
        shares.append(of_titles.shares(of_title))
        named.append(dict.fromkeys(of_titles.named(tokens), 1))
    return Notes(
        _matrix(in_title, len(finder.keys)),
        _matrix(in_text, len(finder.keys)),
        tuple(words),
        _matrix(shares, len(of_titles)),
        _matrix(named, len(of_titles)).astype(np.int8),
    )


def _matrix(rows: Sequence[Mapping[int, float]], columns: int) -> sparse.csr_matrix:
    ends = np.cumsum([0, *map(len, rows)])
    ordered = [sorted(row.items()) for row in rows]
    indices = [column for row in ordered for column, _ in row]
    counts = [count for row in ordered for _, count in row]
    return sparse.csr_matrix((np.array(counts, np.float64), np.array(indices, np.int64), ends), (len(rows), columns))


@dataclass(frozen=True)
class Survey:
    """What must be known of all texts before notes are taken of one.

    How tags are spelled, which words are rare, as tokens, how many posts are in each language, how the rare words are
    spelled that are shown, what titles say, which runs of words many posts have and which some have, and how many posts
    are `tagged`.
    """

    spellings: TagSpellings
    rare: RareWords
    languages: Languages = field(default_factory=dict)
    spelled: Mapping[str, str] = field(default_factory=dict)
    titles: TitleTerms = NO_TITLES
    common_runs: Ints32 = field(default_factory=lambda: np.zeros(0, np.int32), compare=False)
    repeated_runs: Ints32 = field(default_factory=lambda: np.zeros(0, np.int32), compare=False)
    tagged: int = 0
