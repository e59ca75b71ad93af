"""What differs between two files of data for a site."""

from __future__ import annotations

import json
from typing import Any


def say_changes(before: bytes, after: bytes) -> str:
    """Say in a few words how a file differs from the one that takes its place, which is Postkin's own."""
    old, new = _posts(before), _posts(after)
    if old is None or new is None:
        return "it is not as postkin export writes it"
    added, gone = len(new.keys() - old.keys()), len(old.keys() - new.keys())
    other = sum(old[key] != new[key] for key in new.keys() & old.keys())
    parts = [
        f"{count:,} {'post' if count == 1 else 'posts'} {what}"
        for count, what in ((added, "more"), (gone, "fewer"), (other, "with other related posts"))
        if count
    ]
    return ", ".join(parts) or "what stands beside the related posts differs"


def _posts(content: bytes) -> dict[str, Any] | None:
    try:
        related = json.loads(content)["related"]
    except (ValueError, TypeError, KeyError, RecursionError):
        return None
    return related if isinstance(related, dict) else None
