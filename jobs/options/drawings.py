"""What the report draws beyond the usual: maps, trees, thumbnails, and how often posts are read."""

from __future__ import annotations

import argparse
import importlib.util
from dataclasses import dataclass
from pathlib import Path

from jobs.environment import prepare_for_beam
from jobs.options.errors import UsageError
from jobs.options.parser import Parser, words
from transforms.plumbing.storage import is_remote, read_bytes
from transforms.results import MapMethod
from transforms.site.page_views import PopularityError, read_popularity

NOTHING = "none"
MAPS: tuple[MapMethod, ...] = ("tsne", "pca", "umap")
TREES = ("articles",)
THUMBNAILS = ("embed", "link")
EXTRAS = {"umap": ("umap", "umap"), "thumbnails": ("PIL", "thumbnails")}
"""The module and the extra that a drawing needs."""


@dataclass(frozen=True)
class Drawings:
    """What was asked for; raises UsageError when it cannot be met."""

    map: tuple[str, ...] = ("tsne", "pca")
    tree: tuple[str, ...] = ()
    thumbnails: str | None = None
    pictures: str | None = None
    popularity: str | None = None

    def __post_init__(self) -> None:
        _check("--map", self.map, (*MAPS, NOTHING))
        if self.tree:
            _check("--tree", self.tree, TREES)
        if len(self.map) > 1 and NOTHING in self.map:
            raise UsageError(f"--map {','.join(self.map)!r} asks for maps and for none; give the one or the other")
        if self.popularity == "":
            raise UsageError("--popularity is empty; give a JSON or CSV file of page views")
        if "umap" in self.map:
            _check_installed("umap")
        if self.thumbnails is not None:
            self._check_thumbnails(self.thumbnails)
        elif self.pictures is not None:
            raise UsageError("--pictures is where thumbnails are looked for; give --thumbnails too")

    def _check_thumbnails(self, how: str) -> None:
        _check("--thumbnails", (how,), THUMBNAILS)
        _check_installed("thumbnails")
        if NOTHING in self.map:
            raise UsageError(f"--thumbnails are shown on a map, and --map {NOTHING} asks for none; leave one out")
        if self.pictures == "":
            raise UsageError("--pictures is empty; give the folder that holds the site's pictures")
        if self.pictures is not None and not is_remote(self.pictures) and not Path(self.pictures).is_dir():
            raise UsageError(f"--pictures {self.pictures!r} is no folder; give the one that holds the site's pictures")

    @property
    def maps(self) -> tuple[MapMethod, ...]:
        """The maps to draw, in the order of `MAPS`, each once."""
        return tuple(method for method in MAPS if method in self.map)


def add_drawing_flags(parser: Parser) -> None:
    """Add the flags of Drawings to a parser."""
    add = parser.add_argument_group("drawings").add_argument
    add(
        "--map",
        type=words,
        default=Drawings.map,
        metavar="METHODS",
        help=f"lay the posts out by any of {','.join(MAPS)}, or {NOTHING} (default: {','.join(Drawings.map)})",
    )
    add(
        "--tree",
        type=words,
        default=Drawings.tree,
        metavar="WHAT",
        help="articles: also draw how the tags relate, by the posts that carry them (default: the themes alone)",
    )
    add(
        "--thumbnails",
        nargs="?",
        const="embed",
        metavar="HOW",
        help="show posts' thumbnails on the map: embed puts files into the page, link loads web addresses too when the"
        " page is opened (default: none; embed where HOW is left out)",
    )
    add(
        "--pictures",
        metavar="DIR",
        help="the folder that holds the site's pictures, where they are not below the posts'",
    )
    add(
        "--popularity",
        metavar="FILE",
        help="a JSON or CSV file of paths or urls and their page views, to name the most read posts",
    )


def drawing_flags(flags: argparse.Namespace) -> Drawings:
    """Turn parsed flags into Drawings."""
    return Drawings(flags.map, flags.tree, flags.thumbnails, flags.pictures, flags.popularity)


def page_views(path: str | None) -> dict[str, int] | None:
    """Read the page views of a file, None without one; raises UsageError when it holds none."""
    if path is None:
        return None
    if is_remote(path):
        prepare_for_beam()
    try:
        return read_popularity(read_bytes(path).decode())
    except UnicodeDecodeError:
        raise UsageError(f"--popularity {path!r} is no UTF-8 text; give a JSON or CSV file") from None
    except PopularityError as error:
        raise UsageError(f"--popularity {path!r}: {error}") from None
    except Exception as error:  # noqa: BLE001  a filesystem's own
        reason = getattr(error, "strerror", None) or str(error)
        raise UsageError(f"--popularity {path!r} cannot be read: {reason}") from None


def _check_installed(drawing: str) -> None:
    module, extra = EXTRAS[drawing]
    if importlib.util.find_spec(module) is None:
        raise UsageError(f"{drawing} needs a package that is not installed; run: pip install 'postkin[{extra}]'")


def _check(flag: str, given: tuple[str, ...], known: tuple[str, ...]) -> None:
    if not given:
        raise UsageError(f"{flag} names nothing; give any of {','.join(known)}")
    for name in given:
        if name not in known:
            raise UsageError(f"{flag} {name!r} is unknown; give any of {','.join(known)}")
