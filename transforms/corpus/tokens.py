"""Script-aware tokens: words where a script sets spaces, character pairs where it does not."""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Iterator, Sequence
from itertools import pairwise

from transforms.corpus.remember import Remember
from transforms.scripts import MARKS, SCRIPTS, as_ranges, blocks_read_as

NO_PLURALS = frozenset({"https", "iaas", "news", "paas", "rails", "saas", "windows"})
"""Words that end in s without being the plural of the word that is left."""
BREAK = ""
"""Stands between tokens that do not follow each other in the text."""
CACHED_BYTES = 1 << 28
"""Fitting, encoding, surveying and taking notes read the same texts: once, in a blog whose texts and tokens take no
more, which are some 8,000 posts of 450 words."""
TOKEN_BYTES = 64
"""A token takes about so much."""

_UNSEEN = re.compile("[\u00ad\u034f\u061c\u0640\u200c-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff]+")
"""Joiners, stretchers, directions and variants of letters, which are no part of a word; U+200B parts words."""
_OPTIONAL = re.compile("[\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u064b-\u065f\u0670]+")
"""Points of Hebrew and Arabic, with which a word may be written or not."""
_DIGIT = re.compile(r"[^\D0-9]")

_PAIRS, _RUNS = blocks_read_as("pairs"), blocks_read_as("runs")
_UNSPACED_MARKS = as_ranges(re.findall(f"[{_PAIRS}]", MARKS))
_SPACED_MARKS = re.sub(f"[{_UNSPACED_MARKS}\u3099\u309a]", "", MARKS)
_LOW = as_ranges(mark for mark in _SPACED_MARKS if mark <= "\uffff")
_HIGH = as_ranges(mark for mark in _SPACED_MARKS if mark > "\uffff")
_MARK = rf"(?:[{_LOW}]|(?=[^\0-\uffff])[{_HIGH}])"  # as one class it would be searched mark by mark
_LEADING = "\u0e40-\u0e44\u0ec0-\u0ec4\u19b5-\u19b7\u19ba\uaab5\uaab6\uaab9\uaabb\uaabc"
"""Vowels that are written before their consonant (PropList.txt, Logical_Order_Exception)."""
_TRAILING = "\u0e30\u0e32\u0e33\u0e45\u0eb0\u0eb2\u0eb3\u0ebd"
"""Vowels of Thai and Lao that are letters and follow their consonant."""
_STACKING = "\u1039\u17d2\u1a60"
"""Signs that put the next consonant below the one before."""
_ABBREVIATING = "\u0e2f\u0e46\u0eaf\u0ec6\u17d7\uaa70"
"""Signs that something is left out or said twice."""

_UNSPACED = rf"(?=[^\W\d_{_ABBREVIATING}])[{_PAIRS}]"
_JOINED = rf"[{_STACKING}]{_UNSPACED}|{_UNSPACED}(?=\u103a)|[{_UNSPACED_MARKS}{_TRAILING}]"
_CHARACTER = rf"[{_LEADING}]*{_UNSPACED}(?:{_JOINED})*"
"""A character of a script without spaces: a consonant with all of its vowels and marks, or a kanji."""
_KATAKANA = f"[{_RUNS}]"
_INSIDE_A_RUN = rf"{_KATAKANA}+|{_CHARACTER}"
_MAY_BE_UNSPACED = re.compile("[^\0-\u0dff\u1ab0-\u2fff]")
_HANGUL, _HAN = (next(script.blocks for script in SCRIPTS if script.name == name) for name in ("Hangul", "Han"))
_IN_HAN = f"[{_HAN}]"
_RUN = rf"{_KATAKANA}{{2,}}|{_IN_HAN}+|(?:{_CHARACTER})+"
_LETTER = rf"[^\W_{_HANGUL}{blocks_read_as('pairs', 'runs', 'nothing')}]"
_PART = rf"{_LETTER}+(?:{_MARK}{_LETTER}*)*"
_OF_A_WORD = f"{_LETTER}|{_MARK}|[{_HANGUL}]"
_OF_A_CHARACTER = f"{_UNSPACED}|{_JOINED}"
_JOINT = "[.'’·\u05f3\u05f4]|(?<=[\u05d0-\u05ea])\"(?=[\u05d0-\u05ea])"
_WORD = rf"{_PART}(?:(?:{_JOINT}){_PART})*[+#]*|(?:(?=\w)[{_HANGUL}])+"
"""Hangul is set apart from other letters: in Python의 it is a particle."""
_ASCII_WORD = re.compile(r"[^\W_]+(?:[.'][^\W_]+)*[+#]*", re.ASCII)
_LATIN_WORD = re.compile(r"[^\W_]+(?:[.'’·][^\W_]+)*[+#]*")
_BEYOND_LATIN = re.compile("[^\0-\u02ff\u2010-\u205e]")
"""What _WORD finds in a line of ASCII alone, and in one of Latin letters and signs, sooner and without compiling it."""
_compiled = functools.cache(re.compile)
"""Classes of many characters take milliseconds to compile: it is done for those that a blog's scripts ask for."""


def normalize(text: str) -> str:
    """Write the same text in one way: NFKC, digits of every script as 0 to 9, without what is not seen."""
    if text.isascii():
        return text
    text = _UNSEEN.sub("", unicodedata.normalize("NFKC", text))
    # NFKC takes the vowels am of Thai and Lao apart, and no normal form puts them together again.
    text = text.replace("\u0e4d\u0e32", "\u0e33").replace("\u0ecd\u0eb2", "\u0eb3")
    return _DIGIT.sub(lambda digit: str(unicodedata.decimal(digit[0])), text)


def fold(text: str) -> str:
    """Fold the case of a normalized text, and leave out what a word may be written without."""
    folded = text.casefold()
    return folded if folded.isascii() else _OPTIONAL.sub("", folded.replace("i\u0307", "i"))


def stem(word: str) -> str:
    """Fold a plural into its singular, as Harman's s-stemmer does (JASIS 42, 1991); short words stay."""
    if not word.endswith("s") or len(word) < 4 or word.endswith(("ss", "us", "is")) or not word.isalpha():
        return word
    if word in NO_PLURALS:
        return word
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    return word[:-1]


def spaced_words(line: str) -> list[str]:
    """Find the words in a line of normalized text that spaces or signs set apart."""
    return _word_of(line).findall(line)


def spaced_matches(line: str) -> Iterator[re.Match[str]]:
    """Find where a line of normalized text has the words that spaces or signs set apart."""
    return _word_of(line).finditer(line)


def _word_of(line: str) -> re.Pattern[str]:
    if line.isascii():
        return _ASCII_WORD
    return _compiled(_WORD) if _BEYOND_LATIN.search(line) else _LATIN_WORD


def unspaced_runs(line: str) -> Iterator[re.Match[str]]:
    """Find where a line of normalized text has katakana, or characters of which each pair is read as a word."""
    return _compiled(_RUN).finditer(line) if _MAY_BE_UNSPACED.search(line) else iter(())


def pieces(text: str) -> list[str]:
    """Cut a normalized text into what tokens are made of, as it is spelled, with BREAKs as in `tokenize`."""
    found: list[str] = []
    for line in text.split("\n"):
        found += spaced_words(line)
        found.append(BREAK)
        for run in unspaced_runs(line):
            for piece in pairs_of(run[0]):
                found += (piece, BREAK)
    return found


def is_spaced(word: str) -> bool:
    """Tell whether a word is of a script that sets spaces, or katakana."""
    return word.isascii() or _compiled(_CHARACTER).match(word) is None


def may_be_inside(token: str) -> bool:
    """Tell whether a token may stand inside of a longer one: katakana, and a lone character of an unspaced script."""
    return not token.isascii() and _compiled(_INSIDE_A_RUN).fullmatch(token) is not None


def pattern_of(name: str) -> re.Pattern[str]:
    """Match a folded name where it stands whole: not inside of a longer word, nor with other vowels at its ends.

    Where words are not set apart it may stand within what is longer.
    """
    before = after = ""
    if _compiled(_OF_A_WORD).match(name[0]):
        before = rf"(?<!{_LETTER})(?<!{_MARK})(?<![{_HANGUL}])"
    elif _compiled(_CHARACTER).match(name):
        before = f"(?<![{_LEADING}{_STACKING}])"
    if _compiled(_OF_A_WORD).match(name[-1]):
        after = f"(?!{_OF_A_WORD})"
    elif _compiled(_OF_A_CHARACTER).match(name[-1]):
        after = f"(?!{_JOINED})"
    return re.compile(before + re.escape(name) + after)


def characters_of(run: str) -> Sequence[str]:
    """Cut a run of an unspaced script into its characters; katakana has none."""
    return run if _compiled(_IN_HAN).match(run) else _compiled(_CHARACTER).findall(run)


def pairs_of(run: str) -> list[str]:
    """Cut a run of an unspaced script: katakana stays whole, and so does a lone character."""
    characters = characters_of(run)
    return list(map("".join, pairwise(characters))) if len(characters) > 1 else [run]


@functools.lru_cache(maxsize=1 << 17)
def token_of(piece: str) -> str:
    """Fold the case and the plural of a piece of normalized text."""
    return stem(fold(piece))


def _bytes_of(tokens: tuple[str, ...]) -> int:
    return 8 * len(tokens) + TOKEN_BYTES * len(set(tokens))  # as if no other text had any of them: some share few


@functools.partial(Remember, size=_bytes_of, limit=CACHED_BYTES)
def tokenize(text: str) -> tuple[str, ...]:
    """Cut a text into tokens, with BREAK between lines and around tokens of unspaced scripts.

    `transforms.scripts` says which script is read how. A run of katakana is one token, and hiragana is none. Width,
    case and plural are folded, and so is what a word may be written with or without, as vowel points in Arabic.
    """
    return tuple(map(token_of, pieces(normalize(text))))
