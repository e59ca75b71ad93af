"""Large elements on their way from one stage to the next: only where they are travels."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from apache_beam.coders import registry
from apache_beam.coders.coders import Coder, FastPrimitivesCoder

from transforms.plumbing.parts import SMALL, Kept, put_down_alone, read_kept

HERE, THERE = b"\0", b"\1"
"""Before the bytes of an element itself, and before those that say where it is."""
ANY = FastPrimitivesCoder()
"""What Beam encodes elements with whose type it does not know."""

_folder: ContextVar[str | None] = ContextVar("folder of large elements", default=None)


class FilingCoder(Coder):
    """Encodes any element; a large one waits in a file of its own below a folder, until it is read."""

    def __init__(self, folder: str) -> None:
        self.folder = folder

    def encode(self, value: Any) -> bytes:
        """Encode an element, or where it has been put."""
        content: bytes = ANY.encode(value)
        if len(content) < SMALL:
            return HERE + content
        place: bytes = ANY.encode(put_down_alone(content, self.folder))
        return THERE + place

    def decode(self, encoded: bytes) -> Any:
        """Decode an element; raises RuntimeError when its file was changed, and OSError when it cannot be read."""
        mark, content = encoded[:1], encoded[1:]
        if mark == THERE:
            kept: Kept = ANY.decode(content)
            content = read_kept(kept)
        return ANY.decode(content)

    def estimate_size(self, value: Any) -> int:
        """Estimate the bytes of an element, wherever it waits."""
        size: int = ANY.estimate_size(value)
        return size

    def is_deterministic(self) -> bool:
        """Say that keys need another coder, as those of any type do."""
        return False

    def as_deterministic_coder(self, step_label: str, error_message: str | None = None) -> Coder:
        """Return the coder of keys of any type."""
        return ANY.as_deterministic_coder(step_label, error_message)

    def is_kv_coder(self) -> bool:
        """Say that an element may be a key and a value, as one of any type may."""
        return True

    def key_coder(self) -> Coder:
        """Return the coder of keys."""
        return ANY

    def value_coder(self) -> Coder:
        """Return the coder of values."""
        return self

    def to_type_hint(self) -> Any:
        """Return the type that stands for any."""
        return ANY.to_type_hint()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, FilingCoder) and self.folder == other.folder

    def __hash__(self) -> int:
        return hash(self.folder)


class _Filing:
    """What gives elements of unknown types a FilingCoder while a folder is set."""

    @staticmethod
    def from_type_hint(_hint: Any, _registry: Any) -> FilingCoder:
        """Return the coder; raises ValueError, by which Beam goes on to its own, without a folder."""
        folder = _folder.get()
        if folder is None:
            raise ValueError("no folder")
        return FilingCoder(folder)


registry.register_fallback_coder(_Filing)


@contextmanager
def large_elements_in(folder: str | None) -> Iterator[None]:
    """Let large elements of pipelines that are handed to a runner meanwhile wait below a folder, if there is one."""
    token = _folder.set(folder)
    try:
        yield
    finally:
        _folder.reset(token)
