"""The output folder in the hands of one run: locked, mended and tried before it begins, cleaned when it ends."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from jobs.options.errors import UsageError
from transforms.output.publish import recover, undo
from transforms.plumbing.storage import delete, is_remote, write_bytes

BEGUN = "begun"


@contextmanager
def output_lock(output: str, staging: str) -> Iterator[None]:
    """Keep other runs out of a local output folder during the body, and clean up first what killed runs left there.

    Raises UsageError when another run writes there, and when nothing can be written.
    """
    with folder_lock(output) as alone:
        try:
            recover(output, alone=alone)
            write_bytes(f"{staging}/{BEGUN}", b"\n")
        except Exception as error:  # a filesystem's own
            raise cannot_write(output, error) from error
        yield


@contextmanager
def folder_lock(folder: str) -> Iterator[bool]:
    """Lock a local folder, made when missing, for the body; tells whether no other run can be writing there.

    The system lets go of the lock when the process ends in whatever way. A remote folder has none. Raises UsageError
    when another process holds it or the folder cannot be made.
    """
    if is_remote(folder):
        yield False
        return
    try:
        Path(folder).mkdir(parents=True, exist_ok=True)
        descriptor = os.open(folder, os.O_RDONLY)
    except OSError as error:
        raise cannot_write(folder, error) from error
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            alone = True
        except BlockingIOError:
            raise UsageError(f"--output {folder!r} is being written by another run; wait, or give another") from None
        except OSError:  # a filesystem without locks
            alone = False
        yield alone
    finally:
        os.close(descriptor)


def clean(output: str, staging: str) -> bool:
    """Delete a run's staging folder, once what it published in part is undone; tells whether the output is whole."""
    try:
        undo(output, staging)
    except Exception:  # noqa: BLE001  a filesystem's own; the staging folder stays for the next run to mend from
        return False
    with suppress(Exception):
        delete(staging)
    return True


def cannot_write(output: str, error: Exception) -> UsageError:
    """Say why an output folder cannot be written."""
    reason = " ".join((getattr(error, "strerror", None) or str(error) or type(error).__name__).split())[:300]
    return UsageError(f"--output {output!r} cannot be written: {reason}")
