"""Changing the tags in a post's front matter: no more bytes than those of the tags, or none at all."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import yaml

from transforms.editing.changes import Plan, TagChanges, plan_changes
from transforms.editing.find import Field, find_tags, follow
from transforms.editing.json_source import read_json
from transforms.editing.line_source import read_lines
from transforms.editing.lists import edit_list
from transforms.editing.new_key import Form, add_key, fill_key
from transforms.editing.proof import proves
from transforms.editing.raw import BytesSplice, RawText, spliced_bytes
from transforms.editing.scalars import check_name, write_json, write_line, write_toml, write_yaml
from transforms.editing.strings import edit_string, parts_of, separators
from transforms.editing.toml_source import read_toml
from transforms.editing.written import Member, RefusalKind, RefusedError, Splice, Write, Written, spliced
from transforms.editing.yaml_source import read_yaml
from transforms.reading.errors import LimitError, ParseError
from transforms.reading.fields import FIELDS, SPACED, clean_tags, with_spaced_tags
from transforms.reading.files import decode
from transforms.reading.front_matter import FrontMatter, split_front_matter


class Language(NamedTuple):
    """How a language of front matter is read for its places, and its strings written."""

    read: Callable[[str], Written | None]
    write: Write


LANGUAGES: Mapping[str, Language] = {
    "YAML": Language(read_yaml, write_yaml),
    "TOML": Language(read_toml, write_toml),
    "JSON": Language(read_json, write_json),
    "metadata": Language(read_lines, write_line),
}


@dataclass(frozen=True)
class Habits:
    """How a blog has its tags: the names of their field, and the form of most of its posts.

    With `spaced`, a string without commas is parted at its spaces.
    """

    names: tuple[str, ...] = FIELDS["tags"]
    spaced: bool = False
    form: Form = field(default_factory=Form)


@dataclass(frozen=True)
class Edited:
    """A post's bytes as they are to be, and the splices that make them."""

    data: bytes
    splices: tuple[BytesSplice, ...]


@dataclass(frozen=True)
class Refused:
    """Why a post is left as it is: the kind, the 1-based line where that shows, if it is known, and what is there."""

    kind: RefusalKind
    line: int | None = None
    detail: str = ""


class _Edit(NamedTuple):
    """An edit of a source: the splices, the value that the keys of `path` then lead to, and the tags in it."""

    splices: Sequence[Splice]
    path: tuple[str, ...]
    wanted: str | list[object]
    tags: Sequence[str]


def edit_tags(data: bytes, changes: TagChanges, habits: Habits | None = None) -> Edited | Refused | None:
    """Change the tags of a post, given as the bytes of its file; None where there is nothing to change.

    The result is proved: it is read again, and has the tags wanted, all other values and all other bytes as before.
    What cannot be proved is refused, and so is what could change more than the tags of this post.
    """
    try:
        text = decode(data, "")
        return _edit_text(data, text, split_front_matter(text, ""), changes, habits or Habits())
    except ParseError as error:
        return Refused("unreadable", error.line, error.reason)
    except LimitError as error:
        return Refused("unreadable", None, error.reason)
    except RecursionError:
        return Refused("unreadable", None, "nested too deeply")


def _edit_text(
    data: bytes, text: str, matter: FrontMatter, changes: TagChanges, habits: Habits
) -> Edited | Refused | None:
    values = with_spaced_tags(matter.values) if habits.spaced else matter.values
    tags = find_tags(values, habits.names)
    carried = clean_tags(tags.value) if tags else ()
    if plan_changes(carried, changes) == Plan(carried, ()):
        return None
    try:
        raw = RawText(data, text, matter.start + len(matter.source))
        check_place(raw, text, matter)
        edit = _edit_source(matter, tags, changes, habits)
        moved = [
            splice._replace(start=matter.start + splice.start, end=matter.start + splice.end) for splice in edit.splices
        ]
        splices = tuple(map(raw.to_bytes, moved))
        new, expected = spliced_bytes(data, splices), spliced(text, moved)
        _prove(matter, new, expected, edit, spaced=habits.spaced)
    except RefusedError as error:
        return Refused(error.kind, 1 + text.count("\n", 0, matter.start + error.place), error.detail)
    return Edited(new, splices)


def check_place(raw: RawText, text: str, matter: FrontMatter) -> None:
    """Raise RefusedError where no front matter is, or where generators do not agree on its end."""
    if not matter.language:
        raise RefusedError("no_front_matter")
    if (place := raw.lone_cr) is not None:
        raise RefusedError("lone_cr", place - matter.start)
    if text.startswith("...", matter.start + len(matter.source)):
        raise RefusedError("dots", len(matter.source))


def _edit_source(matter: FrontMatter, tags: Field | None, changes: TagChanges, habits: Habits) -> _Edit:
    source, language = matter.source, LANGUAGES[matter.language]
    try:
        root = language.read(source)
    except (yaml.YAMLError, ValueError):
        raise RefusedError("layout") from None
    if tags is None:
        added = _plan((), changes).added
        splices = add_key(source, matter.language, root, habits.form, added)
        return _Edit(splices, habits.form.path, _as_value(added, matter.language, habits.form), added)
    member, value = follow(root, tags.path), _look_up(matter.values, tags.path)
    if not value and not isinstance(value, list):
        added = _plan((), changes).added
        splices = fill_key(source, matter.language, member, habits.form, added)
        return _Edit(splices, tags.path, _as_value(added, matter.language, habits.form), added)
    if isinstance(value, list) and member.value.kind == "list":
        return _edit_items(source, tags.path, member, value, changes, language.write)
    if member.value.kind == "scalar" and isinstance(value, str | list):
        return _edit_parts(matter, tags.path, member, changes, habits)
    raise RefusedError("mapping" if isinstance(value, dict) else "layout", member.value.start)


def _edit_items(
    source: str, path: tuple[str, ...], member: Member, values: list[object], changes: TagChanges, write: Write
) -> _Edit:
    if len(member.value.items) != len(values):
        raise RefusedError("layout", member.value.start)
    tags = ["".join(clean_tags([value])[:1]) for value in values]
    plan = _plan(tags, changes)
    splices = edit_list(source, member, tags, plan, write)
    named = zip(values, tags, plan.names, strict=True)
    kept = [value if name == tag else name for value, tag, name in named if name is not None]
    return _Edit(splices, path, [*kept, *plan.added], plan.all_names)


def _edit_parts(
    matter: FrontMatter, path: tuple[str, ...], member: Member, changes: TagChanges, habits: Habits
) -> _Edit:
    is_metadata, several = matter.language == "metadata", isinstance(_look_up(matter.values, path), list)
    spaced = habits.spaced and path[-1] in SPACED and len(path) == 1
    separator = separators(member.value.text, spaced=spaced, semicolons=several)
    parts = parts_of(member.value.text, separator)
    plan = _plan([part.text for part in parts], changes)
    if plan.added and not (is_metadata or habits.form.layout == "string"):
        raise RefusedError("string", member.value.start)
    write = LANGUAGES[matter.language].write
    splices, text = edit_string(matter.source, member.value, parts, plan, separator, write)
    wanted: list[object] = list(text.split(";"))
    return _Edit(splices, path, wanted if several and len(wanted) > 1 else text, plan.all_names)


def _plan(tags: Sequence[str], changes: TagChanges) -> Plan:
    """Plan the changes; raises RefusedError for a new name that cannot be written."""
    plan = plan_changes(tags, changes)
    for name in (*(name for name, tag in zip(plan.names, tags, strict=True) if name and name != tag), *plan.added):
        check_name(name)
    return plan


def _as_value(tags: Sequence[str], language: str, form: Form) -> str | list[object]:
    """The value of a key that is given these tags."""
    is_string = language == "metadata" or (language == "YAML" and form.layout == "string")
    return ", ".join(tags) if is_string else list(tags)


def _look_up(values: Mapping[str, object], path: Sequence[str]) -> object:
    value: object = values
    for name in path:
        value = value.get(name) if isinstance(value, Mapping) else None
    return value


def _prove(before: FrontMatter, data: bytes, text: str, edit: _Edit, *, spaced: bool) -> None:
    """Raise RefusedError unless the bytes have the text, and the text is read as what is wanted.

    Raises LimitError where that is more than posts may have.
    """
    value = with_spaced_tags({edit.path[0]: edit.wanted}) if spaced and len(edit.path) == 1 else {}
    proved = clean_tags(value.get(edit.path[0], edit.wanted)) == clean_tags(list(edit.tags))
    try:
        proved = proved and decode(data, "") == text
        proved = proved and proves(before, split_front_matter(text, ""), edit.path, edit.wanted)
    except ParseError:
        proved = False
    if not proved:
        raise RefusedError("unproven", edit.splices[0].start if edit.splices else 0)
