"""How front matter is marked off from a post's text, and how it is written, a handler for each way."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator
from typing import Any, ClassVar

import yaml
from frontmatter.default_handlers import BaseHandler

from transforms.limits import FRONT_MATTER_BYTES, FRONT_MATTER_DEPTH
from transforms.reading.errors import LimitError

_NAME = r"[\"']?\w[\w .-]*+[\"']?[ \t]*+"
KEY = rf"{_NAME}:(?:\s|\Z)"
_TAG = "tag:yaml.org,2002:"
_TOML_PART = r"(?:[\w-]++|\"[^\"\n]*+\"|'[^'\n]*+')[ \t]*+\.[ \t]*+"
_LONG_TOML_KEY = re.compile(rf"(?<![\w-])(?:{_TOML_PART}){{{FRONT_MATTER_DEPTH}}}")
_CUT = 16
"""Characters before the end of a cut text in which a parser may find the fault."""
_JSON_MEMBERS = re.compile(r"[ \t]*\"\w")
_TELLING = re.compile(r"^(?:\.\. |[ \t]+)?[\"']?(?:title|date)[\"']?[ \t]*:", re.IGNORECASE | re.MULTILINE)
"""A text without marks around it is front matter only if it names the post's title or date."""
_TABS = re.compile(r"^\t+", re.MULTILINE)
"""YAML refuses them before a key or an item; Hexo takes each for two spaces."""
_LINE_SEPARATORS = dict.fromkeys((0x85, 0x2028, 0x2029), " ")
"""What YAML takes for ends of lines, and editors do not."""
_BEGINNINGS = "[{-:?"
"""Every list and mapping of YAML has one of these of its own: with few of them, it is not nested deeply."""
_BLANK = re.compile(r"\n(?:[ \t]*\n)+")
_YAML_LINE = re.compile(rf"[ \t#].*|-(?:\s.*)?|{_NAME}:(?:\s.*)?")


class Handler(BaseHandler):
    """One way to write front matter: `name` is its language.

    `sure` matches an opening that can be nothing else, so that one which never closes is a fault.
    """

    name = "YAML"
    sure: ClassVar[re.Pattern[str]] = re.compile("(?!)")
    FM_BOUNDARY = re.compile("(?!)")


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
        """Leave `<<` to `front_matter`."""


class _Yaml(Handler):
    """Between lines of `---`, the first of which may say `---yaml`."""

    sure = re.compile(rf"---[ \t]*+(?:ya?ml[ \t]*+\n|\n{KEY})")
    FM_BOUNDARY = re.compile(r"\A---[ \t]*(?:ya?ml[ \t]*)?$|(?!\A)^(?:---|\.\.\.)[ \t]*$", re.MULTILINE)

    def load(self, fm: str) -> Any:
        if sum(map(fm.count, _BEGINNINGS)) > FRONT_MATTER_DEPTH:
            for _ in yaml_events(fm):  # libyaml's composer overflows the stack on deep nesting
                pass
        return yaml.load(_readable(fm), Loader=_PlainLoader)  # noqa: S506  # a safe loader with less in it


def yaml_events(source: str) -> Iterator[yaml.Event]:
    """Parse YAML into events; their marks count each tab that indents a line twice.

    Raises yaml.YAMLError, and RecursionError for what is nested deeper than FRONT_MATTER_DEPTH.
    """
    depth = 0
    for event in yaml.parse(_readable(source), Loader=_PlainLoader):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > FRONT_MATTER_DEPTH:
            raise RecursionError
        yield event


def _readable(source: str) -> str:
    """Write as YAML has it what generators take all the same; no line gets longer but by tabs at its start."""
    return _TABS.sub(lambda tabs: "  " * len(tabs[0]), source.translate(_LINE_SEPARATORS))


class _ClosedYaml(_Yaml):
    """Above a line of `---`, without one at the top, as in older posts of Hexo."""

    FM_BOUNDARY = re.compile(r"^---[ \t]*$", re.MULTILINE)

    def detect(self, text: str) -> bool:
        head = _above(self.FM_BOUNDARY, text)
        return bool(_TELLING.search(head)) and all(map(_is_yaml, _BLANK.split(head.strip())))

    def split(self, text: str) -> tuple[str, str]:
        head, body = self.FM_BOUNDARY.split(text, 1)
        return head, body


class _Toml(Handler):
    """Between lines of `+++`."""

    name = "TOML"
    sure = re.compile(r"\+\+\+")
    FM_BOUNDARY = re.compile(r"^\+\+\+[ \t]*$", re.MULTILINE)

    def load(self, fm: str) -> dict[str, Any]:
        if _LONG_TOML_KEY.search(fm):  # which costs the square of its parts
            raise RecursionError
        return tomllib.loads(fm, parse_float=str)


class _NamedToml(_Toml):
    """Between `---toml` and `---`, as gray-matter and Eleventy have it."""

    sure = re.compile(r"---")
    FM_BOUNDARY = re.compile(r"\A---[ \t]*toml[ \t]*$|(?!\A)^---[ \t]*$", re.MULTILINE)


class _Json(Handler):
    """An object at the top, without marks around it."""

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
        if _JSON_MEMBERS.match(fm.lstrip("\n")):  # Hexo leaves the braces out
            fm = f"{{{fm.rstrip().removesuffix(',')}}}"
        return self.decoder.decode(fm)


class _NamedJson(_Json):
    """Between `---json` and `---`, or between lines of `;;;`."""

    sure = re.compile(r"---|;;;")
    FM_BOUNDARY = re.compile(
        r"\A(?:---[ \t]*json|;;;(?=[ \t]*+(?:json)?\s*+[\"{])[ \t]*(?:json)?)[ \t]*$|(?!\A)^(?:---|;;;)[ \t]*$",
        re.MULTILINE,
    )
    split = BaseHandler.split


class _ClosedJson(_Json):
    """Above a line of `;;;`, without one at the top, as in older posts of Hexo."""

    FM_BOUNDARY = re.compile(r"^;;;[ \t]*$", re.MULTILINE)

    def detect(self, text: str) -> bool:
        head = _above(self.FM_BOUNDARY, text) if text.startswith(("{", '"')) else ""
        return bool(_TELLING.search(head.removeprefix("{")))

    def split(self, text: str) -> tuple[str, str]:
        head, body = self.FM_BOUNDARY.split(text, 1)
        return head, body


class _Script(Handler):
    """Between `---js` and `---`: what it says is known only to who runs it."""

    sure = re.compile(r"---")
    FM_BOUNDARY = re.compile(
        r"\A---[ \t]*(?:c?js|javascript|coffee|coffeescript|cson|ts)[ \t]*$|(?!\A)^---[ \t]*$", re.MULTILINE
    )

    def load(self, fm: str) -> Any:  # noqa: ARG002
        raise LimitError(1, "front matter is a script, which is not run")


class _Metadata(Handler):
    """Lines of `Key: value` down to the first blank line, as Pelican and MultiMarkdown have it."""

    name = "metadata"
    line: ClassVar[re.Pattern[str]] = re.compile(r" {0,3}([\w-]+)[ \t]*:(?:[ \t]+(.*))?|(?: {4}|\t)[ \t]*(\S.*)")

    def detect(self, text: str) -> bool:
        head = self.head(text)
        lines = [line for line in head.split("\n") if line.strip()]
        first = self.line.fullmatch(lines[0]) if _TELLING.search(head) else None
        return bool(first and first[1]) and all(map(self.line.fullmatch, lines))

    def split(self, text: str) -> tuple[str, str]:
        head = self.head(text)
        return head, text[len(head) :]

    def load(self, fm: str) -> dict[str, Any]:
        values: dict[str, list[str]] = {}
        key = ""
        for found in filter(None, map(self.line.fullmatch, fm.split("\n"))):
            if found[1]:
                key = found[1].lower()
                values.setdefault(key, []).append((found[2] or "").strip())
            else:  # a line that goes on with the one above it
                values[key][-1] += f" {found[3].strip()}"
        return {key: _value(key, several) for key, several in values.items()}

    def head(self, text: str) -> str:
        """Return the lines that may be front matter."""
        found = _BLANK.search(text, 0, FRONT_MATTER_BYTES)
        return text[: found.start()] if found else text[:FRONT_MATTER_BYTES]


class _Dotted(_Metadata):
    """Lines of `.. key: value`, as Nikola has it."""

    line = re.compile(r"\.\. ([\w-]+):(?:[ \t]+(.*))?")


class _Comment(_Metadata):
    """The same, or lines of `key: value`, in an HTML comment."""

    FM_BOUNDARY = re.compile(r"-->")
    line = re.compile(r"[ \t]*(?:\.\. )?([\w-]+)[ \t]*:(?:[ \t]+(.*))?")

    def detect(self, text: str) -> bool:
        return text.startswith("<!--") and super().detect(text)

    def split(self, text: str) -> tuple[str, str]:
        head, body = self.FM_BOUNDARY.split(text, 1)
        return head.replace("<!--", "    ", 1), body

    def head(self, text: str) -> str:
        return _above(self.FM_BOUNDARY, text).removeprefix("<!--")


HANDLERS = (
    *(_Yaml(), _Toml(), _ClosedJson(), _Json(), _NamedToml(), _NamedJson(), _Script()),
    *(_Comment(), _Dotted(), _ClosedYaml(), _Metadata()),
)
"""The first that detects its own in a text reads it."""


def _above(boundary: re.Pattern[str], text: str) -> str:
    """What stands above the first boundary, if it is no more than front matter may be, else nothing."""
    found = boundary.search(text, 0, FRONT_MATTER_BYTES)
    return text[: found.start()] if found else ""


def _is_yaml(paragraph: str) -> bool:
    lines = paragraph.split("\n")
    return not lines[0].startswith((" ", "\t", "-")) and all(map(_YAML_LINE.fullmatch, lines))


def _value(key: str, several: list[str]) -> str | list[str]:
    """One value, or a list where its key stands on several lines, or where semicolons part tags."""
    if len(several) == 1 and key in ("tags", "keywords") and ";" in several[0]:
        return several[0].split(";")
    return several[0] if len(several) == 1 else several
