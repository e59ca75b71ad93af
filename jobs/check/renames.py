"""Files that were moved without git's being told: new ones with the content of those that are gone, or most of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

LEAST_SHARE = 0.5
"""What git asks for too: so large a share of the longer file is in the other."""
MOST_PAIRS = 1_000
"""More pairs that differ are not compared."""


def pair_moved(gone: Mapping[str, bytes], new: Mapping[str, bytes]) -> dict[str, str]:
    """Pair new files with those that are gone, given by path and content; returns the old paths by the new ones.

    Equal content goes first, then the most alike; each file is of one pair at most, and an empty one of none.
    """
    pairs: dict[str, str] = {}
    by_content: dict[bytes, list[str]] = {}
    for path, content in sorted(gone.items(), reverse=True):
        by_content.setdefault(content, []).append(path)
    for path, content in sorted(new.items()):
        if content and (same := by_content.get(content)):
            pairs[path] = same.pop()
    left = {path: _lines(content) for path, content in gone.items() if path not in pairs.values()}
    asked = {path: _lines(content) for path, content in new.items() if path not in pairs}
    if len(left) * len(asked) > MOST_PAIRS:
        return pairs
    shares = [(-_share(asked[path], left[was]), path, was) for path in asked for was in left]
    for share, path, was in sorted(shares):
        if -share >= LEAST_SHARE and path not in pairs and was not in pairs.values():
            pairs[path] = was
    return pairs


def _lines(content: bytes) -> Counter[bytes]:
    return Counter(content.splitlines())


def _share(one: Counter[bytes], other: Counter[bytes]) -> float:
    """The share of the longer file, by characters in lines, that is in the other."""
    both = _size(one & other)
    return both / max(_size(one), _size(other), 1)


def _size(lines: Counter[bytes]) -> int:
    return sum(len(line) * times for line, times in lines.items())
