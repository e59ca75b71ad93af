r"""A file of data for a site's templates: which posts belong next to which, each by the name that its generator has.

The file is JSON that parsers of YAML, as Jekyll's, read to the same values. These take no raw U+007F, fold lines at
U+0085, U+2028 and U+2029, stop at escaped surrogates as in "\ud83d\ude00", and look for the end of a key in 1,024
characters.
"""

from __future__ import annotations

import json
import re
from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from transforms.output.exported_run import ExportedPost, ExportedRun
from transforms.results import RelatedArticle

VERSION = 1
MAX_KEY = 1000
"""A key has fewer characters, as written."""
BEGINNING = b'{"version": '
"""How the file of any version begins."""

_ESCAPED = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_encode = json.JSONEncoder(ensure_ascii=False, allow_nan=False).encode

Keys = Mapping[str, str]
"""What the generator calls each post, by its id."""


def is_key(key: str) -> bool:
    """Tell whether a post may be called so: templates could ask for no other name."""
    return not _SURROGATE.search(key) and len(json_text(key)) < MAX_KEY


def site_data(run: ExportedRun, keys: Keys) -> bytes:
    """Lay out the posts that have keys, a line each, sorted by key; of a post's related ones those that have keys."""
    posts = dict(sorted((keys[id_], post) for id_, post in run.posts.items() if id_ in keys))
    parts = [f'"version": {VERSION}', _object("related", posts, lambda post: _known(post.related, keys))]
    if "themes" in run.extras:
        parts.append(_object("theme", posts, lambda post: post.theme))
        rows = [{"number": theme.number, "name": theme.name, "posts": theme.size} for theme in run.themes]
        parts.append(_lines("themes", "[", (json_text(row) for row in rows), "]"))
    if "tags" in run.extras:
        parts.append(_object("tags", posts, lambda post: list(post.tags) or None))
    if "why" in run.extras:
        parts.append(_object("why", posts, lambda post: list(_reasons(post, run, keys)) or None))
    if "translations" in run.extras:
        parts.append(_object("translations", posts, lambda post: _translations(post, keys) or None))
    if "new" in run.extras:
        parts.append(_object("new", posts, lambda post: keys.get(post.newest or "")))
    if "next" in run.extras:
        parts.append(_object("next", posts, lambda post: [post.readable, b64encode(post.vector).decode()]))
    if "also_read" in run.extras:
        parts.append(_object("also_read", posts, lambda post: _known(post.also_read, keys) or None))
    return ("{" + ",\n".join(parts) + "}\n").encode()


def json_text(value: Any) -> str:
    """Write a value as JSON in one line that YAML reads alike; U+FFFD stands for half a surrogate pair."""
    text = _SURROGATE.sub("\ufffd", _encode(value))
    return _ESCAPED.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def _object(name: str, posts: Mapping[str, ExportedPost], value_of: Callable[[ExportedPost], Any]) -> str:
    """Lay out a value for each post that has one."""
    values = ((key, value_of(post)) for key, post in posts.items())
    lines = (f"{json_text(key)}: {json_text(value)}" for key, value in values if value is not None)
    return _lines(name, "{", lines, "}")


def _lines(name: str, opening: str, lines: Iterator[str], closing: str) -> str:
    inside = ",\n".join(lines)
    return f'"{name}": {opening}\n{inside}\n{closing}' if inside else f'"{name}": {opening}{closing}'


def _known(ids: tuple[str, ...], keys: Keys) -> list[str]:
    return [keys[id_] for id_ in ids if id_ in keys]


def _translations(post: ExportedPost, keys: Keys) -> dict[str, str]:
    return {other.language: keys[other.id] for other in post.translations if other.id in keys}


def _reasons(post: ExportedPost, run: ExportedRun, keys: Keys) -> Iterator[dict[str, Any]]:
    """Say why each related post is one, in the order of the related posts."""
    for other in post.reasons:
        if other.id in keys:
            named = run.posts[other.id]
            yield {"key": keys[other.id], "title": named.title, "url": named.url, **_reason(other)}


def _reason(related: RelatedArticle) -> dict[str, Any]:
    why = related.why
    return {
        "score": related.score,
        "confidence": related.confidence,
        "why": {
            "counted": list(why.counted),
            "shared_tags": list(why.shared_tags),
            "shared_words": list(why.shared_words),
        },
    }
