"""What blocks and parts of a directory of links tell each other, so that links are found without one place for all.

What is looked up is parted by hash, four parts for each `LARGE` articles. Blocks ask together, those of a region: one
for each `LARGE` articles. So few and bounded elements are grouped: a part answers a region, and not each of its blocks.
"""

from __future__ import annotations

import functools
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from transforms.results import Links, Skipped, UnresolvedLink
from transforms.sampling import hash64, hash_parts
from transforms.site.addresses import Directory, Key, Parts, Place, count_url_hosts, enter, make_directory
from transforms.site.broken import Name, name_of
from transforms.site.hyperlinks import (
    Hosts,
    Outcome,
    Shape,
    Tally,
    directory_of_skipped,
    follow,
    judge_hosts,
    keys_of_links,
    linked,
    tally_hosts,
    unresolved,
)
from transforms.site.site_model import PLAIN_SITE, Site

NO_REGION = -1

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
    """What a block of a region enters into a part of the directory, and what it looks up there.

    `skipped` are entries of the directory of what was skipped; no region has these.
    """

    region: int
    entries: Directory = field(default_factory=dict)
    keys: tuple[Key, ...] = ()
    skipped: Directory = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Answer:
    """What keys lead to in a part of the directory, and in that of what was skipped."""

    directory: Directory
    skipped: Directory


@dataclass(frozen=True, eq=False)
class HostCounts:
    """What is known of hosts from some articles."""

    tallies: Mapping[str, Tally]
    urls: Mapping[str, int]


@dataclass(frozen=True, eq=False)
class LookedUp:
    """Where the hrefs of a block's articles lead, and the names of these."""

    outcomes: Mapping[str, Outcome]
    names: tuple[Name, ...]


@dataclass(frozen=True, eq=False)
class Linked:
    """Articles of a block with what they link to, and articles with how many of the block's link to them."""

    block: str
    links: Mapping[str, tuple[str, ...]]
    counts: Mapping[str, int]


def directory_parts(corpus_size: int) -> int:
    """Tell into how many parts the directory of a corpus of so many files is parted."""
    parts = hash_parts(corpus_size)
    return 4 * parts if parts > 1 else 1


def parted(items: Mapping[str, T], part_of: Callable[[str], int]) -> dict[int, dict[str, T]]:
    """Part items by their keys; parts without any are left out."""
    found: dict[int, dict[str, T]] = {}
    for key, value in items.items():
        found.setdefault(part_of(key), {})[key] = value
    return found


def part_of_hash(key: str, parts: int) -> int:
    """Tell the part, of so many, that a key falls into by its hash."""
    return hash64(key) % parts if parts > 1 else 0


def inquire(places: Places, region: int, parts: int, base: Parts = ()) -> Iterator[tuple[int, Inquiry]]:
    """What a block of a region enters and looks up in the parts of the directory."""
    part_of = functools.partial(part_of_hash, parts=parts)
    entries = parted(make_directory(places.places), part_of)
    keys = parted(dict.fromkeys(keys_of_links(places.places, base)), part_of)
    for part in entries.keys() | keys:
        yield part, Inquiry(region, entries.get(part, {}), tuple(keys.get(part, ())))


def inquire_of_skipped(skipped: Skipped, parts: int, site: Site = PLAIN_SITE) -> Iterator[tuple[int, Inquiry]]:
    """What a skipped file enters into the parts of the directory of those."""
    entries = parted(directory_of_skipped([skipped], site), functools.partial(part_of_hash, parts=parts))
    yield from ((part, Inquiry(NO_REGION, skipped=of_part)) for part, of_part in entries.items())


def answer(inquiries: Iterable[Inquiry]) -> Iterator[tuple[int, Answer]]:
    """Answer all that is looked up in one part: for each region what its keys lead to, None for one of several."""
    inquiries = list(inquiries)
    directory = enter(entry for inquiry in inquiries for entry in inquiry.entries.items())
    skipped = enter(entry for inquiry in inquiries for entry in inquiry.skipped.items())
    asked: dict[int, set[Key]] = {}
    for inquiry in inquiries:
        asked.setdefault(inquiry.region, set()).update(inquiry.keys)
    for region, keys in asked.items():
        found = Answer(*({key: of[key] for key in keys if key in of} for of in (directory, skipped)))
        if found.directory or found.skipped:
            yield region, found


def join_answers(answers: Iterable[Answer]) -> Answer:
    """Join the answers of different parts."""
    directory: dict[Key, str | None] = {}
    skipped: dict[Key, str | None] = {}
    for found in answers:
        directory |= found.directory
        skipped |= found.skipped
    return Answer(directory, skipped)


def follow_all(places: Sequence[Place], found: Answer, base: Parts = ()) -> LookedUp:
    """Follow the hrefs of articles."""
    outcomes = {place.id: follow(place, found.directory, base, found.skipped) for place in places}
    return LookedUp(outcomes, tuple(map(name_of, places)))


def count_hosts(places: Sequence[Place], outcomes: Iterable[Outcome]) -> HostCounts:
    """Count what is known of hosts from articles, given where their hrefs lead."""
    return HostCounts(tally_hosts(places, (outcome.mentions for outcome in outcomes)), count_url_hosts(places))


def part_hosts(counts: HostCounts, parts: int) -> Iterator[tuple[int, HostCounts]]:
    """Part what is known of hosts by their names."""
    part_of = functools.partial(part_of_hash, parts=parts)
    tallies, urls = parted(counts.tallies, part_of), parted(counts.urls, part_of)
    for part in tallies.keys() | urls:
        yield part, HostCounts(tallies.get(part, {}), urls.get(part, {}))


def judge(counted: Iterable[HostCounts]) -> Hosts:
    """Judge the hosts of a part by all that is known of them."""
    counted = list(counted)
    return judge_hosts((of.tallies for of in counted), (of.urls for of in counted))


def keep_links(found: LookedUp, hosts: frozenset[str], region_of: Callable[[str], int]) -> Iterator[tuple[int, Linked]]:
    """Keep of a block what is on the blog's hosts, for each region of articles."""
    links = {id_: linked(outcome.mentions, hosts) for id_, outcome in found.outcomes.items()}
    counts = Counter(target for targets in links.values() for target in targets)
    block = next(iter(links))
    of_regions, to_regions = parted(links, region_of), parted(counts, region_of)
    for region in of_regions.keys() | to_regions:
        yield region, Linked(block, of_regions.get(region, {}), to_regions.get(region, {}))


def count_links(blocks: Iterable[Linked]) -> list[Links]:
    """Count how many link to each article of a region, by what all blocks have there."""
    links = [row for _, rows in links_by_block(blocks) for row in rows]
    return sorted(links, key=lambda row: row.id)


def links_by_block(blocks: Iterable[Linked]) -> list[tuple[str, tuple[Links, ...]]]:
    """The same, each block's under its name; of blocks without an article in the region nothing."""
    blocks = list(blocks)
    counts: Counter[str] = Counter()
    for block in blocks:
        counts.update(block.counts)
    return [
        (block.block, tuple(Links(id_, targets, counts[id_]) for id_, targets in block.links.items()))
        for block in blocks
        if block.links
    ]


def list_unresolved(
    found: LookedUp, hosts: frozenset[str], usual: frozenset[Shape], of_pages: frozenset[str]
) -> list[UnresolvedLink]:
    """What of a block leads nowhere on the blog's hosts, given the shapes that are usual in the whole corpus."""
    return [row for id_, outcome in found.outcomes.items() for row in unresolved(id_, outcome, hosts, usual, of_pages)]
