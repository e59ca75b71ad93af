"""Changing files of a checkout, each whole or not at all."""

from __future__ import annotations

import os
import stat
from contextlib import suppress
from pathlib import Path


class ChangedError(OSError):
    """A file is no longer what was read of it."""


def replace_content(path: Path, old: bytes, new: bytes) -> None:
    """Give a file that holds `old` the content `new` by renaming another onto it; its mode stays, and so its owner.

    Raises OSError where that fails, and ChangedError for a file that has changed meanwhile; it is then as it was.
    """
    before = path.lstat()
    if not stat.S_ISREG(before.st_mode) or path.read_bytes() != old:
        raise ChangedError(0, "it has changed meanwhile")
    beside = path.with_name(f".{path.name[:100]}.{os.getpid()}.new")
    try:
        with beside.open("xb") as stream:
            os.fchmod(stream.fileno(), stat.S_IMODE(before.st_mode))
            if hasattr(os, "fchown") and (before.st_uid, before.st_gid) != (os.geteuid(), os.getegid()):
                with suppress(PermissionError):
                    os.fchown(stream.fileno(), before.st_uid, before.st_gid)
                    os.fchmod(stream.fileno(), stat.S_IMODE(before.st_mode))
            stream.write(new)
            stream.flush()
            os.fsync(stream.fileno())
        beside.replace(path)
    finally:
        with suppress(OSError):
            beside.unlink(missing_ok=True)
