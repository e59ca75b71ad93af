"""What titles say, and where other texts say the same: whoever names a post's title in a text may mean that post."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from transforms.corpus.tokens import BREAK, tokenize

NAMED = 128
"""So many terms of titles are noted of a text, the most telling ones."""
SHORT = 8.0
"""Added to a title's weight: a title of one common word is easily named by chance."""
MAX_TITLE_TERMS = 200_000

Pair = tuple[str, str]
"""Two tokens that follow each other."""
Term = str | Pair


@dataclass(frozen=True)
class TitleTerms:
    """The terms of a corpus's titles that may stand in several texts.

    `words` have their weight each, the square of the inverse document frequency; a pair weighs as much as the rarer of
    its two. Any other term of a title stands in no other text, and weighs `rarest`.
    """

    words: Mapping[str, float] = field(default_factory=dict)
    pairs: frozenset[Pair] = frozenset()
    rarest: float = 1.0


NO_TITLES = TitleTerms()


def count_titles(titles: Iterable[str]) -> Counter[Term]:
    """Count in how many titles each term stands."""
    counts: Counter[Term] = Counter()
    for title in titles:
        counts.update(_terms(tokenize.__wrapped__(title)))
    return counts


def title_terms(titles: Counter[Term], words: Mapping[str, int], texts: int) -> TitleTerms:
    """Choose the terms that may stand in several texts, at most `MAX_TITLE_TERMS`, those of the most titles.

    `titles` counts the titles with each term, `words` the whole texts with each word, of so many `texts`.
    """
    known = [term for term in titles if all(words.get(word, 0) > 1 for word in _words(term))]
    if len(known) > MAX_TITLE_TERMS:
        known = sorted(known, key=lambda term: (-titles[term], _words(term)))[:MAX_TITLE_TERMS]
    return TitleTerms(
        {word: _weight(words[word], texts) for word in sorted(term for term in known if isinstance(term, str))},
        frozenset(term for term in known if not isinstance(term, str)),
        _weight(1, texts),
    )


class TitleFinder:
    """Numbers the terms of titles, and finds them in titles and texts by their tokens."""

    def __init__(self, terms: TitleTerms) -> None:
        self.rarest = terms.rarest
        words, pairs = sorted(terms.words), sorted(terms.pairs)
        terms_in_order: list[Term] = [*words, *pairs]
        self._number = {term: number for number, term in enumerate(terms_in_order)}
        self._words, self._pairs = terms.words.keys(), terms.pairs
        self.weights = [terms.words[word] for word in words]
        self.weights += [max(terms.words.get(word, terms.rarest) for word in pair) for pair in pairs]
        most_telling = sorted(range(len(self.weights)), key=lambda number: (-self.weights[number], number))
        self._rank = {number: rank for rank, number in enumerate(most_telling)}

    def __len__(self) -> int:
        return len(self.weights)

    def shares(self, tokens: Sequence[str]) -> dict[int, float]:
        """Share out a title among its terms by their weights, those of terms that nobody else has to nobody."""
        terms = _terms(tokens)
        numbers = [self._number[term] for term in terms if term in self._number]
        known = math.fsum(self.weights[number] for number in numbers)
        total = known + self.rarest * (len(terms) - len(numbers)) + SHORT
        return {number: self.weights[number] / total for number in numbers}

    def named(self, tokens: Sequence[str]) -> list[int]:
        """List the terms of titles that stand in a text, the most telling ones, given its tokens."""
        here = [self._number[word] for word in self._words & set(tokens)]
        if self._pairs:
            here += [self._number[pair] for pair in self._pairs.intersection(pairwise(tokens))]
        return sorted(sorted(here, key=self._rank.__getitem__)[:NAMED])


def _terms(tokens: Sequence[str]) -> set[Term]:
    terms: set[Term] = {pair for pair in pairwise(tokens) if BREAK not in pair}
    return terms.union(tokens) - {BREAK}


def _words(term: Term) -> Pair | tuple[str]:
    return (term,) if isinstance(term, str) else term


def _weight(texts_with: int, texts: int) -> float:
    return float((math.log((1 + texts) / (1 + texts_with)) + 1) ** 2)
