"""Addresses of posts, and which post an address leads to."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import unquote

from transforms.dates import date_in_name, without_date
from transforms.parse import article_id
from transforms.records import Article

USUAL_FOLDERS = ("article", "articles", "blog", "entries", "entry", "news", "p", "post", "posts")
"""Folders that sites put before the name of a post, besides those that its posts are in."""
DEEPEST = 16
"""A path of more parts is no post's."""
LEAST_OWN = 0.1
"""The share of the articles' own urls that makes a host the blog's; fewer are posts that appeared elsewhere."""

_ADDRESS = re.compile(r"(?:(https?:)?//([^/?#]*))?([^?#]*)", re.IGNORECASE)
_PAGE = re.compile(r"\.(?:md|mdx|mdown|markdown|html?)$", re.IGNORECASE)

Parts = tuple[str, ...]
"""A path, part by part."""


class Place(NamedTuple):
    """Where an article is: its id, and its path, url and date as the Article has them."""

    id: str
    path: str
    url: str | None
    date: str | None


@dataclass(frozen=True, eq=False)
class Directory:
    """Which article has which address; one that several have is no one's.

    `whole` holds complete addresses, `tails` what is left of them without their first folders (two parts and more),
    `slugs` the last parts that are no mere numbers. `folders` are those that posts are in, `hosts` those of the
    articles' own urls.
    """

    whole: Mapping[str, str]
    tails: Mapping[str, str]
    slugs: Mapping[str, str]
    folders: frozenset[str]
    hosts: frozenset[str]

    def find(self, parts: Parts) -> str | None:
        """Find the article at a path: as it is, within a site or a folder, or by its slug in a folder of posts."""
        ends = ("/".join(parts[start:]) for start in range(max(1, len(parts) - 1)))
        if found := next(filter(None, map(self.whole.get, ends)), None) or self.tails.get("/".join(parts)):
            return found
        *above, name = parts or ("",)
        if all(part in self.folders or part.isdigit() for part in above) and (above or not name.isalnum()):
            return self.slugs.get(without_date(name))
        return None  # and not for a mere word at the root, which is a page of the site's: /about/


def place_of(article: Article) -> Place:
    """Where an article is."""
    return Place(article.id, article.path, article.url, article.date)


def make_directory(places: Iterable[Place]) -> Directory:
    """Enter every article, in any order, under its url, its file's path, and its date with its slug."""
    whole: list[tuple[str, str]] = []
    tails: list[tuple[str, str]] = []
    slugs: list[tuple[str, str]] = []
    folders = set(USUAL_FOLDERS)
    hosts: Counter[str] = Counter()
    for place in places:
        host, path = split_address(place.url or "")
        hosts.update([host] if host else [])
        for parts in filter(None, (parts_of(path), parts_of(article_id(place.path)))):
            whole.append(("/".join(parts), place.id))
            tails.extend(("/".join(parts[start:]), place.id) for start in range(1, len(parts) - 1))
            slugs.append((without_date(parts[-1]), place.id))
            folders.update(parts[:-1])
        whole.extend((address, place.id) for address in _dated(place))
    return Directory(
        _unambiguous(whole),
        _unambiguous(tails),
        _unambiguous((slug, id_) for slug, id_ in slugs if not slug.isdigit()),
        frozenset(folders),
        frozenset(host for host, count in hosts.items() if count >= LEAST_OWN * hosts.total()),
    )


def split_address(href: str) -> tuple[str, str]:
    """The host of an address, without user and `www.`, and the path; query and fragment are dropped.

    What follows two slashes is no host if it has no dot: a folder, after a slash too many.
    """
    scheme, host, path = _ADDRESS.match(href).groups(default="")  # type: ignore[union-attr]  # matches anything
    if host and not scheme and "." not in host:
        return "", f"/{host}{path}"
    return host.rpartition("@")[2].lower().removeprefix("www."), path


def parts_of(path: str, folder: Parts = ()) -> Parts | None:
    """A path in a folder, without what addresses may leave out; None if it leaves the root or is no post's."""
    parts = list(folder)
    for part in unquote(path).split("/"):
        if part == "..":
            if not parts:
                return None
            parts.pop()
        elif part not in ("", "."):
            parts.append(part)
    if parts:
        parts[-1] = _PAGE.sub("", parts[-1])
    return tuple(parts[:-1] if parts[1:] and parts[-1] == "index" else parts) if len(parts) <= DEEPEST else None


def _dated(place: Place) -> Iterator[str]:
    """The addresses that Hexo and Jekyll make of a date and a slug, by the date given and that in the file's name."""
    name = article_id(place.path).rpartition("/")[2]
    slug = without_date(name)
    for date in {place.date and place.date[:10], date_in_name(name)} - {None}:
        year, month, day = str(date).split("-")
        yield from (f"{year}/{month}/{day}/{slug}", f"{year}/{month}/{slug}")


def _unambiguous(entries: Iterable[tuple[str, str]]) -> dict[str, str]:
    """The keys that lead to one id only."""
    found: dict[str, str | None] = {}
    for key, id_ in entries:
        found[key] = id_ if found.get(key, id_) == id_ else None
    return {key: id_ for key, id_ in found.items() if id_ is not None}
