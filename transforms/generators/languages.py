"""Languages as sites write them into paths: a folder `ja/`, or a suffix as in `post.ja.md`."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

_CODES = """
aa ab af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv
dz ee el en eo es et eu fa ff fi fil fj fo fr fy ga gd gl gn gu gv ha haw he hi ho hr ht hu hy hz ia
id ie ig ii ik io is it iu ja jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt
lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne ng nl nn no nr nv ny oc oj om or os pa pi pl ps pt
qu rm rn ro ru rw sa sc sd se sg si sk sl sm sn so sq sr ss st su sv sw ta te tg th ti tk tl tn to
tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo yue za zh zu
"""
_MISTAKEN = {"cn": "zh-CN", "jp": "ja"}
"""Codes of countries that many sites take for the language spoken there, and that are of no other language."""
CODES = frozenset((*_CODES.split(), *_MISTAKEN))
"""The languages of ISO 639-1, a few that have three letters, and what is taken for one."""

_CODE = re.compile(r"([a-z]{2,3})(?:[-_](?:[A-Za-z]{4}|[A-Za-z]{2}|\d{3})){0,2}")


def language_of(name: str, languages: Collection[str] = ()) -> str | None:
    """The language that a folder's name or a suffix is, with `-` between its parts; None if it is none.

    Where the site's `languages` are known, it is one of them, else any of `CODES`, as in en, pt-BR or zh_Hant_TW.
    """
    if languages:
        return next((code for code in languages if folded(code) == folded(name)), None)
    found = _CODE.fullmatch(name)
    return name.replace("_", "-") if found and found[1] in CODES else None


def folded(code: str) -> str:
    """A code as it is compared with others: pt_BR and pt-br are one."""
    return code.replace("_", "-").casefold()


def standard(code: str) -> str:
    """A code for what sites write instead of it: zh-CN for cn."""
    return _MISTAKEN.get(code.casefold(), code)


def base(code: str) -> str:
    """The language of a code without its script and country: pt of pt-BR."""
    return folded(standard(code)).partition("-")[0]


def family(code: str) -> str:
    """What a code is of that readers read alike: en of en-US; zh is hans or hant, by its script or its country."""
    language, *rest = folded(standard(code)).split("-")
    if language not in ("zh", "yue"):
        return language
    return "zh-hant" if {"hant", "tw", "hk", "mo"}.intersection(rest) else "zh-hans"


def split_suffix(name: str, languages: Collection[str] = ()) -> tuple[str, str | None]:
    """A file's name, its last suffix taken off already, without the suffix of its language, and that language."""
    stem, dot, suffix = name.rpartition(".")
    language = language_of(suffix, languages) if stem and dot else None
    return (stem, language) if language else (name, None)


def folder_language(folders: Sequence[str], languages: Collection[str] = ()) -> tuple[int, str] | None:
    """Where among folders the first one stands that is a language, and that language; None if none is."""
    for place, folder in enumerate(folders):
        if language := language_of(folder, languages):
            return place, language
    return None
