"""Where the values of JSON stand."""

from __future__ import annotations

import json
import re

from transforms.editing.written import Member, Written

_SPACE = re.compile(r"[ \t\n\r]*")
_DECODER = json.JSONDecoder(parse_float=str, parse_int=str, parse_constant=str)


def read_json(source: str) -> Written:
    """Read the object that JSON holds, with or without the braces around it.

    Raises ValueError for what is no JSON, and RecursionError for what is nested too deeply.
    """
    start = _after_space(source, 0)
    if source.startswith('"', start):
        return _object(source, start, start, len(source.rstrip()))
    return _value(source, start)


def _value(source: str, start: int) -> Written:
    opening = source[start : start + 1]
    if opening == "{":
        return _object(source, start, start + 1, len(source))
    if opening == "[":
        return _list(source, start)
    value, end = _DECODER.raw_decode(source, start)
    return Written("scalar", start, end, "" if value is None else str(value), '"' if opening == '"' else "")


def _object(source: str, start: int, place: int, most: int) -> Written:
    members: list[Member] = []
    place = _after_space(source, place)
    while place < most and source[place] == '"':
        key = _value(source, place)
        place = _after_space(source, _past(source, ":", _after_space(source, key.end)))
        value = _value(source, place)
        members.append(Member(key, value))
        place = _after_space(source, value.end)
        if source[place : place + 1] != ",":
            break
        place = _after_space(source, place + 1)
    end = place + 1 if source[place : place + 1] == "}" else place
    return Written("mapping", start, end, flow=True, members=tuple(members))


def _list(source: str, start: int) -> Written:
    items: list[Written] = []
    place = _after_space(source, start + 1)
    while source[place : place + 1] != "]":
        items.append(_value(source, place))
        place = _after_space(source, items[-1].end)
        if source[place : place + 1] == ",":
            place = _after_space(source, place + 1)
    return Written("list", start, place + 1, flow=True, items=tuple(items))


def _after_space(source: str, place: int) -> int:
    found = _SPACE.match(source, place)
    return found.end() if found else place


def _past(source: str, sign: str, place: int) -> int:
    if not source.startswith(sign, place):
        raise ValueError(f"no {sign!r} at character {place}")
    return place + 1
