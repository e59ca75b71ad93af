"""Where the values of TOML stand."""

from __future__ import annotations

import re
import tomllib

from transforms.editing.written import Member, Written

_SPACE = re.compile(r"[ \t]*")
_BLANK = re.compile(r"(?:[ \t\n]|#[^\n]*)*")
_STRING = re.compile(
    r'"""(?:[^"\\]|\\.|"(?!""))*"{3,5}'
    r"|'''(?:[^']|'(?!''))*'{3,5}"
    r'|"(?:[^"\\\n]|\\.)*"'
    r"|'[^'\n]*'",
    re.DOTALL,
)
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_PLAIN = re.compile(r"[^,\[\]{}#\n]*[^,\[\]{}#\s]")
"""A number, a date, or true or false."""


def read_toml(source: str) -> Written:
    """Read the table that TOML holds: its keys, and those of tables below headers, each as a mapping.

    It is for sources that `tomllib` takes. Raises ValueError for what it cannot follow.
    """
    root = _Table(0)
    table = root
    place = _past_blank(source, 0)
    while place < len(source):
        if source.startswith("[", place):
            several = source.startswith("[[", place)
            keys, after = _keys(source, _past_space(source, place + 1 + several))
            place = after + 1 + several
            table = root.below(keys, place, again=several)
        else:
            keys, after = _keys(source, place)
            value = _value(source, _past_blank(source, after + 1))
            table.below(keys[:-1], keys[0].start).add(keys[-1], value)
            place = table.end = value.end
        place = _past_blank(source, place)
    return root.written()


class _Table:
    """A table that is not read to its end."""

    def __init__(self, start: int) -> None:
        self.start = self.end = start
        self.values: list[tuple[Written, Written | _Table]] = []
        self.newest: dict[str, _Table] = {}

    def add(self, key: Written, value: Written | _Table) -> None:
        self.values.append((key, value))

    def below(self, keys: list[Written], end: int, *, again: bool = False) -> _Table:
        """Return the table that these keys lead to, the newest of an array; it is made where it is not there yet."""
        table = self
        for depth, key in enumerate(keys, start=1):
            if key.text not in table.newest or (again and depth == len(keys)):
                table.newest[key.text] = _Table(key.start)
                table.add(key, table.newest[key.text])
            table = table.newest[key.text]
        table.end = max(table.end, end)
        return table

    def written(self) -> Written:
        members = tuple(
            Member(key, value.written() if isinstance(value, _Table) else value) for key, value in self.values
        )
        return Written("mapping", self.start, self.end, members=members)


def _keys(source: str, place: int) -> tuple[list[Written], int]:
    """Read the parts of a dotted key; returns where the sign after it stands."""
    keys: list[Written] = []
    while True:
        found = _BARE_KEY.match(source, place) or _STRING.match(source, place)
        if found is None:
            raise ValueError(f"no key at character {place}")
        quote = found[0][0] if found[0][0] in "\"'" else ""
        text = _text(found[0]) if quote else found[0]
        keys.append(Written("scalar", place, found.end(), text, quote))
        place = _past_space(source, found.end())
        if not source.startswith(".", place):
            return keys, place
        place = _past_space(source, place + 1)


def _value(source: str, start: int) -> Written:
    if source.startswith("[", start):
        return _array(source, start)
    if source.startswith("{", start):
        return _inline_table(source, start)
    if found := _STRING.match(source, start):
        quote = found[0][:3] if found[0].startswith(('"""', "'''")) else found[0][0]
        return Written("scalar", start, found.end(), _text(found[0]), quote)
    if found := _PLAIN.match(source, start):
        return Written("scalar", start, found.end(), found[0])
    raise ValueError(f"no value at character {start}")


def _array(source: str, start: int) -> Written:
    items: list[Written] = []
    place = _past_blank(source, start + 1)
    while not source.startswith("]", place):
        items.append(_value(source, place))
        place = _past_blank(source, items[-1].end)
        if source.startswith(",", place):
            place = _past_blank(source, place + 1)
    return Written("list", start, place + 1, flow=True, items=tuple(items))


def _inline_table(source: str, start: int) -> Written:
    table = _Table(start)
    place = _past_blank(source, start + 1)
    while not source.startswith("}", place):
        keys, after = _keys(source, place)
        value = _value(source, _past_blank(source, after + 1))
        table.below(keys[:-1], keys[0].start).add(keys[-1], value)
        place = _past_blank(source, value.end)
        if source.startswith(",", place):
            place = _past_blank(source, place + 1)
    written = table.written()
    return Written("mapping", start, place + 1, flow=True, members=written.members)


def _text(written: str) -> str:
    return str(tomllib.loads(f"text = {written}")["text"])


def _past_space(source: str, place: int) -> int:
    found = _SPACE.match(source, place)
    return found.end() if found else place


def _past_blank(source: str, place: int) -> int:
    found = _BLANK.match(source, place)
    return found.end() if found else place
