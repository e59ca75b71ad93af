"""Posts of one address, found in a pipeline."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import apache_beam as beam
from apache_beam.pvalue import PCollection

from transforms.plumbing.composite import Composite
from transforms.records import Article
from transforms.results import Collision
from transforms.site.places import own_address, share_address
from transforms.site.site_model import PLAIN_SITE, Site

_Key = tuple[str, str]
"""An address, and the language of its article: a site puts that before it, or leaves it out."""


@dataclass(eq=False, repr=False)
class FindSharedAddresses(Composite):
    """Articles of a site -> a Collision for each whose front matter gives it the address of another."""

    site: Site = PLAIN_SITE

    def expand(self, articles: PCollection[Article]) -> PCollection[Collision]:
        """Group by address, compare."""
        return (
            articles
            | "Addresses" >> beam.FlatMap(_addressed, self.site)
            | "ByAddress" >> beam.GroupByKey()
            | "Shared" >> beam.FlatMap(_shared)
        )


def _addressed(article: Article, site: Site) -> Iterator[tuple[_Key, str]]:
    address = own_address(article, site)
    if address:
        yield (address, article.language or ""), article.path


def _shared(group: tuple[_Key, Iterable[str]]) -> list[Collision]:
    return share_address(group[0][0], group[1])
