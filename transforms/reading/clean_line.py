"""Text on one line, without signs that are not seen but change what is."""

from __future__ import annotations

import re

_SPACE = re.compile(r"[ \t\n\r\f\v\x1c-\x1f\x85\u2028\u2029]+")
_UNSEEN = re.compile("[\x00-\x08\x0e-\x1b\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
"""Control characters, and embeddings, overrides and isolates, which turn what stands after them in a line as well."""


def clean_line(text: str) -> str:
    """A text with single spaces for whatever parts lines and words, and without control characters and the like.

    Clean last: entities and escapes may stand for such signs.
    """
    spaced = _SPACE.sub(" ", text)
    seen = strip_unseen(spaced)
    line = (seen if len(seen) == len(spaced) else _SPACE.sub(" ", seen)).strip()  # what is taken out parted spaces
    return line.encode(errors="replace").decode()  # JSON can spell lone surrogates, which no file can hold


def strip_unseen(line: str) -> str:
    """Take control characters, and those that turn the direction of others, out of a line."""
    return line if line.isprintable() else _UNSEEN.sub("", line)
