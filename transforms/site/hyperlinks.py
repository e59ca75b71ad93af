"""Links between posts: which articles the hrefs in their bodies lead to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from transforms.records import Article
from transforms.results import Links
from transforms.site.addresses import (
    Directory,
    Key,
    Parts,
    Place,
    count_url_hosts,
    find,
    keys_to,
    make_directory,
    parts_of,
    place_of,
    split_address,
)

LEAST_POSTS = 3
LEAST_SHARE = 0.1
"""A host is the blog's if links to it lead to so many of its posts, and so large a share of those links to any."""
LEAST_OWN = 0.1
"""The share of the articles' own urls that makes a host the blog's; fewer are posts that appeared elsewhere."""


class Mention(NamedTuple):
    """An article that a link leads to if its host is the blog's; "" stands for a link without a host."""

    host: str
    id: str


class Tally(NamedTuple):
    """How many hrefs name a host, how many articles they mention, and `LEAST_POSTS` of these, or all if fewer."""

    named: int
    mentions: int
    articles: frozenset[str]


class Hosts(NamedTuple):
    """Of some hosts those that lead home, those that may be usual in the articles' urls, and how many urls name any."""

    home: frozenset[str]
    usual: Mapping[str, int]
    urls: int


def resolve_links(articles: Sequence[Article]) -> list[Links]:
    """The links between articles, in the order of their ids: what each one's hrefs lead to, never itself.

    An href is a path from the post's folder or from the site's root, an address on one of the blog's hosts, or the
    name of a post. Query, fragment, percent signs, suffix and index do not matter; the case does. What could mean two
    posts, or leaves the root, leads nowhere.
    """
    places = [place_of(article) for article in articles]
    directory = make_directory(places)
    mentions = {place.id: mentioned(place, directory) for place in places}
    tallies = tally_hosts(places, mentions.values())
    hosts = own_hosts([judge_hosts([tallies], [count_url_hosts(places)])])
    links = {id_: linked(found, hosts) for id_, found in mentions.items()}
    counts = Counter(target for targets in links.values() for target in targets)
    return [Links(id_, links[id_], counts[id_]) for id_ in sorted(links)]


def keys_of_links(places: Iterable[Place]) -> set[Key]:
    """Everything that is looked up in a directory to find what articles mention."""
    keys: set[Key] = set()
    for place in places:
        folder = _folder(place)
        for parts in (parts for href in place.hrefs for parts in _readings(href, folder)[1]):
            for key, folders in keys_to(parts):
                keys.update((key, *folders))
    return keys


def mentioned(place: Place, directory: Directory) -> tuple[Mention, ...]:
    """Every other article that one's hrefs could lead to, with the host that they name."""
    folder = _folder(place)
    found = (_mention(href, folder, directory) for href in place.hrefs)
    return tuple(sorted({mention for mention in found if mention and mention.id != place.id}))


def tally_hosts(places: Iterable[Place], mentions: Iterable[Iterable[Mention]]) -> dict[str, Tally]:
    """What hosts the hrefs of some articles name, front pages aside, and what those hrefs could lead to."""
    addresses = (split_address(href) for place in places for href in place.hrefs)
    named = Counter(host for host, path in addresses if host and path.strip("/"))
    found: dict[str, list[str]] = {host: [] for host in named}
    for mention in (mention for several in mentions for mention in several if mention.host):
        found[mention.host].append(mention.id)
    return {host: Tally(count, len(found[host]), _few(found[host])) for host, count in named.items()}


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
    home = frozenset(host for host, tallied in by_host.items() if _leads_home(tallied))
    return Hosts(home, _usual(counts, counts.total()), counts.total())


def own_hosts(parts: Iterable[Hosts]) -> frozenset[str]:
    """The blog's hosts: those usual in its articles' urls, and those whose addresses lead to its posts time and again.

    `parts` are of different hosts. "" is among the result.
    """
    parts = list(parts)
    counts = {host: count for part in parts for host, count in part.usual.items()}
    return frozenset({""}).union(_usual(counts, sum(part.urls for part in parts)), *(part.home for part in parts))


def linked(mentions: Iterable[Mention], hosts: frozenset[str]) -> tuple[str, ...]:
    """The articles mentioned on these hosts, in the order of their ids."""
    return tuple(sorted({mention.id for mention in mentions if mention.host in hosts}))


def _folder(place: Place) -> Parts:
    return parts_of(place.path.rpartition("/")[0]) or ()


def _readings(href: str, folder: Parts) -> tuple[str, list[Parts]]:
    """The host that an href names, and the paths that it can mean, the best first."""
    host, path = split_address(href)
    readings = [parts_of(path)]  # from the root, as names of posts are meant that come without their folder
    if not host and not path.startswith("/"):
        readings = [parts_of(path, folder), *([] if path.startswith(".") else readings)]
    return host, [parts for parts in readings if path and parts]


def _mention(href: str, folder: Parts, directory: Directory) -> Mention | None:
    host, readings = _readings(href, folder)
    found = next(filter(None, (find(directory, parts) for parts in readings)), None)
    return Mention(host, found) if found else None


def _few(ids: Iterable[str]) -> frozenset[str]:
    return frozenset(sorted(set(ids))[:LEAST_POSTS])


def _usual(counts: Mapping[str, int], urls: int) -> dict[str, int]:
    return {host: count for host, count in counts.items() if count >= LEAST_OWN * urls}


def _leads_home(tallied: Sequence[Tally]) -> bool:
    named, mentions = (sum(counts) for counts in zip(*(tally[:2] for tally in tallied), strict=True))
    articles = frozenset[str]().union(*(tally.articles for tally in tallied))
    return len(articles) >= LEAST_POSTS and mentions >= LEAST_SHARE * named
