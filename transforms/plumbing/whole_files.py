"""Local files that are written whole or not at all."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO


class ChangedError(OSError):
    """A file is no longer what was read of it."""


def write_whole(path: Path, content: bytes) -> None:
    """Put content in a file's place, whole or not at all; a link there is replaced, not followed.

    Raises OSError where that fails; what was there is then as it was.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with _beside(path) as stream:
        stream.write(content)


def replace_content(path: Path, old: bytes, new: bytes) -> None:
    """Give a file that holds `old` the content `new` by renaming another onto it; its mode stays, and so its owner.

    Raises OSError where that fails, and ChangedError for a file that has changed meanwhile; it is then as it was.
    """
    before = path.lstat()
    if not stat.S_ISREG(before.st_mode) or path.read_bytes() != old:
        raise ChangedError(0, "it has changed meanwhile")
    with _beside(path) as stream:
        os.fchmod(stream.fileno(), stat.S_IMODE(before.st_mode))
        if hasattr(os, "fchown") and (before.st_uid, before.st_gid) != (os.geteuid(), os.getegid()):
            with suppress(PermissionError):
                os.fchown(stream.fileno(), before.st_uid, before.st_gid)
                os.fchmod(stream.fileno(), stat.S_IMODE(before.st_mode))
        stream.write(new)
        stream.flush()
        os.fsync(stream.fileno())


@contextmanager
def _beside(path: Path) -> Iterator[BinaryIO]:
    """Open a new file beside another, which it replaces at the end; it is removed where anything fails before."""
    new = path.with_name(f".{path.name[:100]}.{os.getpid()}.new")
    try:
        with new.open("xb") as stream:
            yield stream
        new.replace(path)
    finally:
        with suppress(OSError):
            new.unlink(missing_ok=True)
