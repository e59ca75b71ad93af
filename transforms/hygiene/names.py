"""The names of tags: which are one name written in several ways, and which are alike enough to mean the same."""

from __future__ import annotations

import math
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations, pairwise
from typing import NamedTuple

from transforms.corpus.tokens import NO_PLURALS
from transforms.limits import LIKENESS_CHARACTERS, LIKENESS_WORDS
from transforms.results import NameLikeness

LEAST_SINGULAR = 3
"""Letters of the shortest name whose plural is known by its s: io and ios are two things."""
LEAST_MISSPELLED = 8
"""Letters of the shortest name that any letter may be wrong in: shorter ones are products (next.js and nestjs)."""
LEAST_SLIP = 5
"""Letters of the shortest name that has lost a letter within it, or swapped two."""
MOST_MISSPELLINGS = 8
"""Of more names that differ in one place the writer means the difference (appendix a, appendix b)."""

_SMALL_WORDS = frozenset({"a", "an", "and", "for", "in", "of", "on", "the", "to"})
_LONG_VOWEL = "ー"


class Likeness(NamedTuple):
    """How two names are alike, and the least similarity of their posts that makes them synonyms, and shows them.

    The less the names say, the more the posts have to. Posts of one subject are about 1, give or take what few posts
    leave to chance, and posts of two subjects about 0. A name that is part of another mostly names the wider of two
    subjects, whatever the posts say, so that such pairs are not shown; nor are pairs of which the one is two letters.
    """

    name: NameLikeness
    least: float
    shown: float = math.inf


ABBREVIATION = Likeness("abbreviation", 0.1, 0.1)
MISSPELLING = Likeness("misspelling", 0.3, 0.3)
SLIP = Likeness("misspelling", 0.6, 0.6)
INITIALS = Likeness("initials", 0.6)
WORDS = Likeness("words", 0.6)
PART = Likeness("part", 0.8)
LETTERS = Likeness("letters", 0.9)

NamePairs = Mapping[tuple[int, int], Likeness]
"""Pairs of rows, the lower first."""


def name_words(key: str) -> list[str]:
    """Cut a tag's key into words: letters, marks and digits, with the signs that tell C, C++ and C# apart."""
    kept = (char if _is_kept(char) else " " for char in key)
    return [word for part in "".join(kept).split() if (word := part.lstrip("#+"))]


def fold_name(key: str) -> str:
    """What is left of a key without spaces and punctuation, but for that between digits; the key if nothing is."""
    words = name_words(key)
    if not words:
        return key
    joints = ("." if left[-1].isdigit() and right[0].isdigit() else "" for left, right in pairwise(words))
    return words[0] + "".join(joint + word for joint, word in zip(joints, words[1:], strict=True))


def variant_groups(keys: Sequence[str]) -> list[tuple[int, ...]]:
    """Group the rows of keys that differ only by punctuation, space, plural or a final long vowel mark of katakana."""
    rows = _rows_by_fold(keys)
    groups: defaultdict[str, list[int]] = defaultdict(list)
    for fold, members in rows.items():
        base = next((form for form in _singulars(fold) if form in rows), fold)
        groups[base] += members
    return sorted(tuple(sorted(members)) for members in groups.values() if len(members) > 1)


def alike_names(keys: Sequence[str]) -> NamePairs:
    """Pair the rows of keys of which one is a part, an abbreviation or a misspelling of the other.

    Each pair comes with the one of its likenesses that asks for the least similarity. Names of more than
    LIKENESS_CHARACTERS or LIKENESS_WORDS, which are none that people use as tags, take no part.
    """
    rows = {fold: members for fold, members in _rows_by_fold(keys).items() if len(fold) <= LIKENESS_CHARACTERS}
    found: dict[tuple[int, int], Likeness] = {}
    for row, key in enumerate(keys):
        for form, likeness in _short_forms(key):
            for other in rows.get(form, ()):
                _keep_best(found, row, other, likeness)
    for row, other, likeness in _misspelled(rows):
        _keep_best(found, row, other, likeness)
    return found


def _is_kept(char: str) -> bool:
    return char.isalnum() or char in "+#" or unicodedata.category(char).startswith("M")


def _rows_by_fold(keys: Sequence[str]) -> dict[str, list[int]]:
    rows: dict[str, list[int]] = {}
    for row, key in enumerate(keys):
        rows.setdefault(fold_name(key), []).append(row)
    return rows


def _singulars(fold: str) -> Iterator[str]:
    if fold.endswith(_LONG_VOWEL) and len(fold) > LEAST_SINGULAR:
        yield fold[:-1]
    if not fold.endswith("s") or fold.endswith("ss") or fold in NO_PLURALS:
        return
    if len(fold) > LEAST_SINGULAR:
        yield fold[:-1]
    if fold.endswith("ies"):
        yield fold[:-3] + "y"
    if fold.endswith(("ses", "xes", "zes", "ches", "shes")):
        yield fold[:-2]


def _short_forms(key: str) -> Iterator[tuple[str, Likeness]]:
    words = name_words(key[: LIKENESS_CHARACTERS + 1])
    whole = "".join(words)
    if len(key) > LIKENESS_CHARACTERS or len(words) > LIKENESS_WORDS:
        return
    if len(words) > 1:
        yield from _initials(words)
        yield from _initials([word for word in words if word not in _SMALL_WORDS])
        for start, end in combinations(range(len(words) + 1), 2):
            if end - start < len(words):
                yield "".join(words[start:end]), WORDS
    elif len(whole) > LEAST_SINGULAR:
        yield f"{whole[0]}{len(whole) - 2}{whole[-1]}", ABBREVIATION
        if whole.isascii():
            yield from ((whole[0] + letter, LETTERS) for letter in whole[1:])
    for size in range(2, len(whole)):
        yield whole[:size], PART
        yield whole[-size:], PART


def _initials(words: Sequence[str]) -> Iterator[tuple[str, Likeness]]:
    if len(words) > 1:
        initials = "".join(word[0] for word in words)
        yield initials, ABBREVIATION if len(initials) > 2 else INITIALS
        yield initials[:-1] + words[-1], ABBREVIATION


def _misspelled(rows: Mapping[str, Sequence[int]]) -> Iterator[tuple[int, int, Likeness]]:
    # Names an insertion, a deletion, a substitution or a swap apart share what is left when a letter is left out.
    shared: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for fold in rows:
        if len(fold) >= LEAST_SLIP:
            digits = re.sub(r"\D", "", fold)
            for place in range(len(fold)):
                shared[digits, fold[:place] + fold[place + 1 :]].add(fold)
            shared[digits, fold].add(fold)
    for folds in shared.values():
        if len(folds) <= MOST_MISSPELLINGS:
            for left, right in combinations(folds, 2):
                if likeness := _misspelling(*sorted((left, right), key=len)):
                    yield rows[left][0], rows[right][0], likeness


def _misspelling(short: str, long: str) -> Likeness | None:
    if long[1:] == short:  # ecommerce is no misspelled commerce
        return None
    if len(short) >= LEAST_MISSPELLED:
        return MISSPELLING
    differ = [place for place, (left, right) in enumerate(zip(short, long, strict=False)) if left != right]
    if len(short) < len(long):
        return SLIP if differ else None
    is_swap = len(differ) == 2 and short[differ[0] : differ[1] + 1] == long[differ[0] : differ[1] + 1][::-1]
    return SLIP if is_swap else None


def _keep_best(found: dict[tuple[int, int], Likeness], row: int, other: int, likeness: Likeness) -> None:
    pair = (min(row, other), max(row, other))
    if row != other and (pair not in found or likeness.least < found[pair].least):
        found[pair] = likeness
