"""Files of any filesystem that Beam reads, local ones without Beam."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterable, Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import BinaryIO, Literal, TypeVar

from transforms.plumbing.filesystems import filesystems

ATTEMPTS = 5
FIRST_WAIT = 0.5
"""Seconds before the second attempt; every further wait is twice as long."""
PATIENCE = 60.0
"""Seconds after which a failing operation is not tried again; Beam's own clients retry too."""
TRANSIENT = frozenset({408, 429, 500, 502, 503, 504})
"""HTTP statuses of what may go better the next time."""
NO_CREDENTIALS = "Unable to locate credentials"
"""What boto3 says where it has none to ask S3 with."""
GCS, S3 = "gs://", "s3://"
REPLACING = (GCS, S3)
"""Filesystems on which a file that is moved replaces another."""
PACKAGES: Mapping[str, tuple[str, str]] = {
    "gs": ("google.cloud.storage", "postkin[gcp]"),
    "s3": ("boto3", "postkin[aws]"),
    "azfs": ("azure.storage.blob", "apache-beam[azure]"),
    "hdfs": ("hdfs", "apache-beam[hadoop]"),
}
"""What Beam imports for a filesystem, by its scheme, and what to install for it."""

Answer = TypeVar("Answer")


class UnavailableError(OSError):
    """A filesystem that gave no answer, however often it was asked."""


def is_transient(error: object) -> bool:
    """Tell whether what failed may go better the next time: by its HTTP status, or because the connection failed.

    `error` is an exception of any of Beam's filesystems, or the bare status that some of them put into a BeamIOError.
    """
    inner = getattr(error, "exception_details", None)
    if isinstance(inner, dict):
        return any(map(is_transient, inner.values()))
    kind = type(error).__name__
    if kind == "RetryError":  # google's, after two minutes
        return True
    code = getattr(error, "code", error)
    if kind == "S3ClientError" and code is None:  # no response
        return NO_CREDENTIALS not in str(error)
    return isinstance(error, ConnectionError | TimeoutError) or (isinstance(code, int) and code in TRANSIENT)


def retried(action: Callable[[], Answer], place: str) -> Answer:
    """Do what asks a remote filesystem, and again after a while where it fails for a reason that may pass.

    Raises UnavailableError, which names the place, when it does not pass or packages are missing, and at once what
    else the action raises.
    """
    start = time.monotonic()
    for attempt in range(ATTEMPTS):
        if attempt:
            time.sleep(FIRST_WAIT * 2 ** (attempt - 1))
        try:
            return action()
        except Exception as error:
            if package := missing_package(place):
                raise UnavailableError(lacking(place, package)) from error
            if not is_transient(error):
                raise
            if attempt == ATTEMPTS - 1 or time.monotonic() - start > PATIENCE:
                reason = " ".join(str(error).split())[:200]
                raise UnavailableError(f"{place!r} cannot be reached, tried {attempt + 1} times: {reason}") from error
    raise AssertionError("unreachable")


def is_remote(path: str) -> bool:
    """Tell whether a path names a filesystem, as gs://bucket/file does."""
    return "://" in path


def missing_package(path: str) -> str | None:
    """Name what to install for the filesystem of a remote path; None if nothing is known to be missing."""
    module, package = PACKAGES.get(path.partition("://")[0].lower(), ("", ""))
    try:
        return package if module and find_spec(module) is None else None
    except ModuleNotFoundError:  # what it is in is missing too
        return package


def lacking(path: str, package: str) -> str:
    """Say in one line what to install for the filesystem of a path."""
    return f"{path!r} needs packages that are not installed; pip install '{package}'"


def open_file(path: str, mode: Literal["rb", "wb"]) -> BinaryIO:
    """Open a file to be read or written whole, making the local folders above it; raises OSError when that fails."""
    if not is_remote(path):
        if mode == "wb":
            Path(path).parent.mkdir(parents=True, exist_ok=True)
        return Path(path).open(mode)
    if path.startswith(S3):
        from transforms.plumbing.cloud_files import open_at_s3

        return retried(lambda: open_at_s3(path, mode), path)
    from apache_beam.io.filesystem import CompressionTypes

    open_ = filesystems().open if mode == "rb" else filesystems().create
    as_it_is = CompressionTypes.UNCOMPRESSED  # else Beam packs what goes into NAME.gz once more
    opened: BinaryIO = retried(lambda: open_(path, compression_type=as_it_is), path)
    return opened


def read_range(path: str, start: int, size: int) -> bytes:
    """Read `size` bytes of a file from `start` on, fewer where it ends; raises OSError when it cannot be read."""
    if path.startswith((S3, GCS)):
        from transforms.plumbing.cloud_files import range_at_gcs, range_at_s3

        read = range_at_s3 if path.startswith(S3) else range_at_gcs
        return retried(lambda: read(path, start, size), path)
    with open_file(path, "rb") as file:
        file.seek(start)
        return file.read(size)


def read_bytes(path: str, size: int = -1) -> bytes:
    """Read a whole file, or its first `size` bytes; raises OSError when it cannot be read."""

    def read() -> bytes:
        with open_file(path, "rb") as file:
            return file.read(size)

    return retried(read, path) if is_remote(path) else read()


def write_bytes(path: str, content: bytes) -> None:
    """Write a whole file and the local folders above it; raises OSError when it cannot be written."""

    def write() -> None:
        if path.startswith(S3):
            from transforms.plumbing.cloud_files import put_at_s3

            put_at_s3(path, content)
            return
        with open_file(path, "wb") as file:
            file.write(content)

    if is_remote(path):
        retried(write, path)
    else:
        write()


def move(source: str, target: str) -> None:
    """Move a file, replacing the target; raises OSError when it cannot be moved."""
    if not is_remote(source):
        Path(target).parent.mkdir(parents=True, exist_ok=True)
        Path(source).replace(target)
        return
    remote, asked = filesystems(), False

    def rename() -> None:
        nonlocal asked
        if asked and not remote.exists(source) and remote.exists(target):
            return  # it was done, and only the answer was lost
        if not source.startswith(REPLACING) and remote.exists(target):
            remote.delete([target])
        asked = True
        remote.rename([source], [target])

    retried(rename, source)


def exists(path: str) -> bool:
    """Tell whether there is such a file."""
    if not is_remote(path):
        return Path(path).is_file()
    return bool(retried(lambda: filesystems().exists(path), path))


def list_files(folder: str) -> list[str]:
    """List the names of the files directly in a folder, sorted; nothing when it is missing."""
    if not is_remote(folder):
        return sorted(path.name for path in Path(folder).glob("*") if path.is_file())
    return sorted(path.rsplit("/", 1)[-1] for path, _, _ in match(f"{folder}/*"))


def list_tree(folder: str) -> list[tuple[str, int]]:
    """List the files of a remote folder and the folders below it, sorted: paths below it, and sizes in bytes."""
    root = f"{folder.rstrip('/')}/"
    return sorted((path.removeprefix(root), size) for path, size, _ in match(f"{root}**"))


def match(pattern: str) -> list[tuple[str, int, float]]:
    """List what a pattern of Beam's matches on a remote filesystem: paths, bytes, seconds since 1970 of the change."""
    matched = retried(lambda: filesystems().match([pattern])[0].metadata_list, pattern)
    return [(file.path, file.size_in_bytes, file.last_updated_in_seconds or 0.0) for file in matched]


def folders_by_age(folder: str, prefix: str) -> dict[str, float]:
    """List the folders in a folder whose names begin so: the name, and seconds since 1970 of the last change inside."""
    newest: dict[str, float] = {}
    if is_remote(folder):
        for path, _, changed in match(f"{folder}/{prefix}**"):
            name = path.removeprefix(f"{folder}/").partition("/")[0]
            newest[name] = max(changed, newest.get(name, 0.0))
        return newest
    for inside in Path(folder).glob(f"{prefix}*"):
        newest[inside.name] = max(path.lstat().st_mtime for path in (inside, *inside.rglob("*")))
    return newest


def find_links(folder: str, patterns: Iterable[str]) -> list[str]:
    """Find symbolic links below a local folder by glob patterns: their paths below the folder."""
    if is_remote(folder):
        return []
    root = Path(folder)
    paths = (path for pattern in patterns for path in (root.glob(pattern) if "*" in pattern else (root / pattern,)))
    return [path.relative_to(root).as_posix() for path in paths if path.is_symlink()]


def delete(path: str) -> None:
    """Delete a file, or a folder with all that is in it; raises OSError when it cannot be deleted."""
    if is_remote(path):
        inside = [f"{path}/{name}" for name, _ in list_tree(path)]
        retried(lambda: filesystems().delete(inside or [path]), path)
    elif Path(path).is_dir():
        shutil.rmtree(path)
    else:
        Path(path).unlink()
