"""Where large elements wait between two steps: in files of the run, which spares runners from holding them.

Beam's local runner keeps what it groups in memory several times over, and Flink's passes all that is grouped under one
key, and each side input, as one message.
"""

from __future__ import annotations

import hashlib
import pickle
import uuid
from argparse import ArgumentParser
from typing import Any, BinaryIO, TypeAlias

from apache_beam.options.pipeline_options import PipelineOptions
from apache_beam.pvalue import PCollection

from transforms.plumbing.storage import open_file, read_range, write_bytes

SMALL = 1 << 16
"""So few bytes travel by themselves."""

Part: TypeAlias = bytes | tuple[str, int, int]
"""A chunk, or the file that holds it, where it begins there and its length."""

Kept: TypeAlias = tuple[Part, bytes]
"""Where a pickled element waits, and the digest of its bytes."""


class PartsOptions(PipelineOptions):
    """The option of a pipeline that names the folder."""

    @classmethod
    def _add_argparse_args(cls, parser: ArgumentParser) -> None:
        parser.add_argument("--parts_folder", help="where large elements wait between two steps; else they travel")


def parts_folder(elements: PCollection[Any]) -> str | None:
    """Name the folder of the pipeline that a PCollection is of; None where the runner is to carry everything."""
    folder: str | None = elements.pipeline.options.view_as(PartsOptions).parts_folder
    return folder


class Spill:
    """A file of chunks below a folder, made when the first comes; without a folder they stay as they are.

    It must be closed before a part is read.
    """

    def __init__(self, folder: str | None) -> None:
        self.folder = folder
        self._file: BinaryIO | None = None
        self._path = ""
        self._end = 0

    def put(self, chunk: bytes) -> Part:
        """Write a chunk; returns where it is, or the chunk itself without a folder."""
        if self.folder is None:
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
    return read_range(*part)


def put_down(content: bytes, spill: Spill) -> Kept:
    """Keep what is pickled: a large one in a file."""
    return content if len(content) < SMALL else spill.put(content), _digest(content)


def put_down_alone(content: bytes, folder: str) -> Kept:
    """Keep what is pickled in a file of its own below a folder; raises OSError when it cannot be written."""
    path = f"{folder}/{uuid.uuid4().hex}"
    write_bytes(path, content)
    return (path, 0, len(content)), _digest(content)


def read_kept(kept: Kept) -> bytes:
    """Read the bytes that were put down; raises RuntimeError for others: nothing else is unpickled."""
    part, digest = kept
    content = read_part(part)
    if _digest(content) != digest:
        raise RuntimeError("a file of this run's staging folder was changed while it ran")
    return content


def take_up(kept: Kept) -> Any:
    """Read what was put down, as `read_kept`, and unpickle it."""
    return pickle.loads(read_kept(kept))  # noqa: S301  bytes of this very run, by their digest


def pickled(element: Any) -> bytes:
    """Pickle an element for `put_down`."""
    return pickle.dumps(element, pickle.HIGHEST_PROTOCOL)


def _digest(content: bytes) -> bytes:
    return hashlib.blake2b(content, digest_size=16).digest()
