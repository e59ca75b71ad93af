"""Editing a list of tags, of which no more changes than the items meant."""

from __future__ import annotations

import re
from collections.abc import Sequence

from transforms.editing.changes import Plan
from transforms.editing.written import Member, RefusedError, Splice, Write, Written

_DASH = re.compile(r"[ \t]*-[ \t]+")


def edit_list(source: str, member: Member, tags: Sequence[str], plan: Plan, write: Write) -> list[Splice]:
    """Make a plan of a list whose items are these tags; returns the splices in order.

    Raises RefusedError where an item meant is no plain or quoted string, or where a comment is in the way.
    """
    items = member.value.items
    for item, tag, name in zip(items, tags, plan.names, strict=True):
        if item.kind == "list":
            raise RefusedError("nested", item.start)
        if name != tag:
            check_scalar(item)
    renamed = [
        Splice(item.start, item.end, write(name, item.quote))
        for item, tag, name in zip(items, tags, plan.names, strict=True)
        if name is not None and name != tag
    ]
    edit = _edit_flow if member.value.flow else _edit_block
    return sorted(renamed + edit(source, member, plan, write))


def check_scalar(value: Written) -> None:
    """Raise RefusedError for a value that is not the one string which its characters say."""
    if value.obstacle:
        raise RefusedError(value.obstacle, value.start)
    if value.kind != "scalar":
        raise RefusedError("nested" if value.kind == "list" else "mapping", value.start)


def _edit_block(source: str, member: Member, plan: Plan, write: Write) -> list[Splice]:
    items = member.value.items
    if not any(name is not None for name in plan.names) and not plan.added:
        colon = source.index(":", member.key.end) + 1
        end = line_end(source, items[-1].end)
        _check_comments(source, colon, *items, end=end)
        return [Splice(colon, end, " []")]
    splices = []
    for item, name in zip(items, plan.names, strict=True):
        if name is None:
            start = line_start(source, item.start)
            _check_dash(source, item)
            splices.append(Splice(start - 1, line_end(source, item.end), ""))
    if plan.added:
        last = items[-1]
        check_scalar(last)
        dash = _check_dash(source, last)
        end = line_end(source, last.end)
        splices.append(Splice(end, end, "".join(f"\n{dash}{write(name, last.quote)}" for name in plan.added)))
    return splices


def _check_dash(source: str, item: Written) -> str:
    """Return what stands before an item on its line, which is a dash and space."""
    dash = source[line_start(source, item.start) : item.start]
    if not _DASH.fullmatch(dash):
        raise RefusedError("layout", item.start)
    return dash


def _edit_flow(source: str, member: Member, plan: Plan, write: Write) -> list[Splice]:
    value = member.value
    items = value.items
    kept = [place for place, name in enumerate(plan.names) if name is not None]
    if not kept:
        _check_comments(source, value.start, *items, end=value.end)
        quote = items[-1].quote if items else ""
        return [Splice(value.start + 1, value.end - 1, ", ".join(write(name, quote) for name in plan.added))]
    last = kept[-1]
    splices = []
    for place, name in enumerate(plan.names[:last]):
        if name is None:
            _check_comments(source, items[place].end, end=items[place + 1].start)
            splices.append(Splice(items[place].start, items[place + 1].start, ""))
    dropped = items[last + 1 :]
    if not (dropped or plan.added):
        return splices
    _check_comments(source, items[last].end, *dropped, end=value.end)
    text = ""
    if plan.added:
        check_scalar(items[-1])
        separator = _separator(source, value)
        text = "".join(separator + write(name, items[-1].quote) for name in plan.added)
    return [*splices, Splice(items[last].end, items[-1].end, text)]


def _check_comments(source: str, start: int, *items: Written, end: int) -> None:
    """Raise RefusedError where a comment stands from `start` to `end`, but for the items there."""
    for item in items:
        _check_comments(source, start, end=item.start)
        start = item.end
    if "#" in source[start:end]:
        raise RefusedError("comment", start)


def _separator(source: str, value: Written) -> str:
    """What stands between the last two items, or would between two."""
    items = value.items
    if len(items) > 1:
        between = source[items[-2].end : items[-1].start]
        return between if "#" not in between else ", "
    before = source[value.start + 1 : items[0].start]
    return f",{before}" if "\n" in before and not before.strip() else ", "


def line_start(source: str, place: int) -> int:
    """Where the line of a place starts."""
    return source.rfind("\n", 0, place) + 1


def line_end(source: str, place: int) -> int:
    """Where the line of a place ends, before the line feed."""
    end = source.find("\n", place)
    return len(source) if end < 0 else end
