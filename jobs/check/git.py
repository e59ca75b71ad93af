"""What git knows of a checkout, asked by its own command: fixed arguments, no shell, nothing of a repository run."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Literal

from jobs.check.renames import pair_moved
from transforms.limits import POST_BYTES
from transforms.reading.files import SUFFIXES

POSTS = tuple(f":(icase,glob)**/*{suffix}" for suffix in SUFFIXES)
"""Pathspecs of all posts of a repository."""
_SETTINGS = ("core.fsmonitor=false", f"core.hooksPath={os.devnull}", f"diff.orderFile={os.devnull}")
"""What a repository's own config may not say: programs to run, and how paths are told."""
_OF_A_HOOK = ("GIT_DIR", "GIT_WORK_TREE", "GIT_COMMON_DIR", "GIT_PREFIX", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY")
"""Variables that name a repository, which need not be the one that the working folder is in."""
_NO_CHECKOUT = ("not a git repository", "this operation must be run in a work tree")

Status = Literal["added", "modified", "renamed", "deleted"]


class GitError(Exception):
    """Git could not answer; the message has its own first line."""


@dataclass(frozen=True)
class Change:
    """A file that differs between a commit and the working tree, by its path below the root; `was` is its old path."""

    path: str
    status: Status
    was: str | None = None


@dataclass(frozen=True)
class Repository:
    """The working tree of a repository, by its root."""

    root: Path

    def ask(self, *arguments: str, given: bytes = b"") -> bytes:
        """Run git in the root and return what it prints; raises GitError when it fails."""
        settings = [word for setting in _SETTINGS for word in ("-c", setting)]
        try:
            done = subprocess.run(  # noqa: S603  fixed arguments, no shell
                [_git(), "--no-pager", *settings, *arguments],
                cwd=self.root,
                input=given,
                capture_output=True,
                env=_environment(),
                check=False,
            )
        except OSError as error:
            raise GitError(f"git cannot be run: {error.strerror}") from None
        if done.returncode:
            raise GitError(_first_line(done.stderr) or f"git {arguments[0]} failed")
        return done.stdout

    def find(self, ref: str) -> str | None:
        """The hash of the commit that a ref names; None where there is none, or where its object is not here."""
        try:
            found = self.ask("rev-parse", "--verify", "--quiet", "--end-of-options", f"{ref}^{{commit}}")
        except (GitError, ValueError):  # ValueError: a zero byte
            return None
        return found.decode().strip()

    @cached_property
    def head(self) -> str | None:
        """The hash of the commit that is checked out; None before the first one."""
        return self.find("HEAD")

    @cached_property
    def folder(self) -> Path:
        """Git's own folder, which all working trees of the repository have in common."""
        return self.root / os.fsdecode(self.ask("rev-parse", "--git-common-dir").removesuffix(b"\n"))

    def parents(self, commit: str) -> tuple[str, ...]:
        """The parents that a commit itself names, which a shallow clone need not have."""
        header = self.ask("cat-file", "commit", commit).partition(b"\n\n")[0]
        return tuple(line[7:].decode() for line in header.split(b"\n") if line.startswith(b"parent "))

    def merge_base(self, one: str, other: str) -> str | None:
        """The best common ancestor of two commits; None where there is none, or history is too short to know it."""
        try:
            return self.ask("merge-base", one, other).decode().strip() or None
        except GitError:
            return None

    def fetch(self, commit: str) -> None:
        """Fetch one commit, by its hash, from where the checkout is of; raises GitError when that fails."""
        self.ask("fetch", "--quiet", "--no-tags", "--no-recurse-submodules", "--depth=1", "origin", commit)

    def changes(self, base: str) -> list[Change]:
        """Every post that differs between a commit and the working tree, by path.

        Those that git does not know are added, or renamed where one is gone that they have the content of.
        """
        options = ("--no-ext-diff", "--no-textconv", "--ignore-submodules=all", "--no-relative", "--no-color")
        told = self.ask("diff", "--name-status", "-z", "-M", "--diff-filter=ACMRDT", *options, base, "--", *POSTS)
        new = self.ask("ls-files", "--others", "--exclude-standard", "-z", "--", *POSTS)
        changes = {change.path: change for change in _changes(_names(told))}
        for path in _names(new):
            known = changes.get(path)
            changes[path] = Change(path, "modified" if known and known.status == "deleted" else "added")
        for path, was in self._moved(base, changes, _names(new)).items():
            changes[path] = Change(path, "renamed", was)
            del changes[was]
        return [changes[path] for path in sorted(changes)]

    def _moved(self, base: str, changes: Mapping[str, Change], unknown: Sequence[str]) -> dict[str, str]:
        """The old paths, by the new ones, of files that were moved without git's being told."""
        new = [path for path in unknown if changes[path].status == "added"]
        gone = [path for path, change in changes.items() if change.status == "deleted"]
        if not (new and gone):
            return {}
        names = self.blobs(base)
        contents = self.read([names[path] for path in gone if path in names])
        before = {path: content for path in gone if (content := contents.get(names.get(path, "")))}
        return pair_moved(before, {path: content for path in new if (content := _content(self.root / path))})

    def blobs(self, commit: str) -> Mapping[str, str]:
        """The hash of the content of every post of a commit, named by its hash, by path."""
        if commit not in self._blobs:
            rows = (row.partition("\t") for row in _names(self.ask("ls-tree", "-r", "-z", "--full-tree", commit)))
            self._blobs[commit] = {
                path: head.split(" ")[2] for head, _, path in rows if path.lower().endswith(SUFFIXES)
            }
        return self._blobs[commit]

    @cached_property
    def _blobs(self) -> dict[str, Mapping[str, str]]:
        """What commits hold, once asked for."""
        return {}

    def read(self, hashes: Sequence[str]) -> dict[str, bytes | None]:
        """The contents with these hashes; None for one that is not here or larger than a post may be."""
        wanted = list(dict.fromkeys(hashes))
        asked = "".join(f"{name}\n" for name in wanted).encode()
        told = self.ask("cat-file", "--batch-check=%(objecttype) %(objectsize)", given=asked).decode().splitlines()
        small = [name for name, line in zip(wanted, told, strict=True) if _is_small(line)]
        content = self.ask("cat-file", "--batch", given="".join(f"{name}\n" for name in small).encode())
        return {**dict.fromkeys(wanted), **dict(zip(small, _contents(content), strict=True))}


def find_repository(folder: Path) -> Repository | None:
    """The repository whose working tree a folder is in; None where there is none, or no git.

    Raises GitError where git refuses to read one, such as that of another user.
    """
    if shutil.which("git") is None:
        return None
    try:
        root = Repository(folder).ask("rev-parse", "--show-toplevel")
    except GitError as error:
        if str(error).startswith(_NO_CHECKOUT):
            return None
        raise
    place = os.fsdecode(root.removesuffix(b"\n"))
    return Repository(Path(place)) if place else None


def _git() -> str:
    """Git by its whole path: a program of that name in the checkout is none."""
    found = shutil.which("git")
    if found is None or not Path(found).is_absolute():
        raise FileNotFoundError(2, "there is no git")
    return found


def _environment() -> dict[str, str]:
    """The process's own, without what a hook of git sets for its own repository."""
    kept = {name: value for name, value in os.environ.items() if name not in _OF_A_HOOK}
    return {**kept, "GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0", "GIT_NO_REPLACE_OBJECTS": "1", "LC_ALL": "C"}


def _names(told: bytes) -> list[str]:
    return [os.fsdecode(name) for name in told.split(b"\0")[:-1]]


def _changes(names: Sequence[str]) -> Iterator[Change]:
    """Read `git diff --name-status -z`: a letter, then one path, or for a rename or copy the old one and the new."""
    rest = iter(names)
    for letter in rest:
        if letter[0] in "RC":
            was, path = next(rest), next(rest)
            yield Change(path, "renamed", was) if letter[0] == "R" else Change(path, "added")
        else:
            yield Change(next(rest), _LETTERS[letter[0]])


_LETTERS: Mapping[str, Status] = {"A": "added", "M": "modified", "T": "modified", "D": "deleted"}


def _is_small(line: str) -> bool:
    kind, _, size = line.partition(" ")
    return kind == "blob" and size.isdigit() and int(size) <= POST_BYTES


def _content(place: Path) -> bytes:
    """The content of a file that may be a post, "" of another."""
    try:
        if place.is_symlink() or not place.is_file() or place.stat().st_size > POST_BYTES:
            return b""
        return place.read_bytes()
    except OSError:
        return b""


def _contents(told: bytes) -> Iterator[bytes]:
    """Read `git cat-file --batch`: for each object a line that ends with its size, its bytes, and a line end."""
    place = 0
    while place < len(told):
        end = told.index(b"\n", place)
        size = int(told[place:end].rpartition(b" ")[2])
        yield told[end + 1 : end + 1 + size]
        place = end + 1 + size + 1


def _first_line(text: bytes) -> str:
    return text.decode(errors="replace").strip().partition("\n")[0].removeprefix("fatal: ")
