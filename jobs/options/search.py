"""How related articles are searched for: exactly, or by cells."""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from typing import get_args

from jobs.options.errors import UsageError
from jobs.options.parser import Parser, probability
from transforms.results import SearchMethod
from transforms.sampling import LARGE


@dataclass(frozen=True)
class Searching:
    """How articles are searched; raises UsageError for what cannot be met."""

    search: SearchMethod = "auto"
    target_recall: float = 0.98

    def __post_init__(self) -> None:
        if self.search not in get_args(SearchMethod):
            raise UsageError(f"--search {self.search!r} is unknown; give one of {', '.join(get_args(SearchMethod))}")
        if not 0 < self.target_recall < 1:
            raise UsageError(
                f"--target-recall {self.target_recall:g} is not between 0 and 1; give 0.98, or --search exact for all"
            )


def add_search_flags(parser: Parser) -> None:
    """Add the flags of Searching to a parser."""
    add = parser.add_argument_group("search").add_argument
    add(
        "--search",
        default="auto",
        metavar="METHOD",
        help=f"exact, ivf (the nearest cells of an inverted file), or auto: exact up to {LARGE:,} files",
    )
    add(
        "--target-recall",
        type=probability,
        default=0.98,
        metavar="P",
        help="of the nearest that an exact search finds, the share that ivf must find (default: %(default)s)",
    )


def search_flags(flags: argparse.Namespace) -> Searching:
    """Take Searching from parsed flags."""
    return Searching(flags.search, flags.target_recall)
