"""Files of other kinds that are probably posts: they are not read, but counted, so that none is missed silently."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection

SUFFIXES = (
    *(".adoc", ".asciidoc", ".creole", ".djot", ".ipynb", ".markdoc", ".mdoc", ".mdown", ".mdwn", ".mkd", ".mkdn"),
    *(".mkdown", ".org", ".rmarkdown", ".rmd", ".rst", ".textile"),
)
BESIDE_POSTS = (".htm", ".html", ".txt")
"""Suffixes of posts only in a folder with others; elsewhere they are pages, themes and notes."""
_NO_POST = re.compile(
    r"(?:.*/)?(?:_.*|404|authors|changelog|changes|code_of_conduct|contributing|copying|history|humans|index|licen[cs]e"
    r"|llms(?:-full)?|manifest|readme|requirements.*|robots|security|todo)\.\w+",
    re.IGNORECASE,
)


def count_others(files: Collection[str], posts: Collection[str]) -> dict[str, int]:
    """How many of these files are probably posts, by suffix, given the places of the posts.

    What was made of a post, or a post of it, counts with the post: it has its name, but for the suffix.
    """
    counts: Counter[str] = Counter()
    asked = {place.rpartition(".")[0] for place in files}
    stems = asked.intersection(place.rpartition(".")[0] for place in posts)
    folders = {place.rpartition("/")[0] for place in posts if not _NO_POST.fullmatch(place)}
    for place in files:
        stem, _, suffix = place.rpartition(".")
        suffix = f".{suffix.lower()}"
        beside = suffix in SUFFIXES or place.rpartition("/")[0] in folders
        if beside and stem not in stems and not _NO_POST.fullmatch(place):
            counts[suffix] += 1
    return dict(sorted(counts.items()))
