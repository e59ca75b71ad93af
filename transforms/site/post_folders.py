"""In which folders of a site its posts are, told from where its generator has them and where blogs usually do."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from transforms.generators.registry import COMMON
from transforms.reading.files import list_files
from transforms.site.site_model import Site

MAX_FOLDERS = 200
"""So many folders of a site are looked into for posts, where none is where posts usually are."""


@dataclass(frozen=True)
class PostFolder:
    """A folder of posts, below the site's folder and named with `/`, and how many files of posts it has."""

    path: str
    posts: int


def find_post_folders(home: Path, site: Site) -> list[PostFolder]:
    """The folders of a site in `home` that have posts, the fullest first; no link is followed.

    They are those in which the site's generator, or else any, usually has posts. Of a folder and others in it, it is
    the folder if most of its posts are beside them. Where there is none, they are the site's visible folders.
    """
    usual = site.generator.posts or COMMON.posts
    named = {**site.generator.data.folders, **dict(site.named)}
    found = _with_posts(home, [pattern.format(**named) for pattern in usual])
    if not found:
        with os.scandir(home) as entries:
            folders = sorted(entry.name for entry in entries if entry.is_dir(follow_symlinks=False))
        found = _with_posts(home, [name for name in folders if name[0] not in "._" and name != "node_modules"])
    for outer in sorted(found, key=lambda folder: folder.path.count("/")):
        inner = [folder for folder in found if folder.path.startswith(f"{outer.path}/")]
        within = sum(folder.posts for folder in inner)
        gone = inner if outer.posts > 2 * within else [outer] if inner else []
        found = [folder for folder in found if folder not in gone]
    return sorted(found, key=lambda folder: -folder.posts)


def _with_posts(home: Path, paths: list[str]) -> list[PostFolder]:
    places = dict.fromkeys(os.path.normpath(path.strip("/")) for path in paths)
    counted = (
        PostFolder(path, len(list_files([str(home / path)]).posts))
        for path in list(places)[:MAX_FOLDERS]
        if _is_below(home, path)
    )
    return [folder for folder in counted if folder.posts]


def _is_below(home: Path, path: str) -> bool:
    """Tell a folder below the site's that no link leads to."""
    parts = Path(path).parts
    if path == "." or ".." in parts or not (home / path).is_dir():
        return False
    return not any(Path(home, *parts[: depth + 1]).is_symlink() for depth in range(len(parts)))
