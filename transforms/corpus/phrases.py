"""Phrases of one to three words that say what a post is about: where they stand, and how posts spell them."""

from __future__ import annotations

import functools
import itertools
import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from transforms.corpus.tokens import normalize, token_of
from transforms.corpus.word_spelling import most_used, placed_words, says_something

LONGEST = 3
"""Words of a phrase."""
LINE_WORDS = 200
"""So many words of a line are looked at; titles and headings have fewer."""
MOST_OF_A_POST = 200
"""So many phrases of a post are looked at, the first; few posts say as many in their title, headings and lede."""
ABSORBED = 0.75
"""A phrase goes where a longer one that it is a part of stands in so large a share of its posts."""

_JOINT = re.compile("[ \u00a0]?[-‐]?[ \u00a0]?")
"""What may stand between two words of a phrase."""
_SHORT_NAME = re.compile("[A-Z]{2}")
"""A word of two letters that is a name: AI, UI."""


class Phrase(NamedTuple):
    """A phrase as it stands in a line: its words' tokens, its spelling, and whether no other word could join it."""

    tokens: tuple[str, ...]
    spelling: str
    whole: bool = True

    @property
    def key(self) -> str:
        """What phrases are compared by: the same whether their words stand apart, with hyphens or as one."""
        return "".join(self.tokens)


def phrases_in(line: str, empty: Collection[str]) -> Iterator[Phrase]:
    """Find the phrases in a line of text, each as often as it stands there.

    Their words follow each other with no more than a space or a hyphen between them. None is a token of `empty`, and
    numbers stand only behind another word.
    """
    line = normalize(line)
    words = placed_words(line)[:LINE_WORDS]
    tokens = [token_of(word.text) for word in words]
    telling = [_may_tell(word.text) and token not in empty for word, token in zip(words, tokens, strict=True)]
    joins = [
        (telling[place] or words[place].text.isdigit())
        and _JOINT.fullmatch(line[words[place - 1].end : words[place].start]) is not None
        for place in range(1, len(words))
    ]
    for first, word in enumerate(words):
        if not telling[first]:
            continue
        begins = not (first and telling[first - 1] and joins[first - 1])
        for last in range(first, min(first + LONGEST, len(words))):
            if last > first and not joins[last - 1]:
                break
            whole = begins and (last + 1 == len(words) or not joins[last])
            yield Phrase(tuple(tokens[first : last + 1]), line[word.start : words[last].end], whole)


def phrase_of(name: str) -> Phrase:
    """Return a name as a phrase, whatever its words say; one without any token where it has none."""
    words = placed_words(normalize(name))
    return Phrase(tuple(token_of(word.text) for word in words), name)


def phrases_of(lines: Iterable[str], empty: Collection[str]) -> dict[str, Phrase]:
    """Map keys to the phrases that stand in a post's lines, each as it stands there first, and whole if it ever does.

    No more than the first `MOST_OF_A_POST`.
    """
    found: dict[str, Phrase] = {}
    for phrase in itertools.chain.from_iterable(phrases_in(line, empty) for line in lines):
        if len(found) == MOST_OF_A_POST and phrase.key not in found:
            break
        first = found.setdefault(phrase.key, phrase)
        if phrase.whole and not first.whole:
            found[phrase.key] = first._replace(whole=True)
    return found


def choose_names(posts: Iterable[Iterable[Phrase]]) -> dict[str, str]:
    """Choose for each phrase's key the spelling that most posts have, given the phrases of each post."""
    uses: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for phrases in posts:
        for phrase in phrases:
            uses[phrase.key][phrase.spelling] += 1
    return {key: most_used(of) for key, of in uses.items()}


def absorbed(phrases: Collection[Phrase], counts: Mapping[str, int]) -> set[str]:
    """Tell the keys of the phrases that mostly stand in a longer one, where `counts` says how many posts have each."""
    gone: set[str] = set()
    for phrase in phrases:
        for part in _parts(phrase.tokens):
            key = "".join(part)
            if key != phrase.key and counts[phrase.key] >= ABSORBED * counts.get(key, 1 << 60):
                gone.add(key)
    return gone


def _parts(tokens: Sequence[str]) -> Iterator[Sequence[str]]:
    for first in range(len(tokens)):
        for last in range(first + 1, len(tokens) + 1):
            if last - first < len(tokens):
                yield tokens[first:last]


@functools.lru_cache(maxsize=1 << 16)
def _may_tell(word: str) -> bool:
    return _SHORT_NAME.fullmatch(word) is not None or says_something(word, ())
