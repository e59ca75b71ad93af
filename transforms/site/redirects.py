"""Addresses that lead elsewhere, by the files in which hosts of sites are told so."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from transforms.site.addresses import parts_of, split_address

FOLDERS = ("", "public", "static", "source", "src", "src/static", "content/extra")
"""Where such files are, below a site's folder."""
MAX_BYTES = 2**20
MAX_DOTS = 100
"""A line of TOML has no more: a key takes time by the square of its parts."""
_PATTERN = re.compile(r"[*:(].*", re.DOTALL)


class Redirects(NamedTuple):
    """The paths that are led elsewhere, and beginnings of such, without slashes at their ends."""

    paths: frozenset[str]
    beginnings: tuple[str, ...]

    def has(self, path: str) -> bool:
        """Tell whether a path is led elsewhere."""
        return path in self.paths or any(path.startswith(f"{start}/") for start in self.beginnings)


def read_redirects(folders: Iterable[str]) -> Redirects:
    """Read the redirects of a site in these folders: of Netlify, Cloudflare and Vercel."""
    paths: set[str] = set()
    beginnings: set[str] = set()
    for source in (source for folder in folders for source in _sources(Path(folder))):
        path = _PATTERN.sub("", split_address(source)[1])
        normal = "/".join(parts_of(path) or ())
        if normal and len(path) == len(split_address(source)[1]):
            paths.add(normal)
        elif normal:
            beginnings.add(normal)
    return Redirects(frozenset(paths), tuple(sorted(beginnings)))


def _sources(folder: Path) -> Iterator[str]:
    for below in FOLDERS:
        for line in _read(folder / below / "_redirects").split("\n"):
            if line.startswith(("/", "http")):
                yield line.split()[0]
    text = _read(folder / "netlify.toml")
    if all(line.count(".") <= MAX_DOTS for line in text.split("\n")):
        yield from _named(_parsed(tomllib.loads, text), "from")
    yield from _named(_parsed(json.loads, _read(folder / "vercel.json")), "source")


def _named(values: object, name: str) -> Iterator[str]:
    rules = values.get("redirects") if isinstance(values, dict) else None
    for rule in rules if isinstance(rules, list) else ():
        source = rule.get(name) if isinstance(rule, dict) else None
        if isinstance(source, str):
            yield source


def _parsed(parse: Callable[[str], object], text: str) -> object:
    try:
        return parse(text) if text else None
    except (ValueError, RecursionError):
        return None


def _read(path: Path) -> str:
    """A file's text; nothing for what is no plain file, or is too large."""
    try:
        if path.is_symlink() or not path.is_file() or path.stat().st_size > MAX_BYTES:
            return ""
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
