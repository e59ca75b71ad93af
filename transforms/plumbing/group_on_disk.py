"""Bulky elements grouped by key: what Beam's local runner would keep in memory waits in local files."""

from __future__ import annotations

import hashlib
import pickle
import uuid
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO, TypeAlias

import apache_beam as beam
from apache_beam.pvalue import PCollection

from transforms.plumbing.composite import Composite
from transforms.plumbing.storage import is_remote, open_file

SMALL = 1 << 16
"""So few bytes may stay in memory."""

Keyed: TypeAlias = PCollection[tuple[Any, Any]]

Part = bytes | tuple[str, int, int]
"""A chunk, or the file that holds it, where it begins there and its length."""

Kept = tuple[Part, bytes]
"""Where a pickled element waits, and the digest of its bytes."""


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


class StoredGroup(Iterable[Any]):
    """The elements of one key, in any order; each is read when it is its turn, as often as they are gone through.

    `kept` is gone through as often, which a group of Beam's may be. Raises RuntimeError for bytes that are not those
    that were put down: nothing else is unpickled.
    """

    def __init__(self, kept: Iterable[Kept]) -> None:
        self.kept = kept  # not listed: of a large group a runner hands out a part at a time

    def __iter__(self) -> Iterator[Any]:
        for part, digest in self.kept:
            content = read_part(part)
            if _digest(content) != digest:
                raise RuntimeError("a file of this run's staging folder was changed while it ran")
            yield pickle.loads(content)  # noqa: S301  bytes of this very run, by their digest


@dataclass(eq=False, repr=False)
class GroupOnDisk(Composite):
    """Keyed elements of one or several PCollections -> (key, StoredGroup), as GroupByKey has them.

    Large ones wait below `folder` while it is local: Beam's local runner holds what it groups several times over.
    """

    folder: str

    def expand(self, keyed: Keyed | Sequence[Keyed]) -> PCollection[tuple[Any, StoredGroup]]:
        """Put down before anything is flattened, which keeps it, and group what says where."""
        several = [keyed] if isinstance(keyed, PCollection) else keyed
        put_down = [
            part | f"PutDown {number}" >> beam.ParDo(PutDownFn(self.folder)) for number, part in enumerate(several)
        ]
        return (
            (put_down[0] if len(put_down) == 1 else put_down | beam.Flatten())
            | "Group" >> beam.GroupByKey()
            | "TakeUp" >> beam.MapTuple(_take_up)
        )


class PutDownFn(beam.DoFn):
    """Pickles elements, and writes those of a bundle into one file."""

    def __init__(self, folder: str) -> None:
        self.folder = folder

    def start_bundle(self) -> None:
        """Begin a file."""
        self.spill = Spill(self.folder)

    def process(self, keyed: tuple[Any, Any]) -> Iterator[tuple[Any, Kept]]:
        """Yield the key, and where its element is."""
        key, element = keyed
        content = pickle.dumps(element, pickle.HIGHEST_PROTOCOL)
        yield key, (content if len(content) < SMALL else self.spill.put(content), _digest(content))

    def finish_bundle(self) -> None:
        """End the file: it can be read from now on."""
        self.spill.close()


def _digest(content: bytes) -> bytes:
    return hashlib.blake2b(content, digest_size=16).digest()


def _take_up(key: Any, kept: Iterable[Kept]) -> tuple[Any, StoredGroup]:
    return key, StoredGroup(kept)
