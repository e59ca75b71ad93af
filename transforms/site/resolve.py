"""Links between the posts of a corpus of any size, in a pipeline: addresses and hrefs meet by key."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

import apache_beam as beam
from apache_beam.pvalue import AsIter, AsSingleton, PCollection, TaggedOutput

from transforms.plumbing.composite import Composite
from transforms.plumbing.group_on_disk import GroupOnDisk, StoredGroup
from transforms.plumbing.side_inputs import as_iter
from transforms.records import Block, TextBlock
from transforms.results import Links, Skipped, UnresolvedLink
from transforms.sampling import hash_parts, key_of, region_of
from transforms.site.addresses import Parts, Place
from transforms.site.broken import Name
from transforms.site.hyperlinks import (
    Hosts,
    Outcome,
    Shape,
    count_shapes,
    first_folder,
    is_of_pages,
    is_usual_shape,
    own_hosts,
)
from transforms.site.link_parts import (
    Answer,
    HostCounts,
    Inquiry,
    Linked,
    LookedUp,
    Places,
    answer,
    count_hosts,
    directory_parts,
    follow_all,
    inquire,
    inquire_of_skipped,
    join_answers,
    judge,
    keep_links,
    links_by_block,
    list_unresolved,
    part_hosts,
)
from transforms.site.places import place_of
from transforms.site.settle import BROKEN, SettleBroken
from transforms.site.site_model import PLAIN_SITE, Site

BY_BLOCK = "by_block"
HOSTS = "hosts"


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

    `files` is the number of files, `skipped` are the posts that were left out. No worker holds more than a part
    of the directories, what a region links to, own hosts, the shapes of which hardly a link is broken, the first
    folders of pages, and the links for which a near article is sought.
    """

    files: AsSingleton
    site: Site = PLAIN_SITE
    skipped: PCollection[Skipped] | None = None

    def expand(self, blocks: PCollection[TextBlock | Block]) -> Resolved:
        """Look up the hrefs by key, judge the hosts by name and the shapes, keep what is the blog's."""
        base, known = self.site.base, self.site.hosts
        places = blocks | "Places" >> beam.Map(_places, self.site)
        found = (
            (places | "OfRegion" >> beam.Map(_of_region, self.files), self._answers(places))
            | "ByRegion" >> GroupOnDisk()
            | "LookUp" >> beam.FlatMap(_look_up, base, self.files).with_outputs(HOSTS, main="found")
        )
        hosts = found[HOSTS] | "ByHost" >> beam.GroupByKey() | "Judge" >> beam.Map(_judge)
        own = as_iter(hosts, "own hosts")
        shapes = (
            found.found
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
            found.found
            | "Keep" >> beam.FlatMap(_keep, own, self.files, known)
            | "LinksByRegion" >> GroupOnDisk()
            | "Count" >> beam.FlatMap(_count).with_outputs(BY_BLOCK, main="links")
        )
        unresolved = found.found | "Unresolved" >> beam.FlatMap(
            _unresolved, own, AsIter(usual), AsIter(of_pages), known, self.site.shared
        ).with_outputs(BROKEN, main="others")
        settled = unresolved[BROKEN] | "Broken" >> SettleBroken(found.found | "Names" >> beam.Map(_names), self.site)
        whole = (unresolved.others, settled) | "Unresolved links" >> beam.Flatten()
        return Resolved(links.links, links[BY_BLOCK], whole, hosts, shapes)

    def _answers(self, places: PCollection[Places]) -> PCollection[tuple[int, Answer]]:
        inquiries = [places | "Inquire" >> beam.FlatMap(_inquire, self.files, self.site.base)]
        if self.skipped is not None:
            inquiries.append(self.skipped | "Skipped" >> beam.FlatMap(_inquire_of_skipped, self.files, self.site))
        answers: PCollection[tuple[int, Answer]] = (
            tuple(inquiries) | "ByKey" >> GroupOnDisk() | "Answer" >> beam.FlatMap(_answer)
        )
        return answers


def _names(found: LookedUp) -> tuple[Name, ...]:
    return found.names


def _places(block: TextBlock | Block, site: Site) -> Places:
    return Places(tuple(place_of(article, site) for article in block.articles))


def _of_region(places: Places, files: int) -> tuple[int, Places]:
    return region_of(places.block, files), places


def _inquire(places: Places, files: int, base: Parts) -> Iterator[tuple[int, Inquiry]]:
    return inquire(places, region_of(places.block, files), directory_parts(files), base)


def _inquire_of_skipped(skipped: Skipped, files: int, site: Site) -> Iterator[tuple[int, Inquiry]]:
    return inquire_of_skipped(skipped, directory_parts(files), site)


def _answer(group: tuple[int, StoredGroup]) -> Iterator[tuple[int, Answer]]:
    return answer(group[1])


def _look_up(group: tuple[int, StoredGroup], base: Parts, files: int) -> Iterator[LookedUp | TaggedOutput]:
    here = list(group[1])
    answered = join_answers(part for part in here if isinstance(part, Answer))
    places, outcomes = list[Place](), list[Outcome]()
    for part in here:
        if isinstance(part, Places):
            found = follow_all(part.places, answered, base)
            yield found
            places += part.places
            outcomes += found.outcomes.values()
    for of_part in part_hosts(count_hosts(places, outcomes), hash_parts(files)):
        yield TaggedOutput(HOSTS, of_part)


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
) -> Iterator[UnresolvedLink | TaggedOutput]:
    own = own_hosts(hosts, known).difference(shared)
    paths = {name.id: name.path for name in found.names}
    for row in list_unresolved(found, own, frozenset(usual), frozenset(of_pages)):
        yield TaggedOutput(BROKEN, (row, paths[row.id])) if row.kind == "broken" else row


def _keep(found: LookedUp, hosts: Iterable[Hosts], files: int, known: tuple[str, ...]) -> Iterator[tuple[int, Linked]]:
    return keep_links(found, own_hosts(hosts, known), functools.partial(region_of, files=files))


def _count(group: tuple[int, StoredGroup]) -> Iterator[Links | TaggedOutput]:
    for block, rows in links_by_block(group[1]):
        yield from rows
        if telling := tuple(row for row in rows if row.links or row.linked_by):
            yield TaggedOutput(BY_BLOCK, (key_of(block), telling))
