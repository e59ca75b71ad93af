"""Links between posts: which articles the hrefs in their bodies lead to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

import apache_beam as beam
from apache_beam.pvalue import PCollection

from transforms.addresses import Directory, Parts, Place, make_directory, parts_of, place_of, split_address
from transforms.gather import Gather
from transforms.records import Article, Block, Links, TextBlock
from transforms.side_inputs import as_singleton

LEAST_POSTS = 3
LEAST_SHARE = 0.1
"""A host is the blog's if links to it lead to so many of its posts, and so large a share of those links to any."""


class Mention(NamedTuple):
    """An article that a link leads to if its host is the blog's; "" stands for a link without a host."""

    host: str
    id: str


class Tally(NamedTuple):
    """How many hrefs name a host, how many articles they mention, and which these are."""

    named: int
    mentions: int
    articles: frozenset[str]


def resolve_links(articles: Sequence[Article]) -> list[Links]:
    """The links between articles, in the order of their ids: what each one's hrefs lead to, never itself.

    An href is a path from the post's folder or from the site's root, an address on one of the blog's hosts, or the
    name of a post. Query, fragment, percent signs, suffix and index do not matter; the case does. What could mean two
    posts, or leaves the root, leads nowhere.
    """
    directory = make_directory(map(place_of, articles))
    mentions = {article.id: mentioned(article, directory) for article in articles}
    hosts = own_hosts([tally_hosts(articles, mentions.values())], directory)
    links = {id_: linked(found, hosts) for id_, found in mentions.items()}
    counts = Counter(target for targets in links.values() for target in targets)
    return [Links(id_, links[id_], counts[id_]) for id_ in sorted(links)]


def mentioned(article: Article, directory: Directory) -> tuple[Mention, ...]:
    """Every other article that one's hrefs could lead to, with the host that they name."""
    folder = parts_of(article.path.rpartition("/")[0]) or ()
    found = (_mention(href, folder, directory) for href in article.hrefs)
    return tuple(sorted({mention for mention in found if mention and mention.id != article.id}))


def tally_hosts(articles: Iterable[Article], mentions: Iterable[Iterable[Mention]]) -> dict[str, Tally]:
    """What hosts the hrefs of some articles name, front pages aside, and what those hrefs could lead to."""
    addresses = (split_address(href) for article in articles for href in article.hrefs)
    named = Counter(host for host, path in addresses if host and path.strip("/"))
    found: dict[str, list[str]] = {host: [] for host in named}
    for mention in (mention for several in mentions for mention in several if mention.host):
        found[mention.host].append(mention.id)
    return {host: Tally(count, len(found[host]), frozenset(found[host])) for host, count in named.items()}


def own_hosts(tallies: Iterable[Mapping[str, Tally]], directory: Directory) -> frozenset[str]:
    """The blog's hosts: those of its articles' urls, and those whose addresses lead to its posts time and again.

    A foreign host hardly ever has the path of one of the blog's posts, let alone of several.
    """
    by_host: dict[str, list[Tally]] = {}
    for host, tally in (item for tallied in tallies for item in tallied.items()):
        by_host.setdefault(host, []).append(tally)
    return frozenset({"", *directory.hosts, *(host for host, tallied in by_host.items() if _leads_home(tallied))})


def linked(mentions: Iterable[Mention], hosts: frozenset[str]) -> tuple[str, ...]:
    """The articles mentioned on these hosts, in the order of their ids."""
    return tuple(sorted({mention.id for mention in mentions if mention.host in hosts}))


class ResolveLinks(beam.PTransform):
    """Blocks whose articles still have their hrefs -> Links, one for each article, as `resolve_links` gives them."""

    def expand(self, blocks: PCollection[TextBlock | Block]) -> PCollection[Links]:
        """Gather the addresses, look up the hrefs, gather the hosts, keep what is on the blog's, count."""
        directory = blocks | "Places" >> beam.Map(_places) | "Directory" >> Gather(_directory)
        the_directory = as_singleton(directory, "directory")
        found = blocks | "LookUp" >> beam.Map(_look_up, the_directory)
        hosts = found | "Tallies" >> beam.Map(_tally) | "Hosts" >> Gather(own_hosts, the_directory)
        return (
            found
            | "Keep" >> beam.FlatMap(_keep, as_singleton(hosts, "hosts"))
            | "ByArticle" >> beam.GroupByKey()
            | "Count" >> beam.MapTuple(_count)
        )


_LookedUp = tuple[dict[str, tuple[Mention, ...]], dict[str, Tally]]


def _places(block: TextBlock | Block) -> list[Place]:
    return [place_of(article) for article in block.articles]


def _directory(places: Iterable[Iterable[Place]]) -> Directory:
    return make_directory(place for several in places for place in several)


def _look_up(block: TextBlock | Block, directory: Directory) -> _LookedUp:
    mentions = {article.id: mentioned(article, directory) for article in block.articles}
    return mentions, tally_hosts(block.articles, mentions.values())


def _tally(looked_up: _LookedUp) -> dict[str, Tally]:
    return looked_up[1]


def _keep(looked_up: _LookedUp, hosts: frozenset[str]) -> Iterator[tuple[str, tuple[str, ...] | None]]:
    """Each article with what it links to, and each of these with None."""
    for id_, mentions in looked_up[0].items():
        targets = linked(mentions, hosts)
        yield id_, targets
        yield from ((target, None) for target in targets)


def _count(id_: str, parts: Iterable[tuple[str, ...] | None]) -> Links:
    parts = list(parts)
    return Links(id_, next(part for part in parts if part is not None), parts.count(None))


def _mention(href: str, folder: Parts, directory: Directory) -> Mention | None:
    host, path = split_address(href)
    readings = [parts_of(path)]  # from the root, as names of posts are meant that come without their folder
    if not host and not path.startswith("/"):
        readings = [parts_of(path, folder), *([] if path.startswith(".") else readings)]
    found = next(filter(None, (directory.find(parts) for parts in readings if path and parts)), None)
    return Mention(host, found) if found else None


def _leads_home(tallied: Sequence[Tally]) -> bool:
    named, mentions = (sum(counts) for counts in zip(*(tally[:2] for tally in tallied), strict=True))
    articles = frozenset[str]().union(*(tally.articles for tally in tallied))
    return len(articles) >= LEAST_POSTS and mentions >= LEAST_SHARE * named
