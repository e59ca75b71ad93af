"""Files of any filesystem that Beam reads, local ones without Beam."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import BinaryIO, Literal


def is_remote(path: str) -> bool:
    """Tell whether a path names a filesystem, as gs://bucket/file does."""
    return "://" in path


def open_file(path: str, mode: Literal["rb", "wb"]) -> BinaryIO:
    """Open a file to be read or written whole, making the local folders above it; raises OSError when that fails."""
    if not is_remote(path):
        if mode == "wb":
            Path(path).parent.mkdir(parents=True, exist_ok=True)
        return Path(path).open(mode)
    from apache_beam.io.filesystems import FileSystems

    opened: BinaryIO = FileSystems.open(path) if mode == "rb" else FileSystems.create(path)
    return opened


def read_bytes(path: str) -> bytes:
    """Read a whole file; raises OSError when it cannot be read."""
    with open_file(path, "rb") as file:
        return file.read()


def write_bytes(path: str, content: bytes) -> None:
    """Write a whole file and the local folders above it; raises OSError when it cannot be written."""
    with open_file(path, "wb") as file:
        file.write(content)


def move(source: str, target: str) -> None:
    """Move a file, replacing the target; raises OSError when it cannot be moved."""
    if not is_remote(source):
        Path(target).parent.mkdir(parents=True, exist_ok=True)
        Path(source).replace(target)
        return
    from apache_beam.io.filesystems import FileSystems

    if FileSystems.exists(target):
        FileSystems.delete([target])
    FileSystems.rename([source], [target])


def exists(path: str) -> bool:
    """Tell whether there is such a file."""
    if not is_remote(path):
        return Path(path).is_file()
    from apache_beam.io.filesystems import FileSystems

    return bool(FileSystems.exists(path))


def list_files(folder: str) -> list[str]:
    """List the names of the files directly in a folder, sorted; nothing when it is missing."""
    if not is_remote(folder):
        return sorted(path.name for path in Path(folder).glob("*") if path.is_file())
    from apache_beam.io.filesystems import FileSystems

    matched = FileSystems.match([f"{folder}/*"])[0].metadata_list
    return sorted(file.path.rsplit("/", 1)[-1] for file in matched)


def list_tree(folder: str) -> list[tuple[str, int]]:
    """List the files of a remote folder and the folders below it, sorted: paths below it, and sizes in bytes."""
    from apache_beam.io.filesystems import FileSystems

    matched = FileSystems.match([f"{folder.rstrip('/')}/**"])[0].metadata_list
    return sorted((file.path.removeprefix(f"{folder.rstrip('/')}/"), file.size_in_bytes) for file in matched)


def delete(path: str) -> None:
    """Delete a file, or a folder with all that is in it; raises OSError when it cannot be deleted."""
    if is_remote(path):
        from apache_beam.io.filesystems import FileSystems

        inside = [f"{path}/{name}" for name, _ in list_tree(path)]
        FileSystems.delete(inside or [path])
    elif Path(path).is_dir():
        shutil.rmtree(path)
    else:
        Path(path).unlink()
