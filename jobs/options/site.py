"""On what site the posts stand: told from its own config, or by flags."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass

from jobs.options.errors import UsageError
from jobs.options.parser import Parser
from transforms.generators.registry import GENERATORS, PLAIN
from transforms.site.site_model import Site, clean_site_url, find_site

NAMES = (*sorted(GENERATORS), PLAIN.name)


@dataclass(frozen=True)
class SiteFlags:
    """What was said of the site; raises UsageError for what cannot be met."""

    site_generator: str | None = None
    site: str | None = None

    def __post_init__(self) -> None:
        if self.site_generator is not None and self.site_generator not in NAMES:
            raise UsageError(f"--site-generator {self.site_generator!r} is unknown; give one of {', '.join(NAMES)}")
        if self.site is not None and clean_site_url(self.site) is None:
            raise UsageError(f"--site {self.site!r} is no web address; give one such as https://blog.example/notes")

    def find(self, patterns: Sequence[str]) -> Site:
        """The site of the posts that patterns name."""
        return find_site(patterns, self.site_generator, clean_site_url(self.site))


def add_site_flags(parser: Parser) -> None:
    """Add the flags of SiteFlags to a parser."""
    add = parser.add_argument_group("site").add_argument
    add(
        "--site-generator",
        default=None,
        metavar="NAME",
        help=f"what makes the site, one of {', '.join(NAMES)}: its rules tell where posts are linked to (default: told"
        " from its config beside or above the posts)",
    )
    add(
        "--site",
        default=None,
        metavar="URL",
        help="where the site stands, so that links to it count as the blog's own (default: told from its config)",
    )


def site_flags(flags: argparse.Namespace) -> SiteFlags:
    """Take SiteFlags from parsed flags."""
    return SiteFlags(flags.site_generator, flags.site)
