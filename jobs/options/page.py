"""How the report's page looks: its title, its language, its color scheme, and where it has posts be edited."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass, replace

from jobs.options.checkout import blog_name, edit_pattern, is_edit_url
from jobs.options.errors import UsageError
from jobs.options.parser import Parser
from reports.words.language import AUTO, LANGUAGES
from transforms.site.site_model import Site

LANGS = (AUTO, *LANGUAGES)
COLOR_SCHEMES = (AUTO, "light", "dark")


@dataclass(frozen=True)
class Page:
    """What was asked for of the page; raises UsageError when it cannot be met.

    `auto` stands for the language that most posts are written in, and for the color scheme that the
    reader's system prefers. Without a title it is the blog's own name, and without an `edit_url` that of its git
    remote.
    """

    title: str | None = None
    lang: str = AUTO
    color_scheme: str = AUTO
    edit_url: str | None = None

    def __post_init__(self) -> None:
        for flag, value, known in (("--lang", self.lang, LANGS), ("--color-scheme", self.color_scheme, COLOR_SCHEMES)):
            if value not in known:
                raise UsageError(f"{flag} {value!r} is unknown; give any of {', '.join(known)}")
        if self.edit_url is not None and not is_edit_url(self.edit_url):
            raise UsageError(
                f"--edit-url {self.edit_url!r} is no web address with {{path}} in it;"
                " give one such as 'https://github.com/o/r/edit/main/{path}'"
            )

    def of_blog(self, site: Site, patterns: Sequence[str]) -> Page:
        """The page of the posts that patterns name, with what their folder says of the title and of editing."""
        return replace(
            self,
            title=self.title or blog_name(site, patterns),
            edit_url=edit_pattern(patterns, self.edit_url),
        )


def add_page_flags(parser: Parser, default: Page | None = None) -> None:
    """Add the flags of a Page to a parser; without a default, what is not given is None."""
    lang, scheme = (default.lang, default.color_scheme) if default else (None, None)
    otherwise = "%(default)s" if default else "the run's"
    add = parser.add_argument_group("page").add_argument
    own, remote = ("the blog's name", "told from the git remote") if default else ("the run's", "the run's")
    add("--title", default=None, metavar="TEXT", help=f"the report's title (default: {own})")
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
    add(
        "--edit-url",
        default=None,
        metavar="PATTERN",
        help="where a post is edited, as in 'https://github.com/o/r/edit/main/{path}', where {path} stands for the"
        f" file's path below the root of its repository (default: {remote})",
    )


def page_flags(flags: argparse.Namespace) -> Page:
    """Turn parsed flags into a Page."""
    return Page(flags.title, flags.lang, flags.color_scheme, flags.edit_url)
