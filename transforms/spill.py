"""Chunks that wait in a local file for the stage that needs them: Beam's local runner holds its elements in memory."""

from __future__ import annotations

import uuid
from typing import BinaryIO

from transforms.storage import is_remote, open_file

Part = bytes | tuple[str, int, int]
"""A chunk, or the file that holds it, where it begins there and its length."""


class Spill:
    """A file of chunks below a folder, made when the first comes; remote runners keep chunks better than files do.

    It must be closed before a part is read.
    """

    def __init__(self, folder: str) -> None:
        self.folder = folder
        self._file: BinaryIO | None = None
        self._path = ""
        self._end = 0

    def put(self, chunk: bytes) -> Part:
        """Write a chunk; returns where it is, or the chunk itself where the folder is remote."""
        if is_remote(self.folder):
            return chunk
        if self._file is None:
            self._path = f"{self.folder}/{uuid.uuid4().hex}"
            self._file = open_file(self._path, "wb")
            self._end = 0
        self._file.write(chunk)
        start, self._end = self._end, self._end + len(chunk)
        return self._path, start, len(chunk)

    def close(self) -> None:
        """Finish the file; the next chunk begins another."""
        if self._file is not None:
            self._file.close()
            self._file = None


def read_part(part: Part) -> bytes:
    """Read a chunk back; raises OSError when its file cannot be read."""
    if isinstance(part, bytes):
        return part
    path, start, size = part
    with open_file(path, "rb") as file:
        file.seek(start)
        return file.read(size)
