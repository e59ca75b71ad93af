"""Links that seem broken: whether something else is there, and which post they may mean."""

from __future__ import annotations

import dataclasses
import heapq
import os
import re
from collections.abc import Iterable, Mapping, Sequence
from difflib import SequenceMatcher
from itertools import product
from typing import NamedTuple

from transforms.reading.dates import without_date
from transforms.results import UnresolvedLink
from transforms.site.addresses import Parts, Place, parts_of, split_address, target_of, whole_addresses
from transforms.site.redirects import Redirects, read_redirects
from transforms.site.site_model import Site

LIKE = 0.8
"""The least likeness, from 0 to 1, of two names of which one may be a slip for the other."""
LONGEST_NAME = 100
MOST_SOUGHT = 1_000
"""A near post is sought for so many broken links, the first by id."""
LISTS = frozenset(
    {
        *("about", "all", "archive", "archives", "author", "authors", "categories", "category", "contact", "feed"),
        *("index", "page", "rss", "search", "series", "tag", "tags", "topic", "topics"),
    }
)
"""Pages that sites make among their posts."""
NO_REDIRECTS = Redirects(frozenset(), ())
_FOLDERS = (
    *("", "static", "public", "source", "content", "docs", "pages", "src", "src/pages", "src/content", "app"),
    *("src/app", "src/site", "site", "assets", "_pages", "content/pages", "content/extra", "docs/public"),
)
"""Where a site's files may be below its own folder."""
_SUFFIXES = (
    *("", ".html", ".md", ".mdx", ".markdown", ".njk", ".liquid", ".astro", ".tsx", ".jsx", ".js", ".ts", ".vue"),
    *(".ejs", ".pug", ".haml", ".slim", ".erb", ".html.erb", ".rst", ".org", ".ipynb", ".Rmd", ".qmd", ".xml", ".json"),
)
_WORD = re.compile(r"[^\W_]+")
_ENDS = 4


Link = tuple[str, str]
"""The id of an article, and one of its hrefs."""


class Near(NamedTuple):
    """An article that a link may mean: how like the ends of their addresses are, how like the whole, and its id."""

    likeness: float
    whole: float
    id: str


class Name(NamedTuple):
    """An article by its id, its path and the addresses that it has."""

    id: str
    path: str
    addresses: tuple[str, ...]


def name_of(place: Place) -> Name:
    """The name of an article at a place."""
    return Name(place.id, place.path, tuple(whole_addresses(place)))


def first_broken(broken: Iterable[UnresolvedLink]) -> tuple[UnresolvedLink, ...]:
    """Those of the links that seem broken, in any order, for which a near article is sought, in theirs."""
    return tuple(heapq.nsmallest(MOST_SOUGHT, broken, key=_link_of))


def settle_broken(broken: Iterable[UnresolvedLink], names: Iterable[Name], site: Site) -> list[UnresolvedLink]:
    """The links that seem broken, each with the id of the article nearest to it, if any is near.

    One whose file is on the site, that is led elsewhere, or that leads to a page such as sites make of their posts, is
    of the kind `other`.
    """
    rows = sorted(broken, key=_link_of)
    seekers = {row.id for row in rows}
    paths: dict[str, str] = {}
    search = NameSearch(first_broken(rows))
    for name in names:
        if name.id in seekers:
            paths[name.id] = name.path
        search.compare(name)
    redirects = read_redirects(site.folders) if rows else NO_REDIRECTS
    return [settle(row, paths.get(row.id, ""), search.nearest, site, redirects) for row in rows]


def settle(
    row: UnresolvedLink, path: str, nearest: Mapping[Link, Near], site: Site, redirects: Redirects
) -> UnresolvedLink:
    """Settle one of the links that seem broken, given the path of its article and what is nearest to links."""
    if _is_there(row.href, path, site, redirects):
        return dataclasses.replace(row, kind="other")
    near = nearest.get(_link_of(row))
    return dataclasses.replace(row, nearest=near.id if near else None)


def merge_nearest(parts: Iterable[Mapping[Link, Near]]) -> dict[Link, Near]:
    """What is nearest to links among all articles, by what is among parts of them, in any order."""
    best: dict[Link, Near] = {}
    for link, near in (item for part in parts for item in part.items()):
        best[link] = min(best.get(link, near), near, key=_rank)
    return best


def _link_of(row: UnresolvedLink) -> Link:
    return row.id, row.href


def _rank(near: Near) -> tuple[float, float, str]:
    return -near.likeness, -near.whole, near.id


def _is_there(href: str, path: str, site: Site, redirects: Redirects) -> bool:
    host, place = split_address(target_of(href))
    folder = path.rpartition("/")[0]
    if not host and not place.startswith("/") and _is_beside(folder, place, site):
        return True
    parts = parts_of(place, () if host or place.startswith("/") else parts_of(folder) or ()) or ()
    if parts and (parts[-1].lower() in LISTS or redirects.has("/".join(parts))):
        return True
    bare = parts[len(site.base) :] if site.base and parts[: len(site.base)] == site.base else parts
    return any(_exists(root, parts) or _exists(root, bare) for root in site.folders) if bare else False


def _is_beside(folder: str, place: str, site: Site) -> bool:
    """Tell whether a path from an article's folder is a file's, in the folders of the site or of the posts."""
    for root in site.roots:
        path = os.path.normpath(os.path.join(root, folder, place))  # noqa: PTH118  Path would keep `..`
        if any(path.startswith(f"{above}/") for above in (*site.folders, *site.roots)) and _lies(path):
            return True
    return False


def _exists(root: str, parts: Parts) -> bool:
    path = "/".join(parts)
    return any(
        _lies(f"{root}/{folder}/{path}{end}")
        for folder, end in product(_FOLDERS, _SUFFIXES)
        if _lies(f"{root}/{folder}")
    )


def _lies(path: str) -> bool:
    try:
        return os.path.lexists(path)
    except ValueError:  # a NUL
        return False


class NameSearch:
    """The article nearest to each of some links, by the last part of its addresses; `nearest` holds those so far."""

    def __init__(self, rows: Sequence[UnresolvedLink]) -> None:
        self.links = [_link_of(row) for row in rows]
        self.sought = [_sought(row.href) for row in rows]
        self.matchers = [SequenceMatcher(None, "", parts[-1] if parts else "", autojunk=False) for parts in self.sought]
        self.nearest: dict[Link, Near] = {}
        self.by_clue: dict[str, list[int]] = {}
        for place, parts in enumerate(self.sought):
            for clue in _clues(parts[-1] if parts else ""):
                self.by_clue.setdefault(clue, []).append(place)

    def compare(self, name: Name) -> None:
        """Compare an article with the links that have a word or an end of its name."""
        if not self.by_clue:
            return
        for address in name.addresses:
            parts = tuple(address.casefold().split("/"))
            last = without_date(parts[-1])
            near = {place for clue in _clues(last) for place in self.by_clue.get(clue, ())}
            for place in near:
                if self.links[place][0] != name.id:  # nobody means their own post
                    self._compare(place, name.id, parts, last)

    def _compare(self, place: int, id_: str, parts: Parts, last: str) -> None:
        link, sought = self.links[place], self.sought[place]
        best = self.nearest.get(link)
        least = best.likeness if best else LIKE
        matcher = self.matchers[place]
        matcher.set_seq1(last)
        if matcher.real_quick_ratio() < least or matcher.quick_ratio() < least:
            return
        likeness = matcher.ratio()
        if likeness < least:
            return
        whole = SequenceMatcher(None, "/".join(parts)[-LONGEST_NAME:], "/".join(sought)[-LONGEST_NAME:], autojunk=False)
        near = Near(likeness, whole.ratio(), id_)
        self.nearest[link] = min(best or near, near, key=_rank)


def _sought(href: str) -> Parts:
    path = href[2:-2] if href.startswith("[[") else split_address(target_of(href))[1]
    parts = parts_of(path.lstrip("./").casefold()) or ()
    return (*parts[:-1], without_date(parts[-1])) if parts else ()


def _clues(name: str) -> set[str]:
    """By what a name is looked up: its words, and how it begins and ends."""
    if not name or len(name) > LONGEST_NAME:
        return set()
    words = {word for word in _WORD.findall(name) if len(word) > _ENDS}
    return words | {f"^{name[:_ENDS]}", f"{name[-_ENDS:]}$"}
