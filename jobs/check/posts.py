"""The posts of a working tree and their earlier versions, as bytes by their paths below the repository."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from jobs.check.changes import Compared
from jobs.check.config import Config
from jobs.check.git import Change, GitError, Repository
from jobs.options.errors import UsageError
from transforms.checks.posts import HowToRead
from transforms.reading.errors import ParseError
from transforms.reading.files import SUFFIXES, list_all, pattern_root, read_content
from transforms.records import PostFile


@dataclass(frozen=True)
class Blog:
    """The posts that patterns name, by path below `root`, the repository's or the working folder; `roots` hold them.

    The roots are paths below `root` too, "" for itself.
    """

    root: Path
    roots: tuple[str, ...]
    files: Mapping[str, PostFile]

    def holds(self, path: str) -> bool:
        """Tell a post of the blog; one that is deleted is known by its folder."""
        return path in self.files or (
            not os.path.lexists(self.root / path)
            and path.lower().endswith(SUFFIXES)
            and any(not root or path.startswith(f"{root}/") for root in self.roots)
        )


@dataclass(frozen=True)
class Version:
    """A post that is checked: how it changed, its bytes now, None if deleted, and before, None if added.

    `unreadable` says why its bytes cannot be had.
    """

    change: Change
    new: bytes | None
    base: bytes | None = None
    unreadable: str = ""


@dataclass(frozen=True)
class Gathered:
    """The posts to check, the `others` of the blog by path, and git's names of what these hold, where it has that.

    Where `everything` is checked, each is one of the others of all others.
    """

    checked: tuple[Version, ...]
    others: Mapping[str, PostFile] = field(default_factory=dict)
    blobs: Mapping[str, str] = field(default_factory=dict)
    everything: bool = False


def find_blog(patterns: Sequence[str], repository: Repository | None) -> Blog:
    """List the posts that patterns name; raises UsageError where one has none, or is outside of the repository."""
    root = (repository.root if repository else Path.cwd()).resolve()
    files: dict[str, PostFile] = {}
    roots: dict[str, None] = {}
    for pattern in patterns:
        try:
            posts = list_all([pattern])
        except OSError as error:
            raise UsageError(f"--input {pattern!r}: {error}") from None
        if not posts:
            raise UsageError(f"--input {pattern!r} holds no post; give a folder or glob of posts")
        roots[_below(root, pattern_root(pattern), pattern)] = None
        places = {place: _below(root, place, pattern) for place in {post.root for post in posts}}
        for post in posts:
            above = places[post.root]
            files.setdefault(f"{above}/{post.path}" if above else post.path, post)
    return Blog(root, tuple(roots), files)


def how_to_read(config: Config, blog: Blog) -> HowToRead:
    """How the posts of a blog are read."""
    source, site = config.source, config.site.find(config.source.input)
    return HowToRead(source.fields, source.as_of, frozenset(source.include), site, blog.roots)


def gather(blog: Blog, repository: Repository | None, compared: Compared) -> Gathered:
    """Read the posts that changed, now and before; raises UsageError where git cannot tell."""
    changes = [Change(path, "added") for path in blog.files] if compared.everything else compared.changes
    wanted = [_within(blog, change) for change in changes if blog.holds(change.path) or blog.holds(change.was or "")]
    try:
        blobs = repository.blobs(compared.base) if repository and compared.base else {}
        names = {change.path: blobs.get(change.was or change.path) for change in wanted}
        before = repository.read([name for name in names.values() if name]) if repository else {}
    except GitError as error:
        raise UsageError(f"git: {error}") from None
    checked = tuple(_version(change, blog, before.get(names[change.path] or "")) for change in wanted)
    paths = {change.path for change in wanted}
    others = {path: file for path, file in blog.files.items() if path not in paths}
    same = others.keys() - compared.edited
    return Gathered(checked, others, {path: blob for path, blob in blobs.items() if path in same}, compared.everything)


def read_all(files: Iterable[tuple[str, PostFile]]) -> dict[str, bytes]:
    """The bytes of posts, those left out that cannot be had."""
    read = {}
    for path, file in files:
        try:
            read[path] = read_content(file)
        except ParseError:
            continue
    return read


def _within(blog: Blog, change: Change) -> Change:
    """A change as the blog sees it, to which a post may be moved and from which it may be."""
    if change.was is None or (blog.holds(change.path) and blog.holds(change.was)):
        return change
    return Change(change.path, "added") if blog.holds(change.path) else Change(change.was, "deleted")


def _version(change: Change, blog: Blog, base: bytes | None) -> Version:
    file = blog.files.get(change.path)
    if file is None:
        return Version(change, None, base)
    try:
        return Version(change, read_content(file), base)
    except ParseError as error:
        return Version(change, b"", base, error.reason)


def _below(root: Path, place: str, pattern: str) -> str:
    real = Path(place).resolve()
    if not real.is_relative_to(root):
        raise UsageError(f"--input {pattern!r} is not below {str(root)!r}; give posts of the checkout")
    below = real.relative_to(root).as_posix()
    return "" if below == "." else below
