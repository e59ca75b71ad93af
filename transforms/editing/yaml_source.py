"""Where the values of YAML stand, by the marks of its parser."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import yaml

from transforms.editing.written import Member, Obstacle, Written
from transforms.reading.openings import yaml_events

_LINE = re.compile(r"^\t*", re.MULTILINE)
_NODES = (yaml.AliasEvent, yaml.ScalarEvent, yaml.SequenceStartEvent, yaml.MappingStartEvent)


def read_yaml(source: str) -> Written | None:
    """Read the value that YAML holds, None where it holds none; aliases are not followed.

    Raises what `yaml_events` raises.
    """
    events = (event for event in yaml_events(source) if isinstance(event, (*_NODES, yaml.CollectionEndEvent)))
    first = next(events, None)
    return None if first is None else _node(first, events, _places(source))


def _places(source: str) -> Callable[[Any], int]:
    """Tell where in the source a mark is; the parser was given two spaces for each tab that indents a line."""
    lines = [(found.start(), len(found[0])) for found in _LINE.finditer(source)]

    def place(mark: Any) -> int:
        if mark.line >= len(lines):
            return len(source)
        start, tabs = lines[int(mark.line)]
        column = int(mark.column)
        return start + (column - tabs if column >= 2 * tabs else column // 2)

    return place


def _node(event: Any, events: Iterator[yaml.Event], place: Callable[[Any], int]) -> Written:
    start, end = place(event.start_mark), place(event.end_mark)
    obstacle = _obstacle(event)
    if isinstance(event, yaml.ScalarEvent):
        quote = event.style if event.style in ("'", '"') else ""
        return Written("scalar", start, end, event.value, quote, obstacle=obstacle)
    if isinstance(event, yaml.AliasEvent):
        return Written("scalar", start, end, obstacle=obstacle)
    children: list[Written] = []
    for inner in events:
        if isinstance(inner, yaml.CollectionEndEvent):
            end = place(inner.end_mark)
            break
        children.append(_node(inner, events, place))
    flow = bool(event.flow_style)
    if isinstance(event, yaml.SequenceStartEvent):
        return Written("list", start, end, flow=flow, items=tuple(children), obstacle=obstacle)
    members = tuple(map(Member, children[::2], children[1::2]))
    return Written("mapping", start, end, flow=flow, members=members, obstacle=obstacle)


def _obstacle(event: Any) -> Obstacle | None:
    if isinstance(event, yaml.AliasEvent):
        return "alias"
    if event.anchor is not None:
        return "anchor"
    if event.tag is not None:
        return "tagged"
    if isinstance(event, yaml.ScalarEvent) and event.style in ("|", ">"):
        return "block_scalar"
    return None
