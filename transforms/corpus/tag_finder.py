"""Where the names of tags stand in a text."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from transforms.corpus.tokens import BREAK, fold, may_be_inside, normalize, pattern_of, token_of, tokenize

_PIECES = re.compile(r"[.'’+#]+|(?<=[^\W\d])(?=\d)")
_PARTICLE = re.compile(
    "(?<=[가-힣]{2})(?:은|는|이|가|을|를|의|에|에서|에게|로|으로|와|과|도|만|까지|부터|보다|처럼|이나|나|이란|란|이라는|라는)$"
)
"""What Korean writes behind a name without a space."""


@dataclass(frozen=True)
class _LongName:
    """A name that is no single token: its number, its folded name, its tokens, and the pairs that follow each other."""

    number: int
    key: str
    tokens: frozenset[str]
    pairs: frozenset[tuple[str, str]]

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """The pattern that matches it; most names of a large blog are never looked for by it."""
        return pattern_of(self.key)


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
            tokens, normal = tokenize.__wrapped__(key), normalize(key)
            words = [token for token in tokens if token != BREAK]
            pairs = frozenset(pair for pair in pairwise(tokens) if BREAK not in pair)
            name = _LongName(number, fold(normal) or key, frozenset(words), pairs)
            if any(map(may_be_inside, words)) or not words:
                self._unspaced.append(name)
            elif words == [token_of(normal)]:
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
            folded = fold(normalize(text))
            found |= {name.number: len(name.pattern.findall(folded)) for name in inside}
        return {number: count for number, count in found.items() if count}


def count_tokens(tokens: Sequence[str]) -> Counter[str]:
    """Count tokens, and the pieces of those that are made of several, as `html` in `html5` and 서버 in 서버는."""
    counts = Counter(tokens)
    del counts[BREAK]
    for token in [token for token in counts if not token.isalpha()]:
        for piece in set(_PIECES.split(token)) - {token, ""}:
            counts[piece] += counts[token]
    for token in [token for token in counts if _PARTICLE.search(token)]:
        counts[_PARTICLE.sub("", token)] += counts[token]
    return counts
