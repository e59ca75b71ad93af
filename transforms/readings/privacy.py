"""Readers without a name: what a log calls them is hashed with a key that a run makes and forgets."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass, field

from transforms.readings.page_view import PageView

KEY_BYTES = 32
READER_BYTES = 16
_DAY = 24 * 3600


def make_key() -> bytes:
    """Make a run's key. It is never written; without it nobody can tell whose hash is whose."""
    return secrets.token_bytes(KEY_BYTES)


@dataclass(frozen=True)
class Pseudonyms:
    """Stand-ins for readers and sessions, by a key [KEY_BYTES] (BLAKE2b, RFC 7693, keyed)."""

    key: bytes = field(repr=False)

    def reader(self, view: PageView) -> bytes:
        """Return what stands for the reader; one of a `daily` hash has another on each day (UTC)."""
        day = f"{view.second // _DAY}" if view.daily else ""
        return self._hash(f"{day}\0{view.reader}", READER_BYTES)

    def session(self, view: PageView) -> int:
        """Return what stands for the session among the reader's, from 1; 0 for one that the log does not tell."""
        if view.session is None:
            return 0
        return int.from_bytes(self._hash(f"{view.reader}\0{view.session}", 7)) + 1

    def _hash(self, text: str, size: int) -> bytes:
        return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=size, key=self.key).digest()
