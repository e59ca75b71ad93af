"""Addresses of posts, and which post an address leads to."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple
from urllib.parse import unquote

from transforms.reading.dates import date_in_name, without_date
from transforms.reading.parse import article_id
from transforms.records import Article

USUAL_FOLDERS = frozenset({"article", "articles", "blog", "entries", "entry", "news", "p", "post", "posts"})
"""Folders that sites put before the name of a post, besides those that its posts are in."""
DEEPEST = 16
"""A path of more parts is no post's."""

_ADDRESS = re.compile(r"(?:(https?:)?//([^/?#]*))?([^?#]*)", re.IGNORECASE)
_PAGE = re.compile(r"\.(?:md|mdx|mdown|markdown|html?)$", re.IGNORECASE)

Parts = tuple[str, ...]
"""A path, part by part."""


class Place(NamedTuple):
    """Where an article is, and what it links to: its id, and its path, url, date and hrefs as the Article has them."""

    id: str
    path: str
    url: str | None
    date: str | None
    hrefs: tuple[str, ...] = ()


Key = str
"""What is looked up: an address or a folder, after the word that says which."""
Directory = Mapping[Key, str | None]
"""Each key's article, None for a key of several. The folders that posts are in lead to "".

An address is `whole`, or a `tail`, which is what is left of two parts and more without the first folders, or a `slug`,
which is a last part that is no mere number.
"""


def find(directory: Directory, parts: Parts) -> str | None:
    """Find the article at a path: as it is, within a site or a folder, or by its slug in a folder of posts."""
    for key, folders in keys_to(parts):
        if (found := directory.get(key)) and all(folder in directory for folder in folders):
            return found
    return None


def keys_to(parts: Parts) -> Iterator[tuple[Key, tuple[Key, ...]]]:
    """What a path can be found by, the best first, each with the folders that must be of posts for it to count."""
    for start in range(max(1, len(parts) - 1)):
        yield f"whole {'/'.join(parts[start:])}", ()
    yield f"tail {'/'.join(parts)}", ()
    *above, name = parts or ("",)
    if above or not name.isalnum():  # a mere word at the root is a page of the site's: /about/
        yield f"slug {without_date(name)}", tuple(f"folder {part}" for part in above if not _is_usual(part))


def place_of(article: Article) -> Place:
    """Where an article is, and what it links to."""
    return Place(article.id, article.path, article.url, article.date, article.hrefs)


def make_directory(places: Iterable[Place]) -> Directory:
    """Enter every article, in any order, under its url, its file's path, and its date with its slug."""
    return enter(entry for place in places for entry in entries_of(place))


def enter(entries: Iterable[tuple[Key, str | None]]) -> Directory:
    """Enter keys with what they lead to, in any order; the entries of directories make one of all of them."""
    found: dict[Key, str | None] = {}
    for key, id_ in entries:
        found[key] = id_ if found.get(key, id_) == id_ else None
    return found


def entries_of(place: Place) -> Iterator[tuple[Key, str]]:
    """The keys that lead to an article, and those of its folders; one may come twice."""
    for address in whole_addresses(place):
        yield f"whole {address}", place.id
    for parts in _paths(place):
        for start in range(1, len(parts) - 1):
            yield f"tail {'/'.join(parts[start:])}", place.id
        slug = without_date(parts[-1])
        if not slug.isdigit():
            yield f"slug {slug}", place.id
        yield from ((f"folder {part}", "") for part in parts[:-1] if not _is_usual(part))


def whole_addresses(place: Place) -> list[str]:
    """The complete addresses of an article, each once."""
    return list(dict.fromkeys((*map("/".join, _paths(place)), *_dated(place))))


def count_url_hosts(places: Iterable[Place]) -> Counter[str]:
    """Count the hosts of the articles' own urls."""
    hosts = (split_address(place.url)[0] for place in places if place.url)
    return Counter(host for host in hosts if host)


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


def _paths(place: Place) -> list[Parts]:
    return [parts for path in (split_address(place.url or "")[1], article_id(place.path)) if (parts := parts_of(path))]


def _is_usual(folder: str) -> bool:
    """Tell the folders in which posts are everywhere."""
    return folder.isdigit() or folder in USUAL_FOLDERS


def _dated(place: Place) -> Iterator[str]:
    """The addresses that Hexo and Jekyll make of a date and a slug, by the date given and that in the file's name."""
    name = article_id(place.path).rpartition("/")[2]
    slug = without_date(name)
    for date in {place.date and place.date[:10], date_in_name(name)} - {None}:
        year, month, day = str(date).split("-")
        yield from (f"{year}/{month}/{day}/{slug}", f"{year}/{month}/{slug}")
