"""What a check learned of the posts, kept in git's own folder for the next one."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Mapping
from pathlib import Path

from jobs.version import __version__
from transforms.checks.posts import HowToRead
from transforms.encoders.lsa import VERSION
from transforms.output.layout import STATE
from transforms.plumbing.whole_files import write_whole
from transforms.state.files import FORMAT

FOLDER = "postkin"
"""Where states are kept, below git's folder."""
KEPT = 4
"""So many are kept, the newest: a repository may hold several blogs."""


def place_of(folder: Path, how: HowToRead) -> Path:
    """Where the state of posts that are read in a way is kept, below git's folder: another way, another place."""
    site = how.site
    of_site = (site.generator.name, site.url, site.language, site.languages, site.permalinks)
    read = (how.roots, sorted(how.fields.items()), sorted(how.include), of_site)
    key = hashlib.sha256(repr((FORMAT, VERSION, __version__, read)).encode(errors="backslashreplace"))
    return folder / FOLDER / key.hexdigest()[:16]


def keep(place: Path, files: Mapping[str, bytes]) -> None:
    """Write the files of a state and its model, and remove the oldest of other states; raises OSError if that fails.

    No reader takes files of two writers for one state: state.json and model.json vouch for the others.
    """
    if place.parent.is_symlink():
        raise NotADirectoryError(20, "it is a symbolic link")
    for file, content in files.items():
        write_whole(place / file, content)
    for old in sorted(place.parent.iterdir(), key=_age, reverse=True)[KEPT:]:
        shutil.rmtree(old, ignore_errors=True)


def _age(place: Path) -> float:
    """When a state was written, 0 if it was not."""
    try:
        return (place / STATE).stat().st_mtime
    except OSError:
        return 0.0
