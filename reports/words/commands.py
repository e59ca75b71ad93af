"""Commands to copy into a shell, whatever the names in them."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Sequence

MAX_CHARS = 300
"""A longer command is none that anybody copies."""


def merge_command(tags: Sequence[str], posts: Sequence[str]) -> str:
    """The command that merges tags into the first of them and writes the posts; empty where none can.

    `posts` names them by paths and flags.
    """
    names = [tag for tag in tags[1:] if tag != tags[0]]
    if not (posts and names) or any("=" in tag for tag in tags):
        return ""
    return _command(posts, (merge_flag(f"{name}={tags[0]}") for name in names))


def change_command(file: str, posts: Sequence[str], add: Sequence[str] = (), remove: Sequence[str] = ()) -> str:
    """The command that adds tags to a post's file, removes others and writes it; empty where none can.

    `posts` names all of them by paths and flags.
    """
    if not (file and posts and (add or remove)):
        return ""
    changes = (flag(name, tag) for name, tags in (("--remove", remove), ("--add", add)) for tag in tags)
    return _command(posts, (f"--changed {shlex.quote(file)}", *changes))


def _command(posts: Sequence[str], flags: Iterable[str]) -> str:
    command = " ".join(("postkin fix", *map(shlex.quote, posts), *flags, "--write"))
    return command if len(command) <= MAX_CHARS and command.isprintable() else ""


def merge_flag(merge: str) -> str:
    """The flag of `postkin fix` that merges tags, given as OLD=NEW."""
    return flag("--merge", merge)


def flag(name: str, value: str) -> str:
    """A flag and its value, one that looks like a flag too."""
    joint = "=" if value.startswith("-") else " "
    return f"{name}{joint}{shlex.quote(value)}"
