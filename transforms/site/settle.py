"""Links that seem broken, settled in a pipeline: few seek a near article, and those meet all names where these are."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import apache_beam as beam
from apache_beam.pvalue import PCollection
from apache_beam.transforms.window import GlobalWindows
from apache_beam.utils.windowed_value import WindowedValue

from transforms.plumbing.bundles import JoinFn
from transforms.plumbing.composite import Composite
from transforms.plumbing.gather import Gather
from transforms.plumbing.side_inputs import as_iter
from transforms.results import UnresolvedLink
from transforms.site.broken import Link, Name, NameSearch, Near, first_broken, merge_nearest, settle
from transforms.site.redirects import Redirects, read_redirects
from transforms.site.site_model import Site

BROKEN = "broken"

Nearest = Mapping[Link, Near]


@dataclass(eq=False, repr=False)
class SettleBroken(Composite):
    """Links that seem broken, each with the path of its article -> what `settle_broken` makes of all of them.

    `names` are the names of all articles, in tuples.
    """

    names: PCollection[tuple[Name, ...]]
    site: Site

    def expand(self, broken: PCollection[tuple[UnresolvedLink, str]]) -> PCollection[UnresolvedLink]:
        """Choose those that seek a near article, compare them with the names, settle each."""
        sought = (
            broken
            | "Rows" >> beam.Map(_row)
            | "FirstOfBundle" >> beam.ParDo(JoinFn(_first))
            | "First" >> Gather(_first)
        )
        nearest = (
            self.names
            | "Compare" >> beam.ParDo(_CompareFn(), as_iter(sought, "sought"))
            | "NearestOfBundle" >> beam.ParDo(JoinFn(merge_nearest))
            | "Nearest" >> Gather(merge_nearest)
        )
        return broken | "Settle" >> beam.ParDo(_SettleFn(self.site), as_iter(nearest, "nearest"))


class _CompareFn(beam.DoFn):
    """Tuples of names -> what is nearest to each sought link among those of a bundle."""

    def start_bundle(self) -> None:
        self.search: NameSearch | None = None

    def process(self, names: tuple[Name, ...], sought: Iterable[tuple[UnresolvedLink, ...]]) -> None:
        if self.search is None:
            self.search = NameSearch([row for rows in sought for row in rows])
        for name in names:
            self.search.compare(name)

    def finish_bundle(self) -> Iterator[WindowedValue]:
        if self.search and self.search.nearest:
            yield GlobalWindows.windowed_value(self.search.nearest)


class _SettleFn(beam.DoFn):
    """Reads the site's redirects once, and settles links."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.redirects: Redirects | None = None

    def process(self, broken: tuple[UnresolvedLink, str], nearest: Iterable[Nearest]) -> Iterator[UnresolvedLink]:
        if self.redirects is None:
            self.redirects = read_redirects(self.site.folders)
        yield settle(*broken, next(iter(nearest), {}), self.site, self.redirects)


def _row(broken: tuple[UnresolvedLink, str]) -> tuple[UnresolvedLink, ...]:
    return (broken[0],)


def _first(parts: Sequence[Sequence[UnresolvedLink]]) -> tuple[UnresolvedLink, ...]:
    return first_broken(itertools.chain.from_iterable(parts))
