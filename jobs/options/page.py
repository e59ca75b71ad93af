"""How the report's page looks: its title, its language, and its color scheme, light or dark."""

from __future__ import annotations

import argparse
from dataclasses import dataclass

from jobs.options.errors import UsageError
from jobs.options.parser import Parser
from reports.words.language import AUTO, LANGUAGES

LANGS = (AUTO, *LANGUAGES)
COLOR_SCHEMES = (AUTO, "light", "dark")


@dataclass(frozen=True)
class Page:
    """What was asked for of the page; raises UsageError when it cannot be met.

    `auto` stands for the language that most posts are written in, and for the color scheme that the
    reader's system prefers.
    """

    title: str = "Postkin report"
    lang: str = AUTO
    color_scheme: str = AUTO

    def __post_init__(self) -> None:
        for flag, value, known in (("--lang", self.lang, LANGS), ("--color-scheme", self.color_scheme, COLOR_SCHEMES)):
            if value not in known:
                raise UsageError(f"{flag} {value!r} is unknown; give any of {', '.join(known)}")


def add_page_flags(parser: Parser, default: Page | None = None) -> None:
    """Add the flags of a Page to a parser; without a default, what is not given is None."""
    title, lang, scheme = (default.title, default.lang, default.color_scheme) if default else (None, None, None)
    otherwise = "%(default)s" if default else "the run's"
    add = parser.add_argument_group("page").add_argument
    add("--title", default=title, metavar="TEXT", help=f"the report's title (default: {otherwise})")
    add(
        "--lang",
        default=lang,
        metavar="CODE",
        help=f"the report's language, of {','.join(LANGS)}; auto is that of most posts (default: {otherwise})",
    )
    add(
        "--color-scheme",
        "--theme",
        dest="color_scheme",
        default=scheme,
        metavar="NAME",
        help=f"of {','.join(COLOR_SCHEMES)}; auto is what the reader's system prefers; --theme is an older name"
        f" (default: {otherwise})",
    )


def page_flags(flags: argparse.Namespace) -> Page:
    """Turn parsed flags into a Page."""
    return Page(flags.title, flags.lang, flags.color_scheme)
