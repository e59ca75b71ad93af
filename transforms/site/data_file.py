"""Where a site's generator finds a file of data, and what it calls a post there.

A config may name folders, and a run the places of posts: both are of a checkout, and do not lead out of the site.
"""

from __future__ import annotations

import os
import posixpath
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from transforms.generators.generator import PLAIN_DATA, DataPlace
from transforms.generators.registry import DATA_NAMES, GENERATORS
from transforms.plumbing.storage import is_remote
from transforms.reading.files import pattern_root
from transforms.site.site_model import Site, find_site

PLAIN = "json"
"""The name of data for whatever reads JSON."""
NAMES = (*DATA_NAMES, PLAIN)


class DataFileError(ValueError):
    """Posts that have no name on a site, or a site without a place for data; the message says in one line why."""


@dataclass(frozen=True)
class DataFile:
    """A file of data of `generator`, and how it names posts: `prefix`, and the path below `root`.

    `inputs` are the folders that the paths of a run's posts are below, `home` the site's; all are absolute.
    """

    generator: str
    home: str
    file: str
    root: str
    prefix: str
    inputs: tuple[str, ...]

    @property
    def shown(self) -> str:
        """The file as it is called in the working folder."""
        return shown(self.file)

    def key(self, path: str) -> str:
        """Name the post at a path below an input; raises DataFileError for one that is not below the root.

        Where there are several inputs it is the one that has the file.
        """
        if path.startswith("/") or {"", ".", ".."}.intersection(path.split("/")):
            raise DataFileError(f"a post's path is {path!r}, which is not below an --input")
        there = self.inputs
        if len(there) > 1:
            there = tuple(root for root in there if os.path.lexists(f"{root}/{path}"))
        if len(there) != 1:
            where = "in several of the run's inputs" if there else "in none of the run's inputs any more"
            raise DataFileError(f"{path!r} is {where}; run postkin report on one folder that has all posts")
        place = f"{there[0].rstrip('/')}/{path}"
        if not place.startswith(self.root.rstrip("/") + "/"):
            raise DataFileError(
                f"{place!r} is not below {self.root!r}, where {self._whose} has its posts; give its folder with --root,"
                " or run postkin report on the posts alone"
            )
        return self.prefix + place.removeprefix(self.root.rstrip("/") + "/")

    @property
    def _whose(self) -> str:
        return "the site" if self.generator == PLAIN else f"the {self.generator} site"


def shown(path: str | os.PathLike[str]) -> str:
    """A path as it is called in the working folder."""
    below = os.path.relpath(path)
    return os.fspath(path) if below.startswith("..") else below


def find_data_file(
    patterns: Sequence[str],
    generator: str | None = None,
    root: str | None = None,
    output: str | None = None,
    home: str | None = None,
) -> DataFile:
    """Find where data of the posts that patterns name belong.

    `generator` (one of NAMES; None: told from the site's config), `root` and `output` go before what is found. Where
    no config is found the site is `home`, or else the working folder. Raises DataFileError when the config leads out of
    the site's folder, or has a folder of posts for each of several languages, and the patterns name more than one.
    """
    site = find_site(patterns, generator if generator in GENERATORS else None)
    name = generator or (site.generator.name if site.generator.name in DATA_NAMES else PLAIN)
    place = PLAIN_DATA if name == PLAIN else GENERATORS[name].data
    home = site.home or home or str(Path.cwd())
    named = dict(site.named) if name == site.generator.name else {}
    folders = {key: named.get(key, usual) for key, usual in place.folders.items()}
    inputs = tuple(dict.fromkeys(_absolute(pattern_root(pattern)) for pattern in patterns))
    return DataFile(
        name,
        home,
        _absolute(output) if output else _below(home, place.file, folders, "--output"),
        _absolute(root) if root else _posts_folder(home, place, folders, site, inputs),
        place.prefix,
        inputs,
    )


def _posts_folder(home: str, place: DataPlace, folders: Mapping[str, str], site: Site, inputs: Sequence[str]) -> str:
    """The folder that names of posts are below; of those of several languages the one that has the inputs."""
    found = [_below(home, place.posts, folders, "--root")]
    if of_languages := [value for key, value in site.named if place.by_language and key.startswith("languages.")]:
        first = next(iter(place.folders))
        if len(of_languages) == len(site.languages):  # else one has the folder that is of all
            found = []
        found += [_below(home, place.posts, {**folders, first: value}, "--root") for value in of_languages]
        having = [root for root in found if all(f"{given}/".startswith(f"{root}/") for given in inputs)]
        if not having:
            raise DataFileError(
                f"{home!r} has a folder of posts for each language ({', '.join(of_languages)}); run postkin report on"
                " one of them at a time, and give each postkin export an --output of its own"
            )
        return max(having, key=len)
    return found[0]


def _below(home: str, template: str, folders: Mapping[str, str], flag: str) -> str:
    """A place in the site's folder; raises DataFileError where the config's folders lead out of it."""
    place = os.path.normpath(f"{home}/{template.format(**folders)}")
    if place != home and not place.startswith(home.rstrip("/") + "/"):
        raise DataFileError(
            f"the config in {home!r} names {place!r}, which is not below it; say with {flag} what to use"
        )
    return place


def _absolute(path: str) -> str:
    """The place of a path, links as they are: what a generator names is what it was given."""
    if is_remote(path):
        scheme, _, rest = path.partition("://")
        return f"{scheme}://{posixpath.normpath(rest)}"
    return os.path.abspath(path)  # noqa: PTH100  resolve() would follow links
