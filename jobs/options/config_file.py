"""`postkin.toml`: found, and read as data of a checkout, in which anybody's pull request may have changed it.

Nothing in it is run, and no path in it leads out of the git repository that it is in.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from jobs.options.errors import UsageError
from transforms.plumbing.storage import is_remote

NAME = "postkin.toml"
MAX_BYTES = 64 * 2**10
MAX_DOTS = 100
"""A line has no more: a key takes time by the square of its parts."""
MAX_CHARACTERS = 1000
"""No text in it is longer."""


class ConfigError(UsageError):
    """A config that cannot be used; its message names the file, the key, what stands there and what to give."""


@dataclass(frozen=True)
class ConfigFile:
    """A config's `values`, the `name` that messages call it by, and where its paths may lead.

    They are below `folder`, which is the file's, and do not leave `root`, the folder of the git repository, or
    `folder` itself where there is none. Both are absolute.
    """

    name: str
    folder: str
    root: str
    values: Mapping[str, Any]

    def refuse(self, key: str, why: str) -> ConfigError:
        """Make the error of a key."""
        return ConfigError(f"{self.name}: {key} {why}")

    def unknown(self, key: str, known: Iterable[str], within: str = "") -> ConfigError:
        """Make the error of a key that nothing is known by, with the nearest of those that are."""
        known = list(known)
        near = get_close_matches(key.lower(), known, n=1)
        hint = f"did you mean {within}{near[0]}?" if near else f"give one of {', '.join(sorted(known))}"
        return self.refuse(within + _shown(key), f"is unknown; {hint}")

    def path(self, key: str, value: str) -> str:
        """Turn a path or a glob, as it stands under a key, into one of the working folder.

        Raises ConfigError for one that leads out of the repository, by its names or by links, or into git's own folder.
        """
        if is_remote(value) or value.startswith(("/", "~")):
            raise self.refuse(key, f"{value!r} is no path below {self.folder!r}; give one that is")
        names = value.split("/")
        place = os.path.normpath(f"{self.folder}/{value}")
        if ".." in names[names.count("..") :]:  # behind a glob or a link it leads elsewhere than it seems to
            raise self.refuse(key, f"{value!r} has '..' behind a name; give the path without")
        if not self._holds(place):
            raise self.refuse(key, f"{value!r} leads out of {self.root!r}; give a path in it")
        if self._is_of_git(place):
            raise self.refuse(key, f"{value!r} is git's own folder; give another")
        return os.path.relpath(place)

    def _holds(self, place: str) -> bool:
        """Tell a place in the repository, wherever links lead."""
        try:
            real = Path(place).resolve()  # of a glob, what stands before it
        except (OSError, RuntimeError):  # a link to itself
            return False
        return Path(place).is_relative_to(self.root) and real.is_relative_to(Path(self.root).resolve())

    def _is_of_git(self, place: str) -> bool:
        """Tell a place in git's own folder, by its names or by links; letter case is ignored, as macOS does."""
        named = Path(place).relative_to(self.root).parts
        real = Path(place).resolve().relative_to(Path(self.root).resolve()).parts
        return ".git" in map(str.casefold, (*named, *real))


def find_config(folder: Path) -> Path | None:
    """The nearest config, from a folder up to the root of its git repository; outside of one only in the folder."""
    folders = [folder, *folder.parents]
    depth = next((depth for depth, place in enumerate(folders) if os.path.lexists(place / ".git")), 0)
    return next((place / NAME for place in folders[: depth + 1] if os.path.lexists(place / NAME)), None)


def read_config(path: Path, *, found: bool) -> ConfigFile:
    """Read a config; one that was `found`, not named by the user, is a file of its own repository.

    Raises ConfigError when it is too large, or no TOML in UTF-8.
    """
    folder = Path(os.path.abspath(path)).parent  # noqa: PTH100  resolve() would follow links
    root = next((place for place in (folder, *folder.parents) if os.path.lexists(place / ".git")), folder)
    name = os.path.relpath(folder / path.name)
    try:
        if found and not path.resolve().is_relative_to(root.resolve()):
            raise ConfigError(f"{name} is a link out of {str(root)!r}; put a file there, or give --no-config")
        if not path.is_file():
            raise ConfigError(f"{name} is no file; give --config a file, or --no-config")
        with path.open("rb") as stream:
            data = stream.read(MAX_BYTES + 1)
    except (OSError, RuntimeError) as error:
        reason = getattr(error, "strerror", None) or "a link that leads to itself"
        raise ConfigError(f"{name} cannot be read: {reason}; give --config another file, or --no-config") from None
    return ConfigFile(name, str(folder), str(root), _parse(name, data))


def _parse(name: str, data: bytes) -> dict[str, Any]:
    if len(data) > MAX_BYTES:
        raise ConfigError(f"{name} is larger than {MAX_BYTES // 2**10} KiB; make it smaller")
    if any(line.count(b".") > MAX_DOTS for line in data.split(b"\n")):
        raise ConfigError(f"{name} has a line of more than {MAX_DOTS} dots; put what is in it on several")
    try:
        return tomllib.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise ConfigError(f"{name} is not in UTF-8; save it so") from None
    except RecursionError:
        raise ConfigError(f"{name} has lists or tables within each other too often; make it flatter") from None
    except ValueError as error:  # of TOML, or of a number with thousands of digits
        raise ConfigError(f"{name} is no TOML: {error}") from None


def _shown(key: str) -> str:
    return key if key and key == key.strip() and len(key) <= 50 and key.isprintable() else repr(key[:50])
