"""Commands to copy into a shell, whatever the names in them."""

from __future__ import annotations

import shlex
from collections.abc import Sequence

MAX_CHARS = 300
"""A longer command is none that anybody copies."""


def merge_command(tags: Sequence[str], posts: Sequence[str]) -> str:
    """The command that merges tags into the first of them and writes the posts; empty where none can.

    `posts` names them by paths and flags.
    """
    names = [tag for tag in tags[1:] if tag != tags[0]]
    if not (posts and names) or any("=" in tag for tag in tags):
        return ""
    merges = (merge_flag(f"{name}={tags[0]}") for name in names)
    command = " ".join(("postkin fix", *map(shlex.quote, posts), *merges, "--write"))
    return command if len(command) <= MAX_CHARS and command.isprintable() else ""


def merge_flag(merge: str) -> str:
    """The flag of `postkin fix` that merges tags, given as OLD=NEW."""
    joint = "=" if merge.startswith("-") else " "
    return f"--merge{joint}{shlex.quote(merge)}"
