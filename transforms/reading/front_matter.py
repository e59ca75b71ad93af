"""Front matter: the YAML, TOML or JSON at the top of a post."""

from __future__ import annotations

import json
import re
import tomllib
from collections import deque
from collections.abc import Mapping
from typing import Any, ClassVar, NamedTuple

import yaml
from frontmatter import detect_format
from frontmatter.default_handlers import BaseHandler, JSONHandler, YAMLHandler

from transforms.limits import FRONT_MATTER_BYTES, FRONT_MATTER_DEPTH
from transforms.reading.errors import LimitError, ParseError

_KEY = r"[\"']?\w[\w .-]*+[\"']?[ \t]*+:(?:\s|\Z)"
_THEMATIC_BREAK = re.compile(rf"---[ \t]*+\n[ \t]*+\n\s*+(?!{_KEY}|#)")
_OPENING = re.compile(rf"---[ \t]*\n{_KEY}|\+\+\+")
_TAG = "tag:yaml.org,2002:"
_TOML_PART = r"(?:[\w-]++|\"[^\"\n]*+\"|'[^'\n]*+')[ \t]*+\.[ \t]*+"
_LONG_TOML_KEY = re.compile(rf"(?<![\w-])(?:{_TOML_PART}){{{FRONT_MATTER_DEPTH}}}")
_LOOKED_FOR = 100
"""Characters by which a value is looked for."""
_CUT = 16
"""Characters before the end of a cut text in which a parser may find the fault."""


class FrontMatter(NamedTuple):
    """A post's front matter as values and as written, the line where it starts, and the text below it."""

    values: Mapping[str, object]
    body: str
    source: str = ""
    line: int = 1

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

    YAML stands between lines of `---`, TOML between lines of `+++`, JSON is an object at the top. A text that merely
    starts with a thematic break has none. The scalars of YAML stay as written: 10:00, 1.10, yes, 2022-05-06.

    Raises ParseError if the front matter is larger than FRONT_MATTER_BYTES, not closed, not valid or not a mapping, and
    RecursionError if it is nested too deeply.
    """
    content = text.lstrip()
    line = 1 + text.count("\n", 0, len(text) - len(content))
    handler = detect_format(content, (_Yaml(), _Toml(), _Json()))
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
        if not source and handler.name != "JSON":
            if not _OPENING.match(content):
                return FrontMatter({}, text)
            raise ParseError(path, line, f"front matter opens with {content[:3]} and never closes") from error
        offset, problem = _fault(error, source)
        where = None if offset is None else line + offset
        raise ParseError(path, where, f"front matter is not valid {handler.name}: {problem}") from error
    if not isinstance(values, dict | None):
        kind = "a list" if isinstance(values, list) else "text"
        raise ParseError(path, None, f"front matter is {kind}, not a mapping")
    return FrontMatter(_merge(values or {}), body, source, line)


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


class _PlainLoader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """Makes strings, nulls, lists and mappings; every other tag is refused or read as a string."""

    yaml_implicit_resolvers: ClassVar = {
        first: [(tag, pattern) for tag, pattern in resolvers if tag == f"{_TAG}null"]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }
    yaml_constructors: ClassVar = {
        tag: yaml.SafeLoader.yaml_constructors[tag]
        for tag in (None, f"{_TAG}null", f"{_TAG}str", f"{_TAG}seq", f"{_TAG}map")
    } | {f"{_TAG}{name}": yaml.SafeLoader.construct_yaml_str for name in ("bool", "int", "float", "timestamp")}

    def flatten_mapping(self, node: object) -> None:
        """Leave `<<` to `_merge`."""


class _Yaml(YAMLHandler):
    name = "YAML"
    FM_BOUNDARY = re.compile(r"\A---[ \t]*$|(?!\A)^(?:---|\.\.\.)[ \t]*$", re.MULTILINE)

    def load(self, fm: str) -> Any:
        depth = 0
        for event in yaml.parse(fm, Loader=_PlainLoader):  # libyaml's composer overflows the stack on deep nesting
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            if depth > FRONT_MATTER_DEPTH:
                raise RecursionError
        return yaml.load(fm, Loader=_PlainLoader)  # noqa: S506  # a safe loader with less in it


class _Toml(BaseHandler):
    name = "TOML"
    FM_BOUNDARY = re.compile(r"^\+\+\+[ \t]*$", re.MULTILINE)

    def load(self, fm: str) -> dict[str, Any]:
        if _LONG_TOML_KEY.search(fm):  # which costs the square of its parts
            raise RecursionError
        return tomllib.loads(fm, parse_float=str)


class _Json(JSONHandler):
    name = "JSON"
    FM_BOUNDARY = re.compile(r"\{\s*[\"}]")
    decoder = json.JSONDecoder(parse_float=str, parse_int=str, parse_constant=str)

    def split(self, text: str) -> tuple[str, str]:
        most = FRONT_MATTER_BYTES + 1
        try:
            _, end = self.decoder.raw_decode(text[:most])
        except json.JSONDecodeError as error:
            if len(text) > most and (error.msg.startswith("Unterminated") or error.pos > most - _CUT):
                return text[:most], ""
            raise
        return text[:end], text[end:]

    def load(self, fm: str) -> Any:
        return self.decoder.decode(fm)
