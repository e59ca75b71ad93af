"""A key of tags for front matter that has none."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal, NamedTuple

from transforms.editing.lists import line_end, line_start
from transforms.editing.scalars import write_json, write_toml, write_yaml
from transforms.editing.written import Member, RefusedError, Splice, Write, Written
from transforms.reading.fields import fold_name

_OPENING = re.compile(r"\s*(\.\. )?([\w-]+)[ \t]*(:[ \t]*)")


class Form(NamedTuple):
    """How a blog writes its tags: below which key (and that of the mapping it is in), and in what layout.

    `indent` stands before the dashes of a block list.
    """

    path: tuple[str, ...] = ("tags",)
    layout: Literal["block", "flow", "string"] = "block"
    indent: str = ""


def add_key(source: str, language: str, root: Written | None, form: Form, tags: Sequence[str]) -> list[Splice]:
    """Add a key with these tags behind the last one; raises RefusedError where there is no place for it."""
    if root is not None and root.obstacle:
        raise RefusedError(root.obstacle, root.start)
    return _ADD[language](source, root, form, tags)


def fill_key(source: str, language: str, member: Member, form: Form, tags: Sequence[str]) -> list[Splice]:
    """Give these tags to a key that has none; raises RefusedError where more than that stands on its line."""
    start, end = member.value.start, member.value.end
    if language == "metadata":
        return [Splice(start, end, f" {', '.join(tags)}")]
    if language != "YAML":
        write = write_toml if language == "TOML" else write_json
        return [Splice(start, end, f"[{_listed(tags, write)}]")]
    colon = source.index(":", member.key.end) + 1
    if source[colon : line_end(source, colon)].strip() != source[start:end]:
        raise RefusedError("layout", start)
    end = line_end(source, colon)
    indent = source[line_start(source, member.key.start) : member.key.start]
    if indent.strip():
        raise RefusedError("layout", start)
    return [Splice(colon, end, _yaml_value(indent, form, tags))]


def _add_yaml(source: str, root: Written | None, form: Form, tags: Sequence[str]) -> list[Splice]:
    """Add a key to the innermost mapping of the form's path that is there, with those above it that are not."""
    if root is None:
        return [Splice(len(source.rstrip()), len(source.rstrip()), _yaml_keys("", form.path, form, tags))]
    member, depth = _innermost(root, form.path)
    within, left = member.value if member else root, form.path[depth:]
    if member and within.flow and within.kind == "mapping" and len(left) == 1:
        place = within.members[-1].value.end if within.members else within.start + 1
        return [Splice(place, place, f"{', ' if within.members else ''}{left[0]}: [{_listed(tags, write_yaml)}]")]
    is_empty = member is not None and within.kind == "scalar" and not (within.text or within.quote)
    if not is_empty and (within.kind != "mapping" or within.flow):
        raise RefusedError("layout", within.start)
    first = member.key if member and is_empty else within
    indent = source[line_start(source, first.start) : first.start]
    if indent.strip():
        raise RefusedError("layout", within.start)
    end = len(source.rstrip())
    if member:
        end = line_end(source, len(source[: _last_end(within)].rstrip()))
    return [Splice(end, end, _yaml_keys(indent + "  " * is_empty, left, form, tags))]


def _innermost(root: Written, path: Sequence[str]) -> tuple[Member | None, int]:
    """The last key of a path, but for the last, that is there, and how many are; None where the first one is not."""
    member: Member | None = None
    for depth, name in enumerate(path[:-1]):
        within = member.value if member else root
        found = next((each for each in within.members if fold_name(each.key.text) == fold_name(name)), None)
        if found is None:
            return member, depth
        if obstacle := found.key.obstacle or found.value.obstacle:
            raise RefusedError(obstacle, found.key.start)
        if found.key.text != name:
            raise RefusedError("layout", found.key.start)
        member = found
    return member, len(path) - 1


def _yaml_keys(indent: str, names: Sequence[str], form: Form, tags: Sequence[str]) -> str:
    lines = "".join(f"\n{indent}{'  ' * depth}{name}:" for depth, name in enumerate(names))
    return lines + _yaml_value(indent + "  " * (len(names) - 1), form, tags)


def _last_end(value: Written) -> int:
    """Where the last scalar or flow collection of a value ends: a block one ends where the next key starts."""
    while not value.flow and (value.items or value.members):
        value = value.items[-1] if value.items else value.members[-1].value
    return value.end


def _yaml_value(indent: str, form: Form, tags: Sequence[str]) -> str:
    if form.layout == "flow":
        return f" [{_listed(tags, write_yaml)}]"
    if form.layout == "string":
        return f" {write_yaml(', '.join(tags))}"
    return "".join(f"\n{indent}{form.indent}- {write_yaml(tag)}" for tag in tags)


def _add_toml(source: str, root: Written | None, form: Form, tags: Sequence[str]) -> list[Splice]:
    table, header = root, ""
    for name in form.path[:-1]:
        members = table.members if table else ()
        table = next((value for key, value in members if key.text == name and value.kind == "mapping"), None)
        header += f"\n\n[{name}]"
    if table is None:
        end = len(source.rstrip())
    elif table.flow:
        raise RefusedError("layout", table.start)
    else:
        header, end = "", line_end(source, table.end) if table.end else 0
    return [Splice(end, end, f"{header}\n{form.path[-1]} = [{_listed(tags, write_toml)}]")]


def _add_json(source: str, root: Written | None, form: Form, tags: Sequence[str]) -> list[Splice]:
    if root is None or len(form.path) > 1:
        raise RefusedError("layout")
    key = f"{write_json(form.path[0])}: [{_listed(tags, write_json)}]"
    if not root.members:
        return [Splice(root.start + 1, root.start + 1, key)]
    last = root.members[-1]
    if len(root.members) > 1:
        between = source[root.members[-2].value.end : last.key.start]
    else:
        between = "," + source[root.start : last.key.start].removeprefix("{")
    return [Splice(last.value.end, last.value.end, between + key)]


def _add_line(source: str, root: Written | None, form: Form, tags: Sequence[str]) -> list[Splice]:  # noqa: ARG001
    opening = _OPENING.match(source)
    if opening is None or len(form.path) > 1:
        raise RefusedError("layout")
    name = form.path[0].capitalize() if opening[2].istitle() else form.path[0]
    end = len(source.rstrip())
    return [Splice(end, end, f"\n{opening[1] or ''}{name}{opening[3].rstrip()} {', '.join(tags)}")]


def _listed(tags: Sequence[str], write: Write) -> str:
    return ", ".join(write(tag, "") for tag in tags)


_ADD = {"YAML": _add_yaml, "TOML": _add_toml, "JSON": _add_json, "metadata": _add_line}
