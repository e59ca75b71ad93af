"""Front matter: the YAML, TOML, JSON or metadata at the top of a post."""

from __future__ import annotations

import json
import re
from collections import deque
from collections.abc import Mapping
from typing import Any, NamedTuple

import yaml

from transforms.limits import FRONT_MATTER_BYTES
from transforms.reading.errors import LimitError, ParseError
from transforms.reading.openings import HANDLERS, KEY, Handler

_THEMATIC_BREAK = re.compile(rf"---[ \t]*+\n[ \t]*+\n\s*+(?!{KEY}|#)")
_LOOKED_FOR = 100
"""Characters by which a value is looked for."""


class FrontMatter(NamedTuple):
    """A post's front matter as values and as written, and the text below it.

    `source`, of the language `language`, starts at the character `start` of the post; the front matter opens on `line`.
    """

    values: Mapping[str, object]
    body: str
    source: str = ""
    line: int = 1
    language: str = ""
    start: int = 0

    def line_of(self, value: object) -> int | None:
        """The 1-based line of the file on which a key is given this string."""
        if not isinstance(value, str):  # a list of aliases may be endless when written out
            return None
        end = r"[\"']?[ \t]*+(?:[#,}]|$)" if len(value) <= _LOOKED_FOR else ""
        start = re.escape(value[:_LOOKED_FOR])
        found = re.search(rf"[:=]\s*[\"']?{start}{end}", self.source, re.MULTILINE)
        return self.line + self.source.count("\n", 0, found.end()) if found else None


def split_front_matter(text: str, path: str) -> FrontMatter:
    """The front matter of a post, and the text below it.

    It may be marked off in any of the ways that `openings` knows. A text that merely starts with a thematic break has
    none. The scalars of YAML stay as written: 10:00, 1.10, yes, 2022-05-06.

    Raises ParseError if the front matter is larger than FRONT_MATTER_BYTES, not closed, not valid, not a mapping or a
    script, and RecursionError if it is nested too deeply.
    """
    content = text.lstrip()
    line = 1 + text.count("\n", 0, len(text) - len(content))
    handler = next((handler for handler in HANDLERS if handler.detect(content)), None)
    if handler is None or _THEMATIC_BREAK.match(content):
        return FrontMatter({}, text)
    source = ""
    try:
        source, body = handler.split(content)
        _check_size(source)
        values = handler.load(source)
    except LimitError as error:
        raise ParseError(path, line, error.reason) from None
    except (yaml.YAMLError, ValueError) as error:
        if not source and not isinstance(error, json.JSONDecodeError):
            if not handler.sure.match(content):
                return FrontMatter({}, text)
            raise ParseError(path, line, f"front matter opens with {content[:3]} and never closes") from error
        offset, problem = _fault(error, source)
        where = None if offset is None else line + offset
        raise ParseError(path, where, f"front matter is not valid {handler.name}: {problem}") from error
    if not isinstance(values, dict | None):
        kind = "a list" if isinstance(values, list) else "text"
        raise ParseError(path, None, f"front matter is {kind}, not a mapping")
    start = len(text) - len(content) + _source_start(handler, source, content)
    return FrontMatter(_merge(values or {}), body, source, line, handler.name, start)


def _source_start(handler: Handler, source: str, content: str) -> int:
    """Where the source stands in a text that begins with it, or with a mark above it."""
    opening = handler.FM_BOUNDARY.match(content)
    return opening.end() if opening and content.startswith(source, opening.end()) else 0


def _check_size(source: str) -> None:
    if len(source) > FRONT_MATTER_BYTES or len(source.encode()) > FRONT_MATTER_BYTES:
        raise LimitError(1, f"front matter is larger than {FRONT_MATTER_BYTES // 2**10} KiB")


def _fault(error: Exception, source: str) -> tuple[int | None, str]:
    """How many lines below the first the fault lies, and what it is."""
    if isinstance(error, yaml.MarkedYAMLError):
        return error.problem_mark.line if error.problem_mark else None, error.problem or str(error.context)
    if isinstance(error, yaml.reader.ReaderError):
        return source.encode()[: error.position].count(b"\n"), error.reason
    if isinstance(error, json.JSONDecodeError):
        return error.lineno - 1, error.msg
    found = re.search(r" \(at (?:line (\d+), column \d+|end of document)\)$", str(error))
    if found is None:
        return None, str(error)
    return int(found[1]) - 1 if found[1] else source.count("\n"), str(error)[: found.start()]


def _merge(values: dict[str, Any]) -> dict[str, Any]:
    """Resolve `<<`. Each mapping is visited once; PyYAML's own way doubles with every level of aliases."""
    if "<<" not in values:
        return values
    merged: dict[str, Any] = {}
    pending, seen = deque([values]), set[int]()
    while pending:
        item: Any = pending.popleft()
        if id(item) in seen:
            continue
        seen.add(id(item))
        if isinstance(item, dict):
            merged = item | merged
            item = [item.get("<<")]
        if isinstance(item, list):
            pending.extend(item)
    return merged
