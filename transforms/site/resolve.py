"""Links between the posts of a corpus of any size: addresses and hrefs meet by key, and not in one place.

What is looked up is parted by hash, into one part for each `LARGE` articles. Between stages travels what a block has in
a part, so that few and large elements are grouped.
"""

from __future__ import annotations

import functools
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple, TypeVar

import apache_beam as beam
from apache_beam.pvalue import AsIter, AsSingleton, PCollection, TaggedOutput

from transforms.plumbing.composite import Composite
from transforms.plumbing.gather import Gather, GatherEach
from transforms.plumbing.side_inputs import as_iter
from transforms.records import Block, TextBlock
from transforms.results import Links, Skipped, UnresolvedLink
from transforms.sampling import hash64, hash_parts, key_of
from transforms.site.addresses import Directory, Key, Parts, Place, count_url_hosts, enter, make_directory
from transforms.site.broken import Name, name_of, settle_broken
from transforms.site.hyperlinks import (
    NOWHERE,
    Hosts,
    Outcome,
    Shape,
    Tally,
    count_shapes,
    directory_of_skipped,
    first_folder,
    follow,
    is_of_pages,
    is_usual_shape,
    judge_hosts,
    keys_of_links,
    linked,
    own_hosts,
    tally_hosts,
    unresolved,
)
from transforms.site.places import place_of
from transforms.site.site_model import PLAIN_SITE, Site

BY_BLOCK = "by_block"

T = TypeVar("T")


@dataclass(frozen=True, eq=False)
class Places:
    """A block's articles."""

    places: tuple[Place, ...]

    @property
    def block(self) -> str:
        """The block's name: its first article."""
        return self.places[0].id


@dataclass(frozen=True, eq=False)
class Inquiry:
    """What a block enters into a part of the directory, and what it looks up there."""

    block: str
    entries: Directory
    keys: tuple[Key, ...]


@dataclass(frozen=True, eq=False)
class HostCounts:
    """What is known of hosts from the articles of a block."""

    tallies: Mapping[str, Tally]
    urls: Mapping[str, int]


@dataclass(frozen=True, eq=False)
class LookedUp:
    """Where the hrefs of a block's articles lead, and what is known of hosts from them."""

    outcomes: Mapping[str, Outcome]
    hosts: HostCounts


@dataclass(frozen=True, eq=False)
class Linked:
    """Articles of a block with what they link to, and articles with how many of the block's link to them."""

    block: str
    links: Mapping[str, tuple[str, ...]]
    counts: Mapping[str, int]


def parted(items: Mapping[str, T], parts: int) -> list[Mapping[str, T]]:
    """Part items by a hash of their keys."""
    if parts == 1:
        return [items]
    found: list[dict[str, T]] = [{} for _ in range(parts)]
    for key, value in items.items():
        found[hash64(key) % parts][key] = value
    return list(found)


def inquire(places: Places, parts: int, base: Parts = ()) -> list[Inquiry]:
    """What a block enters and looks up in each part of the directory."""
    entries = parted(make_directory(places.places), parts)
    keys = parted(dict.fromkeys(keys_of_links(places.places, base)), parts)
    return [Inquiry(places.block, *of_part) for of_part in zip(entries, map(tuple, keys), strict=True)]


def answer(inquiries: Iterable[Inquiry]) -> Iterator[tuple[str, Directory]]:
    """Answer all that is looked up in one part: for each block what its keys lead to, None for one of several."""
    inquiries = list(inquiries)
    directory = enter(entry for inquiry in inquiries for entry in inquiry.entries.items())
    for inquiry in inquiries:
        yield inquiry.block, {key: directory[key] for key in inquiry.keys if key in directory}


def look_up(places: Iterable[Place], directory: Directory, base: Parts = (), skipped: Directory = NOWHERE) -> LookedUp:
    """Look up what articles mention, in a directory of which their keys suffice, and in that of what was skipped."""
    places = list(places)
    outcomes = {place.id: follow(place, directory, base, skipped) for place in places}
    tallies = tally_hosts(places, (outcome.mentions for outcome in outcomes.values()))
    return LookedUp(outcomes, HostCounts(tallies, count_url_hosts(places)))


def part_hosts(counts: HostCounts, parts: int) -> list[HostCounts]:
    """Part what is known of hosts by their names."""
    return list(map(HostCounts, parted(counts.tallies, parts), parted(counts.urls, parts)))


def judge(counted: Iterable[HostCounts]) -> Hosts:
    """Judge the hosts of a part by what is known of them from all blocks."""
    counted = list(counted)
    return judge_hosts((block.tallies for block in counted), (block.urls for block in counted))


def keep_links(found: LookedUp, hosts: frozenset[str], parts: int) -> list[Linked]:
    """Keep of a block what is on the blog's hosts, for each part of the articles."""
    links = {id_: linked(outcome.mentions, hosts) for id_, outcome in found.outcomes.items()}
    counts = Counter(target for targets in links.values() for target in targets)
    block = next(iter(links))
    return [Linked(block, *of_part) for of_part in zip(parted(links, parts), parted(counts, parts), strict=True)]


def count_links(blocks: Iterable[Linked]) -> list[Links]:
    """Count how many link to each article of a part, by what all blocks have there."""
    links = [row for _, rows in links_by_block(blocks) for row in rows]
    return sorted(links, key=lambda row: row.id)


def links_by_block(blocks: Iterable[Linked]) -> list[tuple[str, tuple[Links, ...]]]:
    """The same, each block's under its name."""
    blocks = list(blocks)
    counts: Counter[str] = Counter()
    for block in blocks:
        counts.update(block.counts)
    return [
        (block.block, tuple(Links(id_, targets, counts[id_]) for id_, targets in block.links.items()))
        for block in blocks
    ]


def list_unresolved(
    found: LookedUp, hosts: frozenset[str], usual: frozenset[Shape], of_pages: frozenset[str]
) -> list[UnresolvedLink]:
    """What of a block leads nowhere on the blog's hosts, given the shapes that are usual in the whole corpus."""
    return [row for id_, outcome in found.outcomes.items() for row in unresolved(id_, outcome, hosts, usual, of_pages)]


class Resolved(NamedTuple):
    """Links, one for each article, and the UnresolvedLinks within the blog.

    `by_block` are the Links that say anything, those of a block in some tuples under the block's key. `hosts` are what
    is known of hosts, and `shapes` how many hrefs of each shape lead to an article and how many to none.
    """

    links: PCollection[Links]
    by_block: PCollection[tuple[int, tuple[Links, ...]]]
    unresolved: PCollection[UnresolvedLink]
    hosts: PCollection[Hosts]
    shapes: PCollection[tuple[Shape, tuple[int, int]]]


@dataclass(eq=False, repr=False)
class ResolveLinks(Composite):
    """Blocks whose articles still have their hrefs -> what `resolve_links` and `unresolved_links` give of them.

    `corpus_size` is the number of files, `skipped` are the posts that were left out. No worker holds more than a part
    of the directory, that of the skipped posts, own hosts, the shapes of which hardly a link is broken, and the first
    folders of pages; one goes through all addresses for the broken ones.
    """

    corpus_size: AsSingleton
    site: Site = PLAIN_SITE
    skipped: PCollection[Skipped] | None = None

    def expand(self, blocks: PCollection[TextBlock | Block]) -> Resolved:
        """Look up the hrefs by key, judge the hosts by name and the shapes, keep what is the blog's."""
        base, known = self.site.base, self.site.hosts
        places = blocks | "Places" >> beam.Map(_places, self.site)
        answers = (
            places
            | "Inquire" >> beam.FlatMap(_inquire, self.corpus_size, base)
            | "ByKey" >> beam.GroupByKey()
            | "Answer" >> beam.FlatMap(_answer)
        )
        skipped = self.skipped if self.skipped is not None else places.pipeline | beam.Create([], reshuffle=False)
        left_out = skipped | "Skipped" >> Gather(functools.partial(directory_of_skipped, site=self.site))
        found = (
            (places, answers)
            | beam.Flatten()
            | "ByBlock" >> beam.GroupByKey()
            | "LookUp" >> beam.Map(_look_up, base, as_iter(left_out, "skipped"))
        )
        hosts = (
            found
            | "Tallies" >> beam.FlatMap(_host_counts, self.corpus_size)
            | "ByHost" >> beam.GroupByKey()
            | "Judge" >> beam.Map(_judge)
        )
        own = as_iter(hosts, "own hosts")
        shapes = (
            found
            | "Shapes" >> beam.FlatMap(_shape_counts, own, known, self.site.shared)
            | "ByShape" >> beam.CombinePerKey(beam.combiners.TupleCombineFn(sum, sum))
        )
        usual = shapes | "Usual" >> beam.FlatMap(_usual_shape)
        of_pages = (
            shapes
            | "Folders" >> beam.MapTuple(_by_folder)
            | "ByFolder" >> beam.CombinePerKey(beam.combiners.TupleCombineFn(sum, sum))
            | "Pages" >> beam.FlatMap(_folder_of_pages)
        )
        links = (
            found
            | "Keep" >> beam.FlatMap(_keep, own, self.corpus_size, known)
            | "ByArticle" >> beam.GroupByKey()
            | "Count" >> beam.FlatMap(_count).with_outputs(BY_BLOCK, main="links")
        )
        misses = found | "Unresolved" >> beam.FlatMap(
            _unresolved, own, AsIter(usual), AsIter(of_pages), known, self.site.shared
        )
        broken, others = misses | "Broken" >> beam.Partition(_is_other, 2)
        names = as_iter(places | "Names" >> beam.Map(_names), "names")
        settled = broken | "Settle" >> GatherEach(functools.partial(settle_broken, site=self.site), names)
        unresolved = (others, settled) | "Unresolved links" >> beam.Flatten()
        return Resolved(links.links, links[BY_BLOCK], unresolved, hosts, shapes)


def _is_other(row: UnresolvedLink, _: int) -> int:
    return int(row.kind != "broken")


def _names(keyed: tuple[str, Places]) -> tuple[Name, ...]:
    return tuple(map(name_of, keyed[1].places))


def _places(block: TextBlock | Block, site: Site) -> tuple[str, Places]:
    places = Places(tuple(place_of(article, site) for article in block.articles))
    return places.block, places


def _inquire(keyed: tuple[str, Places], corpus_size: int, base: Parts) -> Iterator[tuple[int, Inquiry]]:
    yield from enumerate(inquire(keyed[1], hash_parts(corpus_size), base))


def _answer(group: tuple[int, Iterable[Inquiry]]) -> Iterator[tuple[str, Directory]]:
    yield from answer(group[1])


def _look_up(group: tuple[str, Iterable[Places | Directory]], base: Parts, skipped: Iterable[Directory]) -> LookedUp:
    directory: dict[Key, str | None] = {}
    places: list[Place] = []
    for part in group[1]:
        if isinstance(part, Places):
            places += part.places
        else:
            directory |= part
    return look_up(places, directory, base, next(iter(skipped), NOWHERE))


def _host_counts(found: LookedUp, corpus_size: int) -> Iterator[tuple[int, HostCounts]]:
    yield from enumerate(part_hosts(found.hosts, hash_parts(corpus_size)))


def _judge(group: tuple[int, Iterable[HostCounts]]) -> Hosts:
    return judge(group[1])


def _shape_counts(
    found: LookedUp, hosts: Iterable[Hosts], known: tuple[str, ...], shared: tuple[str, ...]
) -> Iterator[tuple[Shape, tuple[int, int]]]:
    yield from count_shapes(found.outcomes.values(), own_hosts(hosts, known).difference(shared)).items()


def _usual_shape(counted: tuple[Shape, tuple[int, int]]) -> Iterator[Shape]:
    if is_usual_shape(*counted[1]):
        yield counted[0]


def _by_folder(shape: Shape, counted: tuple[int, int]) -> tuple[str, tuple[int, int]]:
    return first_folder(shape), counted


def _folder_of_pages(counted: tuple[str, tuple[int, int]]) -> Iterator[str]:
    folder, (found, missed) = counted
    if is_of_pages(folder, found, missed):
        yield folder


def _unresolved(
    found: LookedUp,
    hosts: Iterable[Hosts],
    usual: Iterable[Shape],
    of_pages: Iterable[str],
    known: tuple[str, ...],
    shared: tuple[str, ...],
) -> list[UnresolvedLink]:
    own = own_hosts(hosts, known).difference(shared)
    return list_unresolved(found, own, frozenset(usual), frozenset(of_pages))


def _keep(
    found: LookedUp, hosts: Iterable[Hosts], corpus_size: int, known: tuple[str, ...]
) -> Iterator[tuple[int, Linked]]:
    yield from enumerate(keep_links(found, own_hosts(hosts, known), hash_parts(corpus_size)))


def _count(group: tuple[int, Iterable[Linked]]) -> Iterator[Links | TaggedOutput]:
    for block, rows in links_by_block(group[1]):
        yield from rows
        if telling := tuple(row for row in rows if row.links or row.linked_by):
            yield TaggedOutput(BY_BLOCK, (key_of(block), telling))
