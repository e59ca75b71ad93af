"""Addresses of posts, and which post an address leads to."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Container, Iterable, Iterator, Mapping
from typing import NamedTuple
from urllib.parse import unquote

from transforms.generators.languages import folder_language
from transforms.reading.dates import date_in_name, without_date
from transforms.reading.parse import article_id

USUAL_FOLDERS = frozenset({"article", "articles", "blog", "entries", "entry", "news", "p", "post", "posts"})
"""Folders that sites put before the name of a post, besides those that its posts are in."""
DEEPEST = 16
"""A path of more parts is no post's."""

_ADDRESS = re.compile(r"(?:(https?:)?//([^/?#]*))?([^?#]*)", re.IGNORECASE)
_SURE = re.compile(r"(?:^|^\S+ )(?:whole|alias) ")
_SLUG = re.compile(r"(?:\S+ )?slug ")
_BEFORE_PATHS = re.compile(r"^(?:@site(?=/)|[@~](?=/)|\{filename\}|\|filename\|)")
INDEXES = ("index", "README", "readme")
"""Names of files that stand for their folder."""
_PAGE = re.compile(r"\.(?:md|mdx|mdown|markdown|qmd|html?)$", re.IGNORECASE)

Parts = tuple[str, ...]
"""A path, part by part."""


class Place(NamedTuple):
    """Where an article is, and what it links to: its id, and its path, url, date, hrefs and their lines as the
    Article has them.

    `language` is that of its place, `translated` if it is not the site's default, and `further` are addresses that it
    has besides, by the rules of its site; `aliases` are earlier ones, that lead to it unless another is there.
    `prefixed` says that folders of the site's own may stand before a usual one, as in `/user/articles/name`.
    """

    id: str
    path: str
    url: str | None
    date: str | None
    hrefs: tuple[str, ...] = ()
    lines: tuple[int, ...] = ()
    language: str | None = None
    further: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    prefixed: bool = False
    translated: bool = False


Key = str
"""What is looked up: an address or a folder, after the word that says which."""
Way = tuple[Key, tuple[Key, ...]]
"""What a path can be found by, and the keys that must be there for it to count: the folders that are to be of posts."""
PREFIXED: Key = "prefixed"
"""A key that is there where folders of the site's own may stand before the usual ones of posts."""
DEFAULT: Key = "default"
"""A key that is there where folders have posts of the site's default language, or of no language."""
Directory = Mapping[Key, str | None]
"""Each key's article, None for a key of several. The folders that posts are in lead to "".

An address is `whole`, or an `alias`, or a `tail`, which is what is left of two parts and more without the first
folders, or a `slug`, which is a last part that is no mere number, or a `note`, the name of a file in any case. A key
that begins with a language is of the posts in it alone, and of their addresses without that language; one that begins
with `any` is of the posts that are not in the site's default language, for whoever finds no other where DEFAULT is not
there.
"""


def find(directory: Directory, ways: Iterable[Way]) -> str | None:
    """Find the article that the first of the ways leads to that leads to one."""
    return lead(directory, ways)[0]


def lead(directory: Directory, ways: Iterable[Way], taken: Container[Key] = ()) -> tuple[str | None, bool]:
    """Find an article as `find` does, and tell whether the way is sure: one by a whole address is.

    Where a whole address is `taken` by what is no article, the ways after it lead nowhere.
    """
    for key, needed in ways:
        if (found := directory.get(key)) and _is_open(directory, key, needed):
            return found, _SURE.search(key) is not None
        if key in taken and _SURE.search(key):
            break
    return None, False


def _is_open(directory: Directory, key: Key, needed: Iterable[Key]) -> bool:
    if key.startswith("any ") and DEFAULT in directory:
        return False
    if (of := _folder_of_slug(key)) and of in directory:  # the page of a folder is none of its posts
        return False
    return all(folder in directory for folder in needed)


def _folder_of_slug(key: Key) -> Key | None:
    found = _SLUG.match(key)
    return f"folder {key[found.end() :]}" if found else None


def keys_of(ways: Iterable[Way]) -> Iterator[Key]:
    """All keys that are looked up to go these ways."""
    for key, needed in ways:
        yield key
        yield from needed
        if of := _folder_of_slug(key):
            yield of


def is_ambiguous(directory: Directory, ways: Iterable[Way], taken: Container[Key] = ()) -> bool:
    """Tell whether ways of which none leads to one article lead to several, as `lead` goes them."""
    for key, needed in ways:
        if key in directory and _is_open(directory, key, needed):
            return True
        if key in taken and _SURE.search(key):
            break
    return False


def keys_to(parts: Parts, language: str | None = None, *, literal: bool = True) -> Iterator[Way]:
    """The ways to an article at a path, the best first: as it is, within a site or a folder, by its slug in a folder.

    What could be several articles is the one in the path's `language`, or else in that of the article that links to
    it; so is a path that is not `literal`, an address from the site's root, even where it is one article.
    """
    if literal:
        yield from _whole(parts)
    language, bare = _split_language(parts, language)
    if language:
        yield from ((f"{language.casefold()} {key}", needed) for key, needed in _keys_to(bare))
    yield from _keys_to(parts)
    yield from ((f"any {key}", needed) for key, needed in _keys_to(parts) if not _SURE.match(key))


def _whole(parts: Parts) -> Iterator[Way]:
    path = "/".join(parts)
    yield f"whole {path}", ()
    yield f"alias {path}", ()


def keys_to_note(parts: Parts) -> Iterator[Way]:
    """The ways to an article that is linked to as `[[name]]` or `[[folder/name]]`, wherever it is."""
    path, name = "/".join(parts), parts[-1]
    yield from _whole(parts)
    yield from ((f"tail {path}", ()), (f"any tail {path}", ()))
    if len(parts) == 1:
        yield from ((f"slug {name}", ()), (f"note {name.casefold()}", ()), (f"any slug {name}", ()))


def _keys_to(parts: Parts) -> Iterator[Way]:
    for start in range(max(1, len(parts) - 1)):
        yield from _whole(parts[start:])
    yield f"tail {'/'.join(parts)}", ()
    *above, name = parts or ("",)
    if above or not name.isalnum():  # a mere word at the root is a page of the site's: /about/
        yield f"slug {without_date(name)}", tuple(f"folder {part}" for part in above if not _is_usual(part))
        if above and above[-1] in USUAL_FOLDERS:
            yield f"slug {without_date(name)}", (PREFIXED,)


def _split_language(parts: Parts, language: str | None) -> tuple[str | None, Parts]:
    """The language that a path says, else the one given, and the path without it."""
    found = folder_language(parts[:-1])
    if found is None:
        return language, parts
    place, said = found
    return said, parts[:place] + parts[place + 1 :]


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
    paths = _paths(place)
    earlier = _aliases(place)
    among = "any " if place.translated else ""
    for address in map("/".join, paths) if place.translated else (*map("/".join, paths), *_dated(place)):
        yield f"whole {address}", place.id
    for parts in earlier:
        yield f"alias {'/'.join(parts)}", place.id
    for parts in (*paths, *earlier):
        yield from ((f"{among}{key}", id_) for key, id_ in _parts_entries(parts, place.id))
        yield from ((f"folder {part}", "") for part in parts[:-1] if not _is_usual(part))
    if place.prefixed:
        yield PREFIXED, ""
        yield f"note {article_name(place.path).casefold()}", place.id
    if not place.translated and "/" in place.path:
        yield DEFAULT, ""
    if place.language:
        language = place.language.casefold()
        bare = [_split_language(parts, place.language)[1] for parts in paths]
        bare_earlier = [_split_language(parts, place.language)[1] for parts in earlier]
        for address in (*map("/".join, bare), *_dated(place)):
            yield f"{language} whole {address}", place.id
        for parts in bare_earlier:
            yield f"{language} alias {'/'.join(parts)}", place.id
        for parts in (*bare, *bare_earlier):
            yield from ((f"{language} {key}", id_) for key, id_ in _parts_entries(parts, place.id))


def article_name(path: str) -> str:
    """The last part of a path without its suffix, or its folder's name if the file is an index."""
    return unicodedata.normalize("NFC", article_id(path).rpartition("/")[2])


def _parts_entries(parts: Parts, id_: str) -> Iterator[tuple[Key, str]]:
    for start in range(1, len(parts) - 1):
        yield f"tail {'/'.join(parts[start:])}", id_
    slug = without_date(parts[-1])
    if not slug.isdigit():
        yield f"slug {slug}", id_


def whole_addresses(place: Place) -> list[str]:
    """The complete addresses of an article, each once."""
    return list(dict.fromkeys((*map("/".join, (*_paths(place), *_aliases(place))), *_dated(place))))


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


def target_of(href: str) -> str:
    """An href without what some generators write before a path: `@/`, `~/` and `@site/` are the site's root.

    Pelican's `{filename}` and `|filename|` stand before a path from the post's folder, or from the root.
    """
    return _BEFORE_PATHS.sub("", href, count=1) if href[:1] in "@~{|" else href


def parts_of(path: str, folder: Parts = ()) -> Parts | None:
    """A path in a folder, without what addresses may leave out; None if it leaves the root or is no post's.

    Letters are composed (NFC): file names of some systems are not, and links to them are.
    """
    parts = list(folder)
    for part in unicodedata.normalize("NFC", unquote(path)).split("/"):
        if part == "..":
            if not parts:
                return None
            parts.pop()
        elif part not in ("", "."):
            parts.append(part)
    if parts:
        parts[-1] = _PAGE.sub("", parts[-1])
    return tuple(parts[:-1] if parts[1:] and parts[-1] in INDEXES else parts) if len(parts) <= DEEPEST else None


def _paths(place: Place) -> list[Parts]:
    paths = (split_address(place.url or "")[1], article_id(place.path), *(split_address(of)[1] for of in place.further))
    return [parts for path in paths if (parts := parts_of(path))]


def _aliases(place: Place) -> list[Parts]:
    return [parts for alias in place.aliases if (parts := parts_of(split_address(alias)[1]))]


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
