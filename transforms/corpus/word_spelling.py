"""How posts spell the words that are shown of them: whole, and as most of them do."""

from __future__ import annotations

import functools
import re
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import accumulate
from typing import Literal, NamedTuple

from budoux import (
    Parser,
    load_default_simplified_chinese_parser,
    load_default_thai_parser,
    load_default_traditional_chinese_parser,
)

from transforms.corpus.tokens import (
    characters_of,
    is_spaced,
    normalize,
    pairs_of,
    spaced_matches,
    spaced_words,
    token_of,
    unspaced_runs,
)
from transforms.scripts import SCRIPTS

Spellings = Counter[tuple[str, str]]
"""In how many texts each token is spelled how; "" where it is no word, but a part of several or an ending."""

Written = Literal["ja", "zh-hans", "zh-hant"]
"""What Chinese characters are read as in a text."""

NO_WORD = ""
LOOKED_AT = 3
"""So many times a token is looked up in a text of an unspaced script, where it takes time to tell what is a word."""
LONGEST_PARSED = 500
"""Characters of a run that is cut into words; one without any punctuation is no text."""
SHARE = 0.1
"""A pair of characters that mostly stands within longer words is one too if it stands alone in so many texts."""

_ENDING = re.compile("['’]s$")
_CONTRACTION = re.compile("['’](?:d|ll|m|re|t|ve)$")
_AFTER_KANJI = re.compile("[^ぁ-ゖ]|[がのはへもをや]|$")
"""What follows a lone kanji that is a word by itself: no hiragana, or a particle that no verb ends with."""
_AFTER_KATAKANA = re.compile(_AFTER_KANJI.pattern + "|[かだでとなに]")
"""The same for two katakana, which are a verb's beginning before others."""
_DOTS = "゠・"
"""They stand between words of katakana, and are parts of names too."""
_KANA = re.compile("[ぁ-ゖ]")
_HAN, _THAI = (next(script.pattern for script in SCRIPTS if script.name == name) for name in ("Han", "Thai"))
_PARSERS = {
    "th": load_default_thai_parser,
    "zh-hans": load_default_simplified_chinese_parser,
    "zh-hant": load_default_traditional_chinese_parser,
}
_TRADITIONAL, _SIMPLIFIED = (
    re.compile("[們個來說這時會為國學對開關與於]"),
    re.compile("[们个来说这时会为国学对开关与于]"),
)
"""Very frequent characters that are written in two ways."""


def spell(text: str, tokens: Collection[str]) -> dict[str, str]:
    """Tell how a text spells each of some tokens that it has, where in several ways, as it does most often."""
    text, sought = normalize(text), frozenset(tokens)
    written = _written_in(text)
    found: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for line in text.split("\n"):
        for word in spaced_words(line):
            if (token := token_of(word)) in sought:
                found[token][_ENDING.sub("", word)] += 1
        for run in unspaced_runs(line):
            wanted = sought.intersection(map(token_of, pairs_of(run[0])))
            if any(found[token].total() < LOOKED_AT for token in wanted):
                for pair, word in _words_around(run[0], _cut(run, line, written)):
                    if (token := token_of(pair)) in wanted:
                        found[token][word] += 1
    return {token: most_used(uses) for token, uses in found.items()}


class PlacedWord(NamedTuple):
    """A word of a line of text, and where it stands there."""

    start: int
    end: int
    text: str


def placed_words(line: str) -> list[PlacedWord]:
    """Find the words in a line of normalized text, in their order; a lone character of an unspaced script is none."""
    words = []
    for match in spaced_matches(line):
        word = _ENDING.sub("", match[0])
        words.append(PlacedWord(match.start(), match.start() + len(word), word))
    written: Written | None = None
    for run in unspaced_runs(line):
        written = written or _written_in(line)
        start = run.start()
        for word in _cut(run, line, written):
            start = line.index(word, start)
            if len(characters_of(word) or word) > 1:
                words.append(PlacedWord(start, start + len(word), word))
            start += len(word)
    return sorted(words)


def most_used(uses: Mapping[str, int]) -> str:
    """Return what is used most, the first in code-point order of what is used equally often."""
    return min(uses, key=lambda spelling: (-uses[spelling], spelling))


def count_spellings(texts: Iterable[tuple[str, Collection[str]]]) -> Spellings:
    """Count in how many texts, each with the tokens to look for, each of these is spelled how."""
    return Counter(pair for text, tokens in texts for pair in spell(text, tokens).items())


def choose_spellings(counted: Spellings, empty: Collection[str]) -> dict[str, str]:
    """Choose for each token the word that most texts spell it as; tokens that are no words have none.

    A pair of characters has the word that more than half of its texts have it in, else itself if `SHARE` of them do.
    Words are no tokens of `empty`, and have more than two letters if these are of ASCII.
    """
    uses: defaultdict[str, dict[str, int]] = defaultdict(dict)
    for (token, spelling), count in counted.items():
        uses[token][spelling] = count
    chosen = {token: _choose(token, of_token) for token, of_token in uses.items()}
    return {token: word for token, word in sorted(chosen.items()) if says_something(word, empty)}


def says_something(word: str, empty: Collection[str]) -> bool:
    """Tell words from numbers, from contractions and what these leave, and from words whose tokens are `empty`."""
    if (word.isascii() and len(word) < 3) or not any(map(str.isalpha, word)) or _CONTRACTION.search(word):
        return False
    return token_of(word) not in empty


def _choose(token: str, uses: Mapping[str, int]) -> str:
    best, texts = most_used(uses), sum(uses.values())
    if is_spaced(token) or 2 * uses[best] > texts:
        return best
    return token if uses.get(token, 0) >= SHARE * texts else NO_WORD


def _words_around(run: str, words: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Pair what a run is read as with the one of its words that it stands in, NO_WORD where it stands in several."""
    pairs = pairs_of(run)
    if len(words) < 2:
        yield from ((pair, words[0] if words else NO_WORD) for pair in pairs)
        return
    ends = list(accumulate(map(len, words)))
    start = 0
    for character, pair in zip(characters_of(run), pairs, strict=False):
        place = bisect_right(ends, start)
        yield pair, words[place] if start + len(pair) <= ends[place] else NO_WORD
        start += len(character)


def _written_in(text: str) -> Written:
    if _KANA.search(text):
        return "ja"
    return "zh-hant" if len(_TRADITIONAL.findall(text)) > len(_SIMPLIFIED.findall(text)) else "zh-hans"


def _cut(run: re.Match[str], line: str, written: Written) -> list[str]:
    """Cut a run into words; none are the beginning of a verb, an ending, and what follows a number, as in 2024年版.

    A run of kanji in Japanese, between hiragana, mostly is one word. BudouX tells those of Chinese and Thai.
    """
    characters, after = characters_of(run[0]), line[run.end() : run.end() + 1]
    if not characters:  # katakana
        word = run[0].strip(_DOTS)
        return [word] if len(word) > 2 or _AFTER_KATAKANA.match(after) else []
    follows_number = line[run.start() - 1 : run.start()].isdigit()
    if len(characters) == 1:
        return [run[0]] if written == "ja" and not follows_number and _AFTER_KANJI.match(after) else []
    model = "th" if _THAI.match(run[0]) else written if _HAN.match(run[0]) else None
    if model in _PARSERS:
        return _parser(model).parse(run[0]) if len(run[0]) <= LONGEST_PARSED else []
    return [] if follows_number else [run[0]]


@functools.cache
def _parser(model: str) -> Parser:
    return _PARSERS[model]()
