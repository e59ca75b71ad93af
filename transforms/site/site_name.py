"""What a site calls itself where its generator's config does not say it: data of its templates, and package.json.

They are data from a checkout as configs are: capped, parsed safely, and never run.
"""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from transforms.plumbing.storage import is_remote
from transforms.reading.files import pattern_root
from transforms.site.site_model import clean_title, config_title, literal, parse_config, read_config, upwards

DATA = (
    "_quarto.yml",
    *(
        f"{folder}_data/{name}.{suffix}"
        for folder in ("", "src/")
        for name in ("site", "metadata", "meta")
        for suffix in ("json", "yaml", "yml")
    ),
)
"""Files that hold what templates say of the site, by Quarto's and Eleventy's usual names."""
SCRIPTS = (
    "conf.py",
    *(f"src/{name}.{suffix}" for name in ("consts", "config", "site.config") for suffix in ("ts", "js", "mjs")),
)
"""The same of Nikola and Astro."""
NAMES = "SITE_TITLE|SITE_NAME|siteTitle|siteName|BLOG_TITLE"
PACKAGE = "package.json"


def site_names(patterns: Sequence[str]) -> Iterator[str]:
    """What files in the folders of the posts and above call the site, the best first; package.json comes last.

    They are looked for up to the root of the git repository, and nowhere above it.
    """
    places = list(itertools.chain.from_iterable(_folders(pattern) for pattern in patterns if not is_remote(pattern)))
    for place in places:
        yield from filter(None, (config_title(_site(values)) for values in _data(place)))
        yield from filter(None, (clean_title(literal(NAMES, text)) for text in _texts(place)))
    for place in places:
        name = clean_title((parse_config(read_config(place, PACKAGE) or "", PACKAGE) or {}).get("name"))
        yield from filter(None, [name and name.rpartition("/")[2]])


def _folders(pattern: str) -> list[Path]:
    """The folder of a pattern and those above it within its git repository; none where there is no repository."""
    folders = list(upwards(Path(os.path.abspath(pattern_root(pattern)))))  # noqa: PTH100  resolve() follows links
    return folders if os.path.lexists(folders[-1] / ".git") else []


def _data(place: Path) -> Iterator[Mapping[str, Any]]:
    for name in DATA:
        if text := read_config(place, name):
            yield parse_config(text, name) or {}


def _texts(place: Path) -> Iterator[str]:
    return (text for name in SCRIPTS if (text := read_config(place, name)))


def _site(values: Mapping[str, Any]) -> Mapping[str, Any]:
    """What is said of the site below `website` or `site`, if it is there."""
    for key in ("website", "site"):
        if isinstance(below := values.get(key), dict):
            return {str(name).lower(): value for name, value in below.items()}
    return values
