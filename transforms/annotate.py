"""Notes on an article's text while it is at hand: the tags that it names, and its rare words."""

from __future__ import annotations

import dataclasses
import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import apache_beam as beam
import numpy as np
from apache_beam.pvalue import AsSingleton, PCollection
from scipy import sparse

from transforms.gather import Gather
from transforms.observe import measured
from transforms.records import Notes, TextBlock
from transforms.spelling import Spellings, add_spellings, count_spellings, tag_names
from transforms.text import BREAK, stem, tokenize

WORDS = 30
"""How many rare words of an article are noted."""
RARE = 0.1
"""A word is rare that stands in no more than this share of the articles, in two at least."""
MAX_RARE_WORDS = 200_000

_PIECES = re.compile(r"[.'’+#]+|(?<=[^\W\d])(?=\d)")

_INSIDE_A_RUN = re.compile(r"[゠-ヿ]+|[㐀-鿿]")
"""Tokens that may stand inside of a longer one."""

RareWords = Mapping[str, float]
"""The corpus's rare words, each with its inverse document frequency."""


@dataclass(frozen=True)
class _LongName:
    """A name that is no single token: its number, its tokens, the pairs that follow each other, and its pattern."""

    number: int
    pattern: re.Pattern[str]
    tokens: frozenset[str]
    pairs: frozenset[tuple[str, str]]


class TagFinder:
    """Finds where the names of tags stand in a text, as whole words where their script has them.

    `keys` are the tags' folded names, sorted; a tag's number is its place among them.
    """

    def __init__(self, keys: Sequence[str]) -> None:
        self.keys = keys
        self._single: dict[str, list[int]] = {}
        self._longer: dict[str, list[_LongName]] = {}
        self._unspaced: list[_LongName] = []
        for number, key in enumerate(keys):
            tokens = tokenize.__wrapped__(key)
            words = [token for token in tokens if token != BREAK]
            pairs = frozenset(pair for pair in pairwise(tokens) if BREAK not in pair)
            name = _LongName(number, _pattern(key), frozenset(words), pairs)
            if any(map(_INSIDE_A_RUN.fullmatch, words)) or not words:
                self._unspaced.append(name)
            elif words == [stem(key)]:
                self._single.setdefault(words[0], []).append(number)
            else:
                self._longer.setdefault(words[0], []).append(name)

    def count(self, text: str, tokens: Sequence[str], counts: Counter[str]) -> dict[int, int]:
        """Count how often each tag's name stands in a text by its tokens and their counts.

        A name of several words counts as often as the rarest two of them that follow each other, whatever separates
        them; one of an unspaced script stands wherever its characters do.
        """
        found = {
            number: counts[token] for token in counts.keys() & self._single.keys() for number in self._single[token]
        }
        names = [
            name
            for first in counts.keys() & self._longer.keys()
            for name in self._longer[first]
            if name.tokens <= counts.keys()
        ]
        if any(name.pairs for name in names):
            pairs = Counter(pairwise(tokens))
            found |= {name.number: min(pairs[pair] for pair in name.pairs) for name in names if name.pairs}
        inside = [name for name in (*names, *self._unspaced) if not name.pairs]
        if inside:
            folded = unicodedata.normalize("NFKC", text).casefold()
            found |= {name.number: len(name.pattern.findall(folded)) for name in inside}
        return {number: count for number, count in found.items() if count}


def _pattern(key: str) -> re.Pattern[str]:
    """Match a folded name, not inside of a longer word where it begins or ends with a letter of ASCII."""
    before = r"(?<![a-z0-9])" if key[0].isascii() and key[0].isalnum() else ""
    after = r"(?![a-z0-9])" if key[-1].isascii() and key[-1].isalnum() else ""
    return re.compile(before + re.escape(key) + after)


def count_tokens(tokens: Sequence[str]) -> Counter[str]:
    """Count tokens, and the pieces of those that are made of several, as `html` in `html5`."""
    counts = Counter(tokens)
    del counts[BREAK]
    for token in [token for token in counts if not token.isalpha()]:
        for piece in set(_PIECES.split(token)) - {token, ""}:
            counts[piece] += counts[token]
    return counts


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
    """What must be known of all texts before notes are taken of one: how tags are spelled, and which words are rare."""

    spellings: Spellings
    rare: RareWords


class SurveyTexts(beam.PTransform):
    """TextBlocks -> their Survey."""

    def expand(self, blocks: PCollection[TextBlock]) -> PCollection[Survey]:
        """Count a block at a time, add up."""
        return blocks | "Count" >> beam.Map(_count_block) | "AddUp" >> Gather(_add_up)


class TakeNotes(beam.PTransform):
    """TextBlocks -> the same with notes of their texts, without the whole texts; `survey` is their Survey."""

    def __init__(self, survey: AsSingleton) -> None:
        super().__init__()
        self.survey = survey

    def expand(self, blocks: PCollection[TextBlock]) -> PCollection[TextBlock]:
        """Take notes of a block at a time."""
        return blocks | beam.ParDo(_TakeNotesFn(), self.survey)


class _TakeNotesFn(beam.DoFn):
    """Makes the finder once, and takes notes block by block."""

    def __init__(self) -> None:
        self.finder: TagFinder | None = None

    def process(self, block: TextBlock, survey: Survey) -> Iterable[TextBlock]:
        """Yield the block with its notes."""
        if self.finder is None:
            self.finder = TagFinder(sorted(tag_names(survey.spellings)))
        with measured("take notes", len(block)):
            notes = take_notes([article.title for article in block.articles], block.whole, self.finder, survey.rare)
        yield dataclasses.replace(block, whole=(), notes=notes)


def _count_block(block: TextBlock) -> tuple[Spellings, Counter[str], int]:
    with measured("survey texts", len(block)):
        return count_spellings(block.articles), count_words(block.whole), len(block)


def _add_up(counted: Sequence[tuple[Spellings, Counter[str], int]]) -> Survey:
    spellings, words, texts = zip(*counted, strict=True)
    return Survey(add_spellings(spellings), rare_words(words, sum(texts)))
