"""Renaming keys of a post's front matter: no more bytes than those of the keys, or none at all."""

from __future__ import annotations

import re
from collections.abc import Mapping

import yaml

from transforms.editing.edit import LANGUAGES, Edited, Language, Refused, check_place
from transforms.editing.proof import keeps
from transforms.editing.raw import BytesSplice, RawText, spliced_bytes
from transforms.editing.scalars import check_name
from transforms.editing.written import RefusedError, Splice, Written, spliced
from transforms.reading.errors import ParseError
from transforms.reading.files import decode
from transforms.reading.front_matter import FrontMatter, split_front_matter

_BARE = re.compile(r"[A-Za-z0-9_-]+")


def rename_keys(data: bytes, names: Mapping[str, str]) -> Edited | Refused | None:
    """Rename keys of a post, given as the bytes of its file; None where it has none of them.

    The result is proved: it is read again, and has all values under their keys as before, and all other bytes. What
    cannot be proved is refused, and so is a name that the post has already.
    """
    try:
        text = decode(data, "")
        matter = split_front_matter(text, "")
    except ParseError as error:
        return Refused("unreadable", error.line, error.reason)
    except RecursionError:
        return Refused("unreadable", None, "nested too deeply")
    wanted = {old: new for old, new in names.items() if old in matter.values and old != new}
    if not wanted:
        return None
    try:
        raw = RawText(data, text, matter.start + len(matter.source))
        check_place(raw, text, matter)
        moved = [
            splice._replace(start=matter.start + splice.start, end=matter.start + splice.end)
            for splice in _rename(matter, wanted)
        ]
        splices = tuple(map(raw.to_bytes, moved))
        new = spliced_bytes(data, splices)
    except RefusedError as error:
        return Refused(error.kind, 1 + text.count("\n", 0, matter.start + error.place), error.detail)
    if _proves(matter, new, spliced(text, moved), wanted):
        return Edited(new, splices)
    return Refused("field", 1 + text.count("\n", 0, moved[0].start), next(iter(wanted)))


def join_edits(data: bytes, first: Edited, second: Edited) -> Edited:
    """Make one edit of two that touch other places, the second of what the first makes of the bytes.

    Raises ValueError where they touch the same.
    """
    splices = list(first.splices)
    for splice in second.splices:
        shift = 0
        for start, end, new in first.splices:
            if start + shift < splice.start:
                shift += len(new) - (end - start)
        splices.append(BytesSplice(splice.start - shift, splice.end - shift, splice.new))
    splices.sort()
    if spliced_bytes(data, splices) != second.data:
        raise ValueError("two edits of one place")
    return Edited(second.data, tuple(splices))


def _rename(matter: FrontMatter, names: Mapping[str, str]) -> list[Splice]:
    language = LANGUAGES[matter.language]
    try:
        root = language.read(matter.source)
    except (yaml.YAMLError, ValueError):
        raise RefusedError("field", detail=next(iter(names))) from None
    splices = []
    for old, new in names.items():
        same = [member.key for member in root.members if member.key.text == old] if root else []
        if not same:
            raise RefusedError("field", root.start if root else 0, old)
        key = same[0]
        check_name(new)
        if len(same) > 1 or new in matter.values:
            raise RefusedError("duplicate_key", key.start, old if len(same) > 1 else new)
        if key.obstacle:
            raise RefusedError("field", key.start, old)
        splices.append(Splice(key.start, key.end, _write(matter, language, key, new)))
    return sorted(splices)


def _write(matter: FrontMatter, language: Language, key: Written, new: str) -> str:
    """Write a key as the old one is written."""
    if matter.language == "TOML" and not key.quote and _BARE.fullmatch(new):
        return new
    if matter.language == "metadata" and matter.source[key.start : key.end].istitle():
        return new.capitalize()
    return language.write(new, key.quote)


def _proves(before: FrontMatter, data: bytes, text: str, names: Mapping[str, str]) -> bool:
    """Tell whether the bytes have the text, and the text has the values under their new names."""
    wanted = {names.get(key, key): value for key, value in before.values.items()}
    try:
        return decode(data, "") == text and keeps(before, split_front_matter(text, ""), wanted)
    except ParseError:
        return False
