"""Links between posts: which articles the hrefs in their bodies lead to."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from transforms.records import Article
from transforms.results import Links, Skipped, UnresolvedKind, UnresolvedLink
from transforms.site.addresses import (
    DEFAULT,
    Directory,
    Key,
    Parts,
    Place,
    Way,
    count_url_hosts,
    find,
    is_ambiguous,
    keys_of,
    keys_to,
    keys_to_note,
    lead,
    make_directory,
    parts_of,
    split_address,
    target_of,
)
from transforms.site.broken import name_of, settle_broken
from transforms.site.places import place_of, place_of_skipped
from transforms.site.site_model import PLAIN_SITE, Site

LEAST_POSTS = 3
LEAST_SHARE = 0.1
"""A host is the blog's if links to it lead to so many of its posts, and so large a share of those links to any."""
LEAST_UNSURE_SHARE = 0.5
MANY_UNSURE = 20
"""Where it is only by their names that links lead to posts, the share is larger, or the links are many: other sites may
have pages of those names."""
LEAST_OWN = 0.1
"""The share of the articles' own urls that makes a host the blog's; fewer are posts that appeared elsewhere."""


LEAST_FOUND = 20
LEAST_FOUND_SHARE = 0.95
"""An address that leads nowhere is broken if so many links of its shape lead somewhere, and this share of them all."""

_NO_PAGE = re.compile(r"\.(?!(?:md|mdx|mdown|markdown|qmd|html?|php|aspx?)$)[a-z][a-z0-9]{0,5}$", re.IGNORECASE)
_NO_POST = re.compile(r"[{|](?:static|attach|photo|author|category|tag|index)[}|]")
PAGE_WORDS = 2
"""A page right below the site's root has a name of no more words."""
_WORD = re.compile(r"[^\W_]+")
_SOURCE = re.compile(r"(?!/).*\.(?:md|mdx|mdown|markdown|qmd)", re.IGNORECASE | re.DOTALL)

NO_POSTS = ("page ", "empty ")
"""How skipped files begin, by their kind and path, that are no posts, but are on the site."""
NOWHERE: Directory = {}

Shape = str
"""An address without what tells posts apart: the name a `w`, digits N each, the folders as they are."""


class Mention(NamedTuple):
    """An article that a link leads to if its host is the blog's; "" stands for a link without a host.

    It is `sure` if the link is a whole address of the article's.
    """

    host: str
    id: str
    sure: bool = True


class Miss(NamedTuple):
    """An href that leads to no article of the blog's, or could lead to several; "" stands for no host.

    `line` is where it stands, 0 if that is not known, and `skipped` the kind and the path of the skipped file that it
    leads to.
    """

    host: str
    href: str
    shape: Shape
    ambiguous: bool
    line: int = 0
    skipped: str | None = None


class Outcome(NamedTuple):
    """Where an article's hrefs lead: the other articles, each once, the misses, and the shapes of what leads home."""

    mentions: tuple[Mention, ...]
    misses: tuple[Miss, ...]
    shapes: tuple[tuple[str, Shape], ...]


class Tally(NamedTuple):
    """How many hrefs name a host, how many articles they mention, and `LEAST_POSTS` of these, or all if fewer.

    `sure` counts the mentions by whole addresses.
    """

    named: int
    mentions: int
    articles: frozenset[str]
    sure: int


class Hosts(NamedTuple):
    """Of some hosts those that lead home, those that may be usual in the articles' urls, and how many urls name any.

    `unsure` are hosts that lead home by names alone.
    """

    home: frozenset[str]
    usual: Mapping[str, int]
    urls: int
    unsure: frozenset[str] = frozenset()


def resolve_links(articles: Sequence[Article], site: Site = PLAIN_SITE) -> list[Links]:
    """The links between articles, in the order of their ids: what each one's hrefs lead to, never itself.

    An href is a path from the post's folder or from the site's root, an address on one of the blog's hosts, or the
    name of a post. Query, fragment, percent signs, suffix and index do not matter; the case does. What could mean two
    posts, or leaves the root, leads nowhere.
    """
    outcomes, hosts = _outcomes(articles, site)
    links = {id_: linked(outcome.mentions, hosts) for id_, outcome in outcomes.items()}
    counts = Counter(target for targets in links.values() for target in targets)
    return [Links(id_, links[id_], counts[id_]) for id_ in sorted(links)]


def unresolved_links(
    articles: Sequence[Article], site: Site = PLAIN_SITE, skipped: Iterable[Skipped] = ()
) -> list[UnresolvedLink]:
    """The links within the blog that lead to none of its articles, in the order of their ids and as written there."""
    outcomes, hosts = _outcomes(articles, site, directory_of_skipped(skipped, site))
    hosts = hosts.difference(site.shared)
    counts = count_shapes(outcomes.values(), hosts)
    usual = usual_shapes(counts)
    of_pages = folders_of_pages(counts)
    rows = [row for id_ in sorted(outcomes) for row in unresolved(id_, outcomes[id_], hosts, usual, of_pages)]
    names = (name_of(place_of(article, site)) for article in articles)
    broken = settle_broken((row for row in rows if row.kind == "broken"), names, site)
    settled = {(row.id, row.href): row for row in broken}
    return [settled.get((row.id, row.href), row) for row in rows]


def directory_of_skipped(skipped: Iterable[Skipped], site: Site = PLAIN_SITE) -> Directory:
    """Where the skipped files would be, pages among them."""
    return make_directory(place_of_skipped(row, site) for row in skipped)


def _outcomes(
    articles: Sequence[Article], site: Site, skipped: Directory = NOWHERE
) -> tuple[dict[str, Outcome], frozenset[str]]:
    places = [place_of(article, site) for article in articles]
    directory = make_directory(places)
    outcomes = {place.id: follow(place, directory, site.base, skipped) for place in places}
    tallies = tally_hosts(places, (outcome.mentions for outcome in outcomes.values()))
    return outcomes, own_hosts([judge_hosts([tallies], [count_url_hosts(places)])], site.hosts)


def keys_of_links(places: Iterable[Place], base: Parts = ()) -> set[Key]:
    """Everything that is looked up in a directory to find what articles mention, on a site below the path `base`."""
    keys: set[Key] = {DEFAULT}
    for place in places:
        folder = _folder(place)
        for ways in (ways for href in place.hrefs for ways in _readings(href, place, folder, base)[1]):
            keys.update(keys_of(ways))
    return keys


def follow(place: Place, directory: Directory, base: Parts = (), skipped: Directory = NOWHERE) -> Outcome:
    """Follow every href of an article, on a site below the path `base`; what was skipped is looked up last."""
    folder = _folder(place)
    mentions: set[Mention] = set()
    misses: list[Miss] = []
    shapes: list[tuple[str, Shape]] = []
    lines = itertools.chain(place.lines, itertools.repeat(0))
    for href, line in zip(place.hrefs, lines, strict=False):
        host, readings = _readings(href, place, folder, base)
        found, sure = next((way for ways in readings if (way := lead(directory, ways, skipped))[0]), (None, False))
        if found is None:
            if is_page(href):
                ambiguous = any(is_ambiguous(directory, ways, skipped) for ways in readings)
                left_out = next(filter(None, (find(skipped, ways) for ways in readings)), None)
                misses.append(Miss(host, href, shape_of(href, folder), ambiguous, line, left_out))
        else:
            shapes.append((host, shape_of(href, folder)))
            if found != place.id:
                mentions.add(Mention(host, found, sure and not is_word(href)))
    return Outcome(tuple(sorted(mentions)), tuple(misses), tuple(shapes))


def is_page(href: str) -> bool:
    """Tell what may be a post's address from pictures, feeds, and other files, and from front pages."""
    path = split_address(target_of(href))[1]
    return bool(path.strip("/.")) and not (_NO_PAGE.search(path) or _NO_POST.match(path))


def names_source(href: str) -> bool:
    """Tell an href that is a path to a file of a post, which is there or is not, whatever the site makes of it."""
    host, path = split_address(target_of(href))
    return not host and _SOURCE.fullmatch(path) is not None


def is_word(href: str) -> bool:
    """Tell an address whose path is no more than a word, such as sites of all kinds have: /about/."""
    return split_address(href)[1].strip("/").isalpha()


def shape_of(href: str, folder: Parts) -> Shape:
    """The shape of an href in a post of this folder; none if it leaves the root."""
    path = split_address(target_of(href))[1]
    parts = parts_of(path, () if path.startswith("/") else folder)
    if not parts:
        return ""
    name = "N" * len(parts[-1]) if parts[-1].isdigit() else "w"
    return "/".join((*("N" * len(part) if part.isdigit() else part for part in parts[:-1]), name))


def count_shapes(outcomes: Iterable[Outcome], hosts: frozenset[str]) -> dict[Shape, tuple[int, int]]:
    """Count how many hrefs of each shape on these hosts lead to an article or a skipped file, and how many do not."""
    found: Counter[Shape] = Counter()
    missed: Counter[Shape] = Counter()
    for outcome in outcomes:
        found.update(shape for host, shape in outcome.shapes if host in hosts)
        for miss in outcome.misses:
            if miss.host in hosts:
                (found if miss.skipped else missed)[miss.shape] += 1
    return {shape: (found[shape], missed[shape]) for shape in found | missed}


def usual_shapes(counts: Mapping[Shape, tuple[int, int]]) -> frozenset[Shape]:
    """The shapes of which hardly any href leads nowhere."""
    return frozenset(shape for shape, (found, missed) in counts.items() if is_usual_shape(found, missed))


def is_usual_shape(found: int, missed: int) -> bool:
    """Tell whether an address of a shape is surely a post's, by how many lead to one and how many do not."""
    return found >= LEAST_FOUND and found >= LEAST_FOUND_SHARE * (found + missed)


def first_folder(shape: Shape) -> str:
    """The folder right below the site's root in which an address of a shape is; none for one in the root itself."""
    folder, slash, _ = shape.partition("/")
    return folder if slash else ""


def folders_of_pages(counts: Mapping[Shape, tuple[int, int]]) -> frozenset[str]:
    """The first folders that have pages and no posts."""
    found: Counter[str] = Counter()
    missed: Counter[str] = Counter()
    for shape, (leading, others) in counts.items():
        found[first_folder(shape)] += leading
        missed[first_folder(shape)] += others
    return frozenset(folder for folder in missed if is_of_pages(folder, found[folder], missed[folder]))


def is_of_pages(folder: str, found: int, missed: int) -> bool:
    """Tell whether a first folder has pages and no posts, by how many hrefs to it lead to one and how many do not.

    A number is no such folder: posts stand below their year.
    """
    return not found and missed >= LEAST_FOUND and not (folder and set(folder) == {"N"})


def unresolved(
    id_: str, outcome: Outcome, hosts: frozenset[str], usual: frozenset[Shape], of_pages: frozenset[str] = frozenset()
) -> Iterator[UnresolvedLink]:
    """What of an article's hrefs leads nowhere on these hosts, in their order; `of_pages` are first folders."""
    for miss in sorted(set(outcome.misses), key=lambda miss: miss.href):
        if miss.host in hosts:
            kind = _kind(miss, usual, of_pages)
            path = miss.skipped.partition(" ")[2] if miss.skipped and kind == "skipped" else None
            yield UnresolvedLink(id_, miss.href, kind, miss.line or None, path)


def _kind(miss: Miss, usual: frozenset[Shape], of_pages: frozenset[str]) -> UnresolvedKind:
    if miss.ambiguous:
        return "ambiguous"
    if miss.skipped:
        return "other" if miss.skipped.startswith(NO_POSTS) else "skipped"
    if miss.shape and names_source(miss.href):
        return "broken"
    if miss.shape in usual and _is_name(miss):
        return "broken"
    return "page" if first_folder(miss.shape) in of_pages else "other"


def _is_name(miss: Miss) -> bool:
    """Tell an address that ends as a post's does from that of a page of the site's, which is of a word or two."""
    name = split_address(miss.href)[1].rstrip("/").rpartition("/")[2]
    words = len(_WORD.findall(name))
    if "/" not in miss.shape:
        return words > PAGE_WORDS
    return words > 1 or not name.isascii() or not name.isalpha() or "N/" in miss.shape


def tally_hosts(places: Iterable[Place], mentions: Iterable[Iterable[Mention]]) -> dict[str, Tally]:
    """What hosts the hrefs of some articles name, front pages aside, and what those hrefs could lead to."""
    addresses = (split_address(href) for place in places for href in place.hrefs)
    named = Counter(host for host, path in addresses if host and path.strip("/"))
    found: dict[str, list[str]] = {host: [] for host in named}
    sure: Counter[str] = Counter()
    for mention in (mention for several in mentions for mention in several if mention.host):
        found[mention.host].append(mention.id)
        sure[mention.host] += mention.sure
    return {host: Tally(count, len(found[host]), _few(found[host]), sure[host]) for host, count in named.items()}


def judge_hosts(tallies: Iterable[Mapping[str, Tally]], urls: Iterable[Mapping[str, int]]) -> Hosts:
    """Judge hosts by all that is known of them: their tallies, and the counts of the articles' urls that name them.

    A foreign host hardly ever has the path of one of the blog's posts, let alone of several. What is not usual in some
    hosts' urls is not so in those of more.
    """
    by_host: dict[str, list[Tally]] = {}
    for host, tally in (item for tallied in tallies for item in tallied.items()):
        by_host.setdefault(host, []).append(tally)
    counts: Counter[str] = Counter()
    for counted in urls:
        counts.update(counted)
    home = frozenset(host for host, tallied in by_host.items() if _leads_home(tallied, sure=True))
    unsure = frozenset(host for host, tallied in by_host.items() if _leads_home(tallied, sure=False))
    return Hosts(home, _usual(counts, counts.total()), counts.total(), unsure)


def own_hosts(parts: Iterable[Hosts], known: Iterable[str] = ()) -> frozenset[str]:
    """The blog's hosts: those known, those usual in its articles' urls, and those that lead to its posts often.

    Where none is known, those that do so by names alone are too. `parts` are of different hosts. "" is among the
    result.
    """
    parts = list(parts)
    known = frozenset(known)
    counts = {host: count for part in parts for host, count in part.usual.items()}
    usual = _usual(counts, sum(part.urls for part in parts))
    home = (part.home if known else part.home | part.unsure for part in parts)
    return frozenset({"", *known}).union(usual, *home)


def linked(mentions: Iterable[Mention], hosts: frozenset[str]) -> tuple[str, ...]:
    """The articles mentioned on these hosts, in the order of their ids."""
    return tuple(sorted({mention.id for mention in mentions if mention.host in hosts}))


def _folder(place: Place) -> Parts:
    return parts_of(place.path.rpartition("/")[0]) or ()


def _readings(href: str, place: Place, folder: Parts, base: Parts) -> tuple[str, list[list[Way]]]:
    """The host that an href names, and the ways of each of the paths that it can mean, the best first."""
    if href.startswith("[["):
        parts = parts_of(href[2:-2].partition("|")[0].partition("#")[0].strip())
        return "", [list(keys_to_note(parts))] if parts else []
    host, path = split_address(target_of(href))
    literal = bool(host) or path.startswith("/")
    paths = [parts_of(path)]  # from the root, as names of posts are meant that come without their folder
    if not literal:
        paths = [parts_of(path, folder), *([] if path.startswith(".") else paths)]
        if place.prefixed and path.startswith("../"):
            paths.append(parts_of(path[3:], folder))  # as browsers read it in a page whose address is a folder
    elif base and (parts := paths[0]) and parts[: len(base)] == base:
        paths = [parts[len(base) :], parts]
    return host, [list(keys_to(parts, place.language, literal=literal)) for parts in paths if path and parts]


def _few(ids: Iterable[str]) -> frozenset[str]:
    return frozenset(sorted(set(ids))[:LEAST_POSTS])


def _usual(counts: Mapping[str, int], urls: int) -> dict[str, int]:
    return {host: count for host, count in counts.items() if count >= LEAST_OWN * urls}


def _leads_home(tallied: Sequence[Tally], *, sure: bool) -> bool:
    named = sum(tally.named for tally in tallied)
    mentions = sum(tally.mentions for tally in tallied)
    articles = frozenset[str]().union(*(tally.articles for tally in tallied))
    if sure:
        return len(articles) >= LEAST_POSTS and sum(tally.sure for tally in tallied) >= LEAST_SHARE * named
    least = LEAST_SHARE if mentions >= MANY_UNSURE else LEAST_UNSURE_SHARE
    return len(articles) >= LEAST_POSTS and mentions >= least * named
