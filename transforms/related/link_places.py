"""Where in a post a link to another fits: the sentence that says most of the other's title, and the words to link."""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from transforms.corpus.titles import TitleTerms
from transforms.corpus.tokens import BREAK, fold, normalize, tokenize
from transforms.corpus.word_spelling import PlacedWord, placed_words
from transforms.numerics.rounding import DECIMALS

LEAST_SHARE = 0.4
"""Words to link say at least so much of the title, by the weights of its words."""
LEAST_WEIGHT = 7.0
"""Several words weigh at least so much together: two do of which each stands in one text of twelve."""
LEAST_NAME = 4.0
LEAST_NAME_SHARE = 0.5
"""One word alone has to be a name of this weight, as one has that stands in one text of twenty, and half of a title."""
OWN = 1 / 3
"""In the opening of a post a word of its own title weighs so much: there it says what that post itself is about."""
MOST_BETWEEN = 2
"""So many other words may stand between two of the title's."""
SHORTEST = 25
"""Bytes of a sentence, of which a character of a script without spaces has three: a shorter one is a label."""
LONGEST = 300
"""Characters of a sentence: nobody looks through a longer one."""

_APART = re.compile(r"[][,;:!?(){}|/、。，；：！？（）「」『』…—–はもがへ]|\.\s")
"""What stands between two words that are not to be linked as one: punctuation, and particles of Japanese."""
_NAME = re.compile(r"[A-Z]|\w\.\w|[^\x00-\x7f]")
"""A word that is a name, if no sentence begins with it: it has a capital or a point, or is of another script."""
_LABEL = re.compile("[:：]")
"""What follows the name of a speaker, or of a field."""
_WHOLE = re.compile(r"[.!?…。！？][\"')\]”’」』）]*$")
"""How a sentence ends; what ends otherwise is a label or a signature."""


@dataclass(frozen=True)
class LinkPlace:
    """A sentence, the words in it to link, and how much of the other's title they say, from 0 to 1."""

    sentence: str
    anchor: str
    score: float


class Sentence(NamedTuple):
    """A sentence, and the same folded, to be searched."""

    text: str
    folded: str


@dataclass(frozen=True)
class LinkSource:
    """The sentences of a post in which a link could be set, those of its `opening` apart, and its title's tokens."""

    opening: tuple[Sentence, ...]
    others: tuple[Sentence, ...]
    own: frozenset[str]


class _Span(NamedTuple):
    start: int
    end: int


def title_tokens(title: str, silent: Collection[str]) -> tuple[str, ...]:
    """The tokens of a title that say something, each once, in their order; `silent` are those that do not."""
    tokens = (token for token in tokenize.__wrapped__(title) if token != BREAK and not token.isdigit())
    return tuple(dict.fromkeys(token for token in tokens if token not in silent))


def link_source(sentences: Iterable[str], lede: str, title: Iterable[str]) -> LinkSource:
    """Keep of a post's sentences those that are whole ones, given its lede and the tokens of its title."""
    parts: tuple[list[Sentence], list[Sentence]] = ([], [])
    for number, text in enumerate(sentences):
        if len(text) <= LONGEST and len(text.encode()) >= SHORTEST and _WHOLE.search(text):
            parts[number > 0 and text not in lede].append(Sentence(text, fold(normalize(text))))
    return LinkSource(tuple(parts[0]), tuple(parts[1]), frozenset(title))


def find_place(source: LinkSource, title: Iterable[str], terms: TitleTerms) -> LinkPlace | None:
    """Find where in a post a link fits best to one of a title, given as its tokens.

    That is where neighbouring words say most of the title; the first such place of equals, None where there is none. A
    token weighs its inverse document frequency plus 1.
    """
    weights = {token: math.sqrt(terms.words.get(token, terms.rarest)) for token in title}
    light = {token: weight * (OWN if token in source.own else 1.0) for token, weight in weights.items()}
    places = itertools.chain(
        _places(source.others, weights, source.own),
        _places(source.opening, light, source.own),
    )
    return max(places, key=lambda place: place.score, default=None)


def _places(sentences: Iterable[Sentence], weights: Mapping[str, float], own: frozenset[str]) -> Iterator[LinkPlace]:
    total = math.fsum(weights.values())
    least = max(LEAST_NAME, LEAST_SHARE * total)
    for text, folded in sentences:
        if sum(weight for token, weight in weights.items() if token in folded) < least:
            continue  # as letters are compared, which is fast, it may say too much, and hardly ever too little
        for span, said in _spans(text, weights):
            weight = math.fsum(weights[token] for token in said)
            if weight < least or _LABEL.match(text, span.end):
                continue
            name = weight >= LEAST_NAME_SHARE * total and own.isdisjoint(said) and _is_name(text, span)
            if name or (len(said) > 1 and weight >= LEAST_WEIGHT):
                yield LinkPlace(text, text[span.start : span.end], round(weight / total, DECIMALS))


def _is_name(sentence: str, span: _Span) -> bool:
    return span.start > 0 and _NAME.search(sentence, span.start, span.end) is not None


def _spans(sentence: str, weights: Mapping[str, float]) -> Iterator[tuple[_Span, frozenset[str]]]:
    """The longest runs of words of which hardly any is not of the title, and which of its tokens each has."""
    words = placed_words(sentence)
    tokens = [weights.keys() & tokenize.__wrapped__(word.text) for word in words]
    hits = [number for number, said in enumerate(tokens) if said]
    first = 0
    for place, hit in enumerate(hits):
        after = hits[place + 1] if place + 1 < len(hits) else None
        if after is None or not _joined(sentence, words, hit, after):
            said = frozenset(itertools.chain.from_iterable(tokens[hits[first] : hit + 1]))
            yield _Span(words[hits[first]].start, words[hit].end), said
            first = place + 1


def _joined(sentence: str, words: Sequence[PlacedWord], left: int, right: int) -> bool:
    between = sentence[words[left].end : words[right].start]
    return right - left - 1 <= MOST_BETWEEN and not _APART.search(between)
